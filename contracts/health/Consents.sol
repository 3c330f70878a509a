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

    // GRANT

    /// @inheritdoc IConsentRegistry
    function grant(Grant calldata given) external whileOpen {
        address patient = _msgSender();
        Entry storage entry = _entryOf(patient, given);
        _grant(entry, patient, given, entry.slot.version(), By.PATIENT, patient);
    }

    /// @inheritdoc IConsentRegistry
    function grantBySignature(
        address patient,
        Grant calldata given,
        uint32 version,
        uint256 deadline,
        bytes calldata signature
    ) external whileOpen {
        Entry storage entry = _entryAt(version, patient, given);
        Signatures.requireValid(patient, _hashGrant(patient, given, version, deadline), signature, deadline);
        _grant(entry, patient, given, version, By.SIGNATURE, patient);
    }

    /// @inheritdoc IConsentRegistry
    function grantAsGuardian(address patient, Grant calldata given) external whileOpen {
        (address guardian, uint40 until) = _requireGuardian(patient);
        require(given.until <= until, ConsentOutlastsGuardian(given.until, until));
        Entry storage entry = _entryOf(patient, given);
        _grant(entry, patient, given, entry.slot.version(), By.GUARDIAN, guardian);
        (entry.slot, entry.guardian) = (entry.slot.hung(), guardian);
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
        Entry storage entry = _entryAt(version, patient, given);
        bytes32 digest = _hashGrant(patient, given, version, deadline);
        _requireApprovals(patient, delegates, approvals, digest, deadline);
        _grant(entry, patient, given, version, By.DELEGATES, address(0));
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
    function statusOf(address patient, uint32 grantee, bytes32 scope, uint8 purpose) external view returns (Status) {
        Patient storage kept = _patients[patient];
        return _statusOf(kept.consents[grantee][scope], patient, purpose, kept.slot);
    }

    /// @inheritdoc IConsentRegistry
    function requireConsent(address patient, uint32 grantee, bytes32 scope, uint8 purpose) external view {
        Patient storage kept = _patients[patient];
        Status status = _statusOf(kept.consents[grantee][scope], patient, purpose, kept.slot);
        require(status == Status.IN_FORCE, ConsentNotInForce(patient, grantee, scope, purpose, status));
    }

    /// @inheritdoc IConsentRegistry
    function consentOf(address patient, uint32 grantee, bytes32 scope) external view returns (Consent memory) {
        Entry storage entry = _patients[patient].consents[grantee][scope];
        ConsentSlot slot = entry.slot;
        return slot.unpack(slot.hangs() ? entry.guardian : address(0));
    }

    // INTERNAL: FOR THE LOG

    /// @dev Takes a use of a consent that is in force for the purpose, and tells the consent's version.
    function _useConsent(
        Entry storage entry,
        PatientSlot ofPatient,
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint8 purpose
    ) internal returns (uint32 version) {
        ConsentSlot slot = entry.slot;
        // The common case at one go; whatever else there is, is asked at leisure.
        if (!slot.allows(purpose, ofPatient.objections(), block.timestamp)) {
            Status status = _statusOf(entry, patient, purpose, ofPatient);
            require(status == Status.IN_FORCE, ConsentNotInForce(patient, grantee, scope, purpose, status));
        }
        if (slot.uses() != 0) entry.slot = slot.used();
        version = slot.version();
    }

    // INTERNAL: WRITES

    function _grant(
        Entry storage entry,
        address patient,
        Grant calldata given,
        uint32 version,
        By by,
        address actor
    ) private {
        (uint32 grantee, uint32 purposes, uint24 uses) = (given.grantee, given.purposes, given.uses);
        (uint40 from, uint40 until) = (given.from, given.until);
        require(grantee != 0, ConsentGranteeMissing(patient));
        require(purposes != 0, ConsentPurposesMissing(patient, grantee));
        // A consent has a period that it was given; nobody gains by moving a block's time within its tolerance.
        // slither-disable-next-line timestamp
        bool sound = from < until && block.timestamp < until;
        require(sound, ConsentPeriodInvalid(from, until, uint40(block.timestamp)));

        // It would start again after 4 billion changes, some 130 trillion gas.
        unchecked {
            ++version;
        }
        entry.slot = ConsentSlots.granted(purposes, from, until, uses, block.timestamp, version, by);
        emit ConsentGranted(patient, grantee, given.scope, purposes, from, until, uses, version, actor);
    }

    function _revokeNow(address patient, uint32 grantee, bytes32 scope, By by, address actor) private {
        uint32 current = _patients[patient].consents[grantee][scope].slot.version();
        _revoke(current, patient, grantee, scope, by, actor);
    }

    /// @dev The next version counts too: it is that of a grant which was signed for the present one.
    function _revokeUpTo(uint32 version, address patient, uint32 grantee, bytes32 scope, By by, address actor) private {
        uint32 current = _patients[patient].consents[grantee][scope].slot.version();
        require(version == current || version == current + 1, ConsentVersionMismatch(version, current));
        _revoke(version, patient, grantee, scope, by, actor);
    }

    function _revoke(uint32 version, address patient, uint32 grantee, bytes32 scope, By by, address actor) private {
        Entry storage entry = _patients[patient].consents[grantee][scope];
        // It would start again after 4 billion changes, some 130 trillion gas.
        unchecked {
            ++version;
        }
        entry.slot = entry.slot.revoked(block.timestamp, version, by);
        emit ConsentRevoked(patient, grantee, scope, version, actor);
    }

    // INTERNAL: RULES

    function _entryOf(address patient, Grant calldata given) private view returns (Entry storage) {
        return _patients[patient].consents[given.grantee][given.scope];
    }

    function _entryAt(
        uint32 version,
        address patient,
        Grant calldata given
    ) private view returns (Entry storage entry) {
        entry = _entryOf(patient, given);
        uint32 current = entry.slot.version();
        require(version == current, ConsentVersionMismatch(version, current));
    }

    function _statusOf(
        Entry storage entry,
        address patient,
        uint8 purpose,
        PatientSlot ofPatient
    ) private view returns (Status) {
        ConsentSlot slot = entry.slot;
        State state = slot.state();
        if (state == State.NONE) return Status.NONE;
        if (state == State.REVOKED) return Status.REVOKED;
        if (state == State.USED_UP) return Status.USED_UP;
        if (block.timestamp < slot.from()) return Status.PENDING;
        if (block.timestamp >= slot.until()) return Status.EXPIRED;
        if (!slot.names(purpose)) return Status.PURPOSE_NOT_GRANTED;
        bool lapsed = slot.hangs() && !_isGuardian(patient, entry.guardian);
        if (lapsed) return Status.GUARDIAN_LAPSED;
        return ofPatient.bars(purpose) ? Status.OBJECTED : Status.IN_FORCE;
    }

    // INTERNAL: HASHES

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
