// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The council: k of n members decide, an AccessManager delays and carries out.
/// @dev The AccessManager is OpenZeppelin's, unmodified, and a council holds its admin role with a delay. Recovery is
/// a second council that may do one thing, replace the first's members, after a longer delay in which the first can
/// cancel it.
interface ICouncil {
    /// @notice The members or the threshold changed.
    /// @param members all members now
    /// @param threshold how many must approve
    event MembersChanged(address[] members, uint256 threshold);

    /// @notice A member approved an operation.
    /// @param id the operation
    /// @param member who approved
    /// @param target the contract to call
    /// @param data the call
    /// @param salt what tells apart two operations of the same call
    event OperationApproved(bytes32 indexed id, address indexed member, address target, bytes data, bytes32 salt);

    /// @notice A member took an approval back.
    /// @param id the operation
    /// @param member whose approval it was
    event ApprovalWithdrawn(bytes32 indexed id, address indexed member);

    /// @notice An operation with enough approvals started its delay.
    /// @param id the operation
    /// @param executableAt when it can be carried out, in Unix seconds
    event OperationScheduled(bytes32 indexed id, uint48 executableAt);

    /// @notice An operation was carried out.
    /// @param id the operation
    event OperationExecuted(bytes32 indexed id);

    /// @notice The caller is not a member.
    /// @param caller who called
    error NotMember(address caller);

    /// @notice The members must be 1 to 32 distinct accounts, none zero, in ascending order.
    /// @param members as given
    error MembersInvalid(address[] members);

    /// @notice The threshold must be at least a majority and at most the number of members.
    /// @param threshold as given
    /// @param members how many there are
    error ThresholdInvalid(uint256 threshold, uint256 members);

    /// @notice The member approved this operation already.
    /// @param id the operation
    /// @param member the member
    error AlreadyApproved(bytes32 id, address member);

    /// @notice The member has no approval of this operation to take back.
    /// @param id the operation
    /// @param member the member
    error NotApproved(bytes32 id, address member);

    /// @notice Too few of today's members approve.
    /// @param id the operation
    /// @param approvals how many do
    /// @param threshold how many must
    error TooFewApprovals(bytes32 id, uint256 approvals, uint256 threshold);

    /// @notice The operation was carried out before; another salt makes another operation.
    /// @param id the operation
    error AlreadyExecuted(bytes32 id);

    /// @notice The call is scheduled for another operation, which has to be cancelled first.
    /// @param id the operation to carry out
    /// @param other the operation that started the delay
    error DelayOfAnotherOperation(bytes32 id, bytes32 other);

    /// @notice Replaces the members and the threshold; the council itself only, through its AccessManager.
    /// @param members 1 to 32 distinct accounts in ascending order
    /// @param threshold how many must approve, at least a majority
    function setMembers(address[] calldata members, uint256 threshold) external;

    /// @notice Approves an operation; a member.
    /// @param target the contract to call
    /// @param data the call
    /// @param salt what tells apart two operations of the same call
    /// @return id the operation
    function approve(address target, bytes calldata data, bytes32 salt) external returns (bytes32 id);

    /// @notice Takes an approval back; whoever gave it, member still or not. What was carried out stays so.
    /// @dev A delay that has started runs on; carrying out needs enough approvals again.
    /// @param id the operation
    function withdrawApproval(bytes32 id) external;

    /// @notice Starts the delay of an operation that has enough approvals; a member.
    /// @param target the contract to call
    /// @param data the call
    /// @param salt what tells apart two operations of the same call
    function schedule(address target, bytes calldata data, bytes32 salt) external;

    /// @notice Carries out an operation that still has enough approvals and whose delay has passed; a member.
    /// @dev A call to the AccessManager itself (a role, a delay, a cancellation) is made directly.
    /// @param target the contract to call
    /// @param data the call
    /// @param salt what tells apart two operations of the same call
    function execute(address target, bytes calldata data, bytes32 salt) external;

    /// @notice The members in ascending order, and how many must approve.
    /// @return members all members
    /// @return threshold how many must approve
    function council() external view returns (address[] memory members, uint256 threshold);

    /// @notice How many of today's members approve an operation.
    /// @param id the operation
    /// @return the number
    function approvals(bytes32 id) external view returns (uint256);

    /// @notice The id of an operation.
    /// @param target the contract to call
    /// @param data the call
    /// @param salt what tells apart two operations of the same call
    /// @return the id
    function operationId(address target, bytes calldata data, bytes32 salt) external pure returns (bytes32);
}
