// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Every access to a patient's data: who, when, why, under which consent.
/// @dev Single accesses are hash-linked per patient, so that none can be left out of the patient's list: each one that
/// is logged makes `head = uint224(uint256(keccak256(abi.encode(head, recipient, key, purpose, basis, version, time,
/// commitment))))` of the head before (uint224, 0 at first), the event's fields (`uint32 recipient`, `uint32 key`, `uint8
/// purpose`, `bytes32 basis`, `uint32 version`, `bytes32 commitment`) and the block's time (uint40). Batches go to one
/// RFC 9162 log a recipient, whose id is the recipient's body. The council's stop holds none of it: an access that was
/// made must stay recordable.
interface IAccessLog {
    /// @notice A patient's data was accessed.
    /// @param patient whose data it is
    /// @param recipient the body that accessed it
    /// @param key the number of the key that logged it, within the body
    /// @param purpose number of the purpose of use
    /// @param basis what allowed it: the consent's scope, or the use of the break-glass where the purpose is 1 (ETREAT)
    /// and the version 0, which no consent has
    /// @param version the consent's version; 0 for the break-glass
    /// @param commitment salted hash of what was accessed
    event AccessLogged(
        address indexed patient,
        uint32 indexed recipient,
        uint32 key,
        uint8 purpose,
        bytes32 basis,
        uint32 version,
        bytes32 commitment
    );

    /// @notice A recipient logged a batch of accesses; the entries are in the log's own event.
    /// @param recipient the body that accessed the data
    /// @param key the number of the key that logged it, within the body
    /// @param firstIndex index of the first entry in the recipient's log
    /// @param count how many entries there are
    event AccessesLogged(uint32 indexed recipient, uint32 key, uint64 firstIndex, uint256 count);

    /// @notice Logs an access under a consent that is in force for it, and takes one of its uses; a recipient's key.
    /// @param patient whose data it is
    /// @param scope what data, exactly as it was granted
    /// @param purpose number of the purpose of use
    /// @param commitment salted hash of what was accessed
    function logAccess(address patient, bytes32 scope, uint8 purpose, bytes32 commitment) external;

    /// @notice Logs an access in an emergency, under an open use of the break-glass; an emergency-care key of its body.
    /// @param patient whose data it is
    /// @param openedAt when the glass was broken
    /// @param commitment salted hash of what was accessed
    function logEmergencyAccess(address patient, uint40 openedAt, bytes32 commitment) external;

    /// @notice Logs many accesses at once in the recipient's log; a recipient's key.
    /// @dev Whether a consent covered each of them its patient's client checks.
    /// @param entries salted hashes of who accessed what, whose, when and why
    function logAccesses(bytes32[] calldata entries) external;

    /// @notice The head of a patient's chain of accesses.
    /// @param patient whose data it is
    /// @return the head; 0 before the first access
    function accessHeadOf(address patient) external view returns (uint224);

    /// @notice A recipient's log of batches: its size and RFC 9162 root.
    /// @param body the recipient
    /// @return size number of entries
    /// @return root Merkle tree hash
    function accessCheckpoint(uint32 body) external view returns (uint64 size, bytes32 root);
}
