// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Signatures} from "../trust/Signatures.sol";

import {ConsentSlot, ConsentSlots} from "./ConsentSlot.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";
import {Objections} from "./Objections.sol";
import {PatientSlot} from "./PatientSlot.sol";

/// @title Consents
/// @notice Keeps what patients allow, and tells whether it covers an access.
abstract contract Consents is Objections {
    // CONSTANTS

    bytes32 private constant _GRANT = keccak256(
        "ConsentGrant(address patient,uint32 grantee,bytes32 scope,uint32 purposes,uint40 from,uint40 until,uint24 uses,"
        "uint32 version,uint256 deadline)"
    );
    bytes32 private constant _REVOCATION = keccak256(
        "ConsentRevocation(address patient,uint32 grantee,bytes32 scope,uint32 version,uint256 deadline)"
    );

    // STORAGE

    mapping(bytes32 id => ConsentSlot) private _consents;
    /// @dev Read where the slot says that a guardian granted; stale elsewhere.
    mapping(bytes32 id => address guardian) private _guardians;

    // GRANT

    /// @inheritdoc IConsentRegistry
    function grant(Grant calldata given) external whileOpen {
        address patient = _msgSender();
        bytes32 id = _idOf(patient, given.grantee, given.scope);
        _grant(id, patient, given, _consents[id].version(), By.PATIENT, patient);
    }

    /// @inheritdoc IConsentRegistry
    function grantBySignature(
        address patient,
        Grant calldata given,
        uint32 version,
        uint256 deadline,
        bytes calldata signature
    ) external whileOpen {
        bytes32 id = _idAtVersion(patient, given, version);
        Signatures.requireValid(patient, _hashGrant(patient, given, version, deadline), signature, deadline);
        _grant(id, patient, given, version, By.SIGNATURE, patient);
    }

    /// @inheritdoc IConsentRegistry
    function grantAsGuardian(address patient, Grant calldata given) external whileOpen {
        (address guardian, uint40 until) = _requireGuardian(patient);
        require(given.until <= until, ConsentOutlastsGuardian(given.until, until));
        bytes32 id = _idOf(patient, given.grantee, given.scope);
        _guardians[id] = guardian;
        _grant(id, patient, given, _consents[id].version(), By.GUARDIAN, guardian);
    }

    /// @inheritdoc IConsentRegistry
    function grantByDelegates(
        address patient,
        Grant calldata given,
        uint32 version,
        uint256 deadline,
        Delegates calldata delegates,
        Approval[] calldata approvals
    ) external whileOpen {
        bytes32 id = _idAtVersion(patient, given, version);
        bytes32 digest = _hashGrant(patient, given, version, deadline);
        _requireApprovals(patient, delegates, approvals, digest, deadline);
        _grant(id, patient, given, version, By.DELEGATES, address(0));
    }

    // REVOKE

    /// @inheritdoc IConsentRegistry
    function revoke(uint32 grantee, bytes32 scope) external {
        address patient = _msgSender();
        _revokeNow(patient, grantee, scope, By.PATIENT, patient);
    }

    /// @inheritdoc IConsentRegistry
    function revokeBySignature(
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint32 version,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 digest = _hashRevocation(patient, grantee, scope, version, deadline);
        Signatures.requireValid(patient, digest, signature, deadline);
        _revokeUpTo(version, patient, grantee, scope, By.SIGNATURE, patient);
    }

    /// @inheritdoc IConsentRegistry
    function revokeAsGuardian(address patient, uint32 grantee, bytes32 scope) external {
        (address guardian, ) = _requireGuardian(patient);
        _revokeNow(patient, grantee, scope, By.GUARDIAN, guardian);
    }

    /// @inheritdoc IConsentRegistry
    function revokeByDelegates(
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint32 version,
        uint256 deadline,
        Delegates calldata delegates,
        Approval[] calldata approvals
    ) external {
        bytes32 digest = _hashRevocation(patient, grantee, scope, version, deadline);
        _requireApprovals(patient, delegates, approvals, digest, deadline);
        _revokeUpTo(version, patient, grantee, scope, By.DELEGATES, address(0));
    }

    // VIEWS

    /// @inheritdoc IConsentRegistry
    function statusOf(
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint8 purpose
    ) external view returns (Status status) {
        (, , status) = _look(patient, grantee, scope, purpose, _patients[patient]);
    }

    /// @inheritdoc IConsentRegistry
    function requireConsent(address patient, uint32 grantee, bytes32 scope, uint8 purpose) external view {
        _requireConsent(patient, grantee, scope, purpose, _patients[patient]);
    }

    /// @inheritdoc IConsentRegistry
    function consentOf(address patient, uint32 grantee, bytes32 scope) external view returns (Consent memory) {
        bytes32 id = _idOf(patient, grantee, scope);
        ConsentSlot slot = _consents[id];
        bool hangs = slot.by() == By.GUARDIAN && slot.state() != State.REVOKED;
        return slot.unpack(hangs ? _guardians[id] : address(0));
    }

    // INTERNAL: FOR THE LOG

    /// @dev Takes a use of a consent that is in force for the purpose, and tells the consent's version.
    function _useConsent(
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint8 purpose,
        PatientSlot ofPatient
    ) internal returns (uint32 version) {
        (bytes32 id, ConsentSlot slot) = _requireConsent(patient, grantee, scope, purpose, ofPatient);
        if (slot.uses() != 0) _consents[id] = slot.used();
        version = slot.version();
    }

    // INTERNAL: WRITES

    function _grant(bytes32 id, address patient, Grant calldata given, uint32 version, By by, address actor) private {
        (uint32 grantee, uint32 purposes, uint40 from, uint40 until) = (
            given.grantee,
            given.purposes,
            given.from,
            given.until
        );
        require(grantee != 0, ConsentGranteeMissing(patient));
        require(purposes != 0, ConsentPurposesMissing(patient, grantee));
        // A consent has a period that it was given; nobody gains by moving a block's time within its tolerance.
        // slither-disable-next-line timestamp
        bool sound = from < until && block.timestamp < until;
        require(sound, ConsentPeriodInvalid(from, until, uint40(block.timestamp)));

        ++version;
        _consents[id] = ConsentSlots.granted(given, block.timestamp, version, by);
        emit ConsentGranted(patient, grantee, given.scope, purposes, from, until, given.uses, version, actor);
    }

    function _revokeNow(address patient, uint32 grantee, bytes32 scope, By by, address actor) private {
        bytes32 id = _idOf(patient, grantee, scope);
        ConsentSlot slot = _consents[id];
        _revoke(id, slot, slot.version(), patient, grantee, scope, by, actor);
    }

    /// @dev The next version counts too: it is that of a grant which was signed for the present one.
    function _revokeUpTo(uint32 version, address patient, uint32 grantee, bytes32 scope, By by, address actor) private {
        bytes32 id = _idOf(patient, grantee, scope);
        ConsentSlot slot = _consents[id];
        uint32 current = slot.version();
        require(version == current || version == current + 1, ConsentVersionMismatch(version, current));
        _revoke(id, slot, version, patient, grantee, scope, by, actor);
    }

    function _revoke(
        bytes32 id,
        ConsentSlot slot,
        uint32 version,
        address patient,
        uint32 grantee,
        bytes32 scope,
        By by,
        address actor
    ) private {
        ++version;
        _consents[id] = slot.revoked(block.timestamp, version, by);
        emit ConsentRevoked(patient, grantee, scope, version, actor);
    }

    // INTERNAL: RULES

    function _idAtVersion(address patient, Grant calldata given, uint32 version) private view returns (bytes32 id) {
        id = _idOf(patient, given.grantee, given.scope);
        uint32 current = _consents[id].version();
        require(version == current, ConsentVersionMismatch(version, current));
    }

    function _requireConsent(
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint8 purpose,
        PatientSlot ofPatient
    ) private view returns (bytes32 id, ConsentSlot slot) {
        Status status;
        (id, slot, status) = _look(patient, grantee, scope, purpose, ofPatient);
        if (status != Status.IN_FORCE) revert ConsentNotInForce(patient, grantee, scope, purpose, status);
    }

    function _look(
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint8 purpose,
        PatientSlot ofPatient
    ) private view returns (bytes32 id, ConsentSlot slot, Status status) {
        id = _idOf(patient, grantee, scope);
        slot = _consents[id];
        status = _ownStatus(slot, purpose);
        if (status != Status.IN_FORCE) return (id, slot, status);
        if (slot.by() == By.GUARDIAN && !_isGuardian(patient, _guardians[id])) status = Status.GUARDIAN_LAPSED;
        else if (ofPatient.bars(purpose)) status = Status.OBJECTED;
    }

    /// @dev What the slot alone tells.
    function _ownStatus(ConsentSlot slot, uint8 purpose) private view returns (Status) {
        State state = slot.state();
        if (state == State.NONE) return Status.NONE;
        if (state == State.REVOKED) return Status.REVOKED;
        if (state == State.USED_UP) return Status.USED_UP;
        if (block.timestamp < slot.from()) return Status.PENDING;
        if (block.timestamp >= slot.until()) return Status.EXPIRED;
        return slot.names(purpose) ? Status.IN_FORCE : Status.PURPOSE_NOT_GRANTED;
    }

    // INTERNAL: HASHES

    function _idOf(address patient, uint32 grantee, bytes32 scope) private pure returns (bytes32) {
        return keccak256(abi.encode(patient, grantee, scope));
    }

    function _hashGrant(
        address patient,
        Grant calldata given,
        uint32 version,
        uint256 deadline
    ) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_GRANT, patient, given, version, deadline)));
    }

    function _hashRevocation(
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint32 version,
        uint256 deadline
    ) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(_REVOCATION, patient, grantee, scope, version, deadline)));
    }
}
