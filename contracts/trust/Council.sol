// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";

import {ICouncil} from "./ICouncil.sol";
import {Sender} from "./Sender.sol";

/// @title Council
/// @notice k of n members approve an operation; the AccessManager delays it and carries it out.
/// @dev Approvals are counted over today's members each time, so those of a former member count no more. Whoever becomes
/// a member again should first look at what they once approved: it counts again.
contract Council is ICouncil, AccessManaged, Sender {
    uint256 private constant _MOST_MEMBERS = 32;

    address[] private _members;
    uint256 private _threshold;
    mapping(address account => bool) private _isMember;
    mapping(bytes32 id => mapping(address member => bool)) private _approvals;
    mapping(bytes32 id => bool) private _executed;
    /// @dev By the AccessManager's id of a call: which operation started its delay.
    mapping(bytes32 call => bytes32 id) private _scheduledFor;

    /// @param manager the AccessManager
    /// @param members 1 to 32 distinct accounts in ascending order
    /// @param threshold how many must approve, at least a majority
    /// @param relays the relays to trust
    constructor(
        address manager,
        address[] memory members,
        uint256 threshold,
        Relays memory relays
    ) AccessManaged(manager) Sender(relays) {
        _setMembers(members, threshold);
    }

    modifier onlyMember() {
        require(_isMember[_msgSender()], NotMember(_msgSender()));
        _;
    }

    /// @inheritdoc ICouncil
    function setMembers(address[] calldata members, uint256 threshold) external restricted {
        _setMembers(members, threshold);
    }

    /// @inheritdoc ICouncil
    function approve(address target, bytes calldata data, bytes32 salt) external onlyMember returns (bytes32 id) {
        id = operationId(target, data, salt);
        require(!_executed[id], AlreadyExecuted(id));
        require(!_approvals[id][_msgSender()], AlreadyApproved(id, _msgSender()));
        _approvals[id][_msgSender()] = true;
        emit OperationApproved(id, _msgSender(), target, data, salt);
    }

    /// @inheritdoc ICouncil
    function withdrawApproval(bytes32 id) external {
        require(_approvals[id][_msgSender()], NotApproved(id, _msgSender()));
        _approvals[id][_msgSender()] = false;
        emit ApprovalWithdrawn(id, _msgSender());
    }

    /// @inheritdoc ICouncil
    function schedule(address target, bytes calldata data, bytes32 salt) external onlyMember {
        bytes32 id = _requireApproved(target, data, salt);
        IAccessManager manager = IAccessManager(authority());
        // The nonce is in the manager's own event.
        // slither-disable-next-line unused-return
        (bytes32 scheduled, ) = manager.schedule(target, data, 0);
        _scheduledFor[scheduled] = id;
        emit OperationScheduled(id, manager.getSchedule(scheduled));
    }

    /// @inheritdoc ICouncil
    function execute(address target, bytes calldata data, bytes32 salt) external onlyMember {
        bytes32 id = _requireApproved(target, data, salt);
        _requireOwnDelay(id, target, data);
        _executed[id] = true;
        emit OperationExecuted(id);
        // What a decided call returns is of no use to whoever carries it out; a failure reverts.
        // slither-disable-start unused-return
        if (target == authority()) Address.functionCall(target, data);
        else IAccessManager(authority()).execute(target, data);
        // slither-disable-end unused-return
    }

    /// @inheritdoc ICouncil
    function council() external view returns (address[] memory members, uint256 threshold) {
        return (_members, _threshold);
    }

    /// @inheritdoc ICouncil
    function approvals(bytes32 id) public view returns (uint256 count) {
        // At most 32, set by the council itself.
        for (uint256 i = 0; i < _members.length; ++i) if (_approvals[id][_members[i]]) ++count;
    }

    /// @inheritdoc ICouncil
    function operationId(address target, bytes calldata data, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(target, data, salt));
    }

    function _requireApproved(address target, bytes calldata data, bytes32 salt) private view returns (bytes32 id) {
        id = operationId(target, data, salt);
        require(!_executed[id], AlreadyExecuted(id));
        uint256 count = approvals(id);
        require(count >= _threshold, TooFewApprovals(id, count, _threshold));
    }

    /// @dev A delay that another operation of the same call waited for, and gave up, does not serve this one.
    function _requireOwnDelay(bytes32 id, address target, bytes calldata data) private view {
        IAccessManager manager = IAccessManager(authority());
        bytes32 scheduled = manager.hashOperation(address(this), target, data);
        if (manager.getSchedule(scheduled) == 0) return;
        bytes32 other = _scheduledFor[scheduled];
        require(other == id, DelayOfAnotherOperation(id, other));
    }

    function _setMembers(address[] memory members, uint256 threshold) private {
        require(members.length != 0 && members.length <= _MOST_MEMBERS, MembersInvalid(members));
        require(
            threshold <= members.length && 2 * threshold > members.length,
            ThresholdInvalid(threshold, members.length)
        );
        for (uint256 i = 0; i < _members.length; ++i) _isMember[_members[i]] = false;
        address previous = address(0);
        for (uint256 i = 0; i < members.length; ++i) {
            require(previous < members[i], MembersInvalid(members));
            previous = members[i];
            _isMember[previous] = true;
        }
        (_members, _threshold) = (members, threshold);
        emit MembersChanged(members, threshold);
    }

    function _msgSender() internal view override(Context, Sender) returns (address) {
        return Sender._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
