// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Signatures} from "../trust/Signatures.sol";

import {Delegations} from "./Delegations.sol";
import {Guardianships} from "./Guardianships.sol";
import {IConsentRegistry} from "./IConsentRegistry.sol";
import {Patients} from "./Patients.sol";
import {PatientSlot} from "./PatientSlot.sol";

/// @title Objections
/// @notice Keeps which purposes a patient bars to everybody.
abstract contract Objections is IConsentRegistry, Patients, Guardianships, Delegations {
    // CONSTANTS

    bytes32 private constant _OBJECTION = keccak256(
        "ConsentObjection(address patient,uint32 purposes,uint256 nonce,uint256 deadline)"
    );

    // OBJECTIONS

    /// @inheritdoc IConsentRegistry
    function objectTo(uint32 purposes) external {
        address patient = _msgSender();
        _useNonce(patient);
        _object(patient, purposes, patient);
    }

    /// @inheritdoc IConsentRegistry
    function objectToBySignature(
        address patient,
        uint32 purposes,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _useCheckedNonce(patient, nonce);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(_OBJECTION, patient, purposes, nonce, deadline)));
        Signatures.requireValid(patient, digest, signature, deadline);
        _object(patient, purposes, patient);
    }

    /// @inheritdoc IConsentRegistry
    function objectToAsGuardian(address patient, uint32 purposes) external {
        (address guardian, ) = _requireGuardian(patient);
        _useNonce(patient);
        _object(patient, purposes, guardian);
    }

    // VIEWS

    /// @inheritdoc IConsentRegistry
    function objectionsOf(address patient) external view returns (uint32) {
        return _patients[patient].slot.objections();
    }

    // INTERNAL

    function _object(address patient, uint32 purposes, address by) private {
        Patient storage kept = _patients[patient];
        PatientSlot slot = kept.slot;
        bool lifts = slot.objections() & ~purposes != 0;
        if (lifts) _requireOpen();
        kept.slot = slot.withObjections(purposes);
        emit ObjectionsSet(patient, purposes, by);
    }
}
