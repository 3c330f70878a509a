// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {TransparencyLog} from "../ledger/TransparencyLog.sol";

import {AccessLink} from "./AccessLink.sol";
import {BreakGlass} from "./BreakGlass.sol";
import {Consents} from "./Consents.sol";
import {IAccessLog} from "./IAccessLog.sol";
import {PatientSlot} from "./PatientSlot.sol";

/// @title AccessLog
/// @notice Records every access, so that a patient can list who, when and why.
abstract contract AccessLog is IAccessLog, Consents, BreakGlass {
    using TransparencyLog for TransparencyLog.Logs;

    // CONSTANTS

    bytes32 private constant _RECIPIENT = keccak256("diwan.role.health-recipient");
    uint8 private constant _ETREAT = 1;

    // STORAGE

    TransparencyLog.Logs private _logs;

    // LOG

    /// @inheritdoc IAccessLog
    function logAccess(address patient, bytes32 scope, uint8 purpose, bytes32 commitment) external {
        // The role within the body is kept for exits, which an access has not.
        // slither-disable-next-line unused-return
        (uint32 recipient, uint32 key, ) = _TRUST_LIST.requireAccredited(_RECIPIENT, _msgSender());
        Patient storage kept = _patients[patient];
        PatientSlot slot = kept.slot;
        Entry storage entry = kept.consents[recipient][scope];
        uint32 version = _useConsent(entry, slot, patient, recipient, scope, purpose);
        _log(kept, slot, patient, recipient, key, purpose, scope, version, commitment);
    }

    /// @inheritdoc IAccessLog
    function logEmergencyAccess(address patient, uint40 openedAt, bytes32 commitment) external {
        // The role within the body is kept for exits, which an access has not.
        // slither-disable-next-line unused-return
        (uint32 recipient, uint32 key, ) = _TRUST_LIST.requireAccredited(_EMERGENCY_CARE, _msgSender());
        bytes32 id = _requireOpenUse(patient, recipient, openedAt);
        Patient storage kept = _patients[patient];
        _log(kept, kept.slot, patient, recipient, key, _ETREAT, id, 0, commitment);
    }

    /// @inheritdoc IAccessLog
    function logAccesses(bytes32[] calldata entries) external {
        // The role within the body is kept for exits, which an access has not.
        // slither-disable-next-line unused-return
        (uint32 recipient, uint32 key, ) = _TRUST_LIST.requireAccredited(_RECIPIENT, _msgSender());
        uint64 firstIndex = _logs.appendMany(_logOf(recipient), entries);
        emit AccessesLogged(recipient, key, firstIndex, entries.length);
    }

    // VIEWS

    /// @inheritdoc IAccessLog
    function accessHeadOf(address patient) external view returns (uint224) {
        return _patients[patient].slot.head();
    }

    /// @inheritdoc IAccessLog
    function accessCheckpoint(uint32 body) external view returns (uint64, bytes32) {
        return _logs.checkpoint(_logOf(body));
    }

    // INTERNAL

    function _log(
        Patient storage kept,
        PatientSlot slot,
        address patient,
        uint32 recipient,
        uint32 key,
        uint8 purpose,
        bytes32 basis,
        uint32 version,
        bytes32 commitment
    ) private {
        bytes32 link = AccessLink.follow(
            slot.head(),
            recipient,
            key,
            purpose,
            basis,
            version,
            block.timestamp,
            commitment
        );
        kept.slot = slot.withHead(uint224(uint256(link)));
        emit AccessLogged(patient, recipient, key, purpose, basis, version, commitment);
    }

    function _logOf(uint32 recipient) private pure returns (bytes32) {
        return bytes32(uint256(recipient));
    }
}
