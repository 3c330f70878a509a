// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Delegates whom a patient trusts to grant and revoke consents: k of n of them, until a time.
/// @dev The chain keeps a commitment only: nobody sees who the delegates are until they act. All times are Unix seconds.
interface IDelegation {
    /// @notice Who may act for a patient. Its commitment is `keccak256(abi.encode(delegates))`.
    /// @param members the delegates' accounts, ascending
    /// @param threshold how many must sign; 0 counts as 1
    /// @param until first second at which they no longer may
    /// @param salt keeps the list from being guessed
    struct Delegates {
        address[] members;
        uint8 threshold;
        uint40 until;
        bytes32 salt;
    }

    /// @notice A delegate's signature under a grant or a revocation.
    /// @param delegate who signed
    /// @param signature of a key or an ERC-1271 wallet
    struct Approval {
        address delegate;
        bytes signature;
    }

    /// @notice A patient's delegates changed.
    /// @param patient whose delegates they are
    /// @param commitment of the delegates; zero for none
    event DelegatesSet(address indexed patient, bytes32 commitment);

    /// @notice The patient has no such delegates: the list is not the one committed to.
    /// @param patient whose delegates they are said to be
    /// @param commitment of the list given
    error DelegatesMismatch(address patient, bytes32 commitment);

    /// @notice The delegates' term is over.
    /// @param patient whose delegates they were
    /// @param until first second at which they no longer could act, in Unix seconds
    error DelegatesLapsed(address patient, uint40 until);

    /// @notice The account is not in the list of delegates, or is out of order: approvals ascend, each delegate once.
    /// @param patient whose delegates they are
    /// @param account the account given
    error NotDelegate(address patient, address account);

    /// @notice Fewer delegates signed than must.
    /// @param patient whose delegates they are
    /// @param approvals how many signed
    /// @param threshold how many must
    error TooFewDelegates(address patient, uint256 approvals, uint256 threshold);

    /// @notice Commits to delegates, in the place of any others; the patient.
    /// @dev The council's stop holds what names delegates, not what dismisses them. Uses up the patient's nonce.
    /// @param commitment of the delegates; zero for none
    function setDelegates(bytes32 commitment) external;

    /// @notice Commits to delegates by the patient's signature, that anyone may carry.
    /// @dev EIP-712 `ConsentDelegation(address patient,bytes32 commitment,uint256 nonce,uint256 deadline)`, or ERC-1271.
    /// @param patient whose delegates they are
    /// @param commitment of the delegates; zero for none
    /// @param nonce the patient's, as `nonces` tells it
    /// @param deadline last second at which the signature counts
    /// @param signature the patient's
    function setDelegatesBySignature(
        address patient,
        bytes32 commitment,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice The commitment of a patient's delegates.
    /// @param patient whose delegates are asked about
    /// @return the commitment; zero for none
    function delegatesOf(address patient) external view returns (bytes32);
}
