// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";
import {Signatures} from "../trust/Signatures.sol";

import {DepositSlot} from "./DepositSlot.sol";
import {Exhibits} from "./Exhibits.sol";
import {ExhibitSlot} from "./ExhibitSlot.sol";
import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";
import {WitnessSlot, WitnessSlots} from "./WitnessSlot.sol";

/// @title Witnesses
/// @notice Takes the signatures of notaries, certification authorities and forensic centres.
abstract contract Witnesses is Exhibits {
    // CONSTANTS

    bytes32 private constant _NOTARY = keccak256("diwan.role.notary");
    bytes32 private constant _CERTIFICATION_AUTHORITY = keccak256("diwan.role.certification-authority");
    bytes32 private constant _FORENSIC_CENTRE = keccak256("diwan.role.forensic-centre");
    bytes32 private constant _CO_ATTESTATION = keccak256(
        "CoAttestation(bytes32 subject,bytes32 role,address witness,uint256 deadline)"
    );

    // STORAGE

    mapping(bytes32 commitment => mapping(uint32 body => WitnessSlot)) private _witnesses;
    mapping(bytes32 batch => mapping(uint32 body => WitnessSlot)) private _batchWitnesses;

    // CO-ATTEST

    /// @inheritdoc IEvidenceRegistry
    function witnessDeposit(bytes32 subject, Attestation[] calldata attestations) external whileOpen {
        require(attestations.length != 0, WitnessesMissing(0, 1));
        uint32 depositor = _depositorOf(subject);
        mapping(uint32 body => WitnessSlot) storage kept = _witnessesOf(subject);
        for (uint256 i = 0; i < attestations.length; ++i) {
            Attestation calldata a = attestations[i];
            bytes32 signed = keccak256(abi.encode(_CO_ATTESTATION, subject, a.role, a.witness, a.deadline));
            (uint32 body, uint32 key) = _requireWitness(a, signed);
            bool isFirst = WitnessSlot.unwrap(kept[body]) == 0;
            require(isFirst && body != depositor, WitnessNotIndependent(subject, body));
            kept[body] = WitnessSlots.attested(block.timestamp, key, _ordinalOf(a.role));
            emit DepositWitnessed(subject, body, key, a.role);
        }
    }

    // VIEWS

    /// @inheritdoc IEvidenceRegistry
    function witnessOf(bytes32 subject, uint32 body) external view returns (Witness memory witness) {
        WitnessSlot w = _witnessesOf(subject)[body];
        if (w.attestedAt() == 0) return witness;
        return Witness({attestedAt: w.attestedAt(), key: w.key(), role: _roleOf(w.role())});
    }

    /// @inheritdoc IEvidenceRegistry
    function isCoAttested(bytes32 subject, uint32[] calldata bodies, uint256 threshold) external view returns (bool) {
        uint256 found = 0;
        uint32 last = 0;
        for (uint256 i = 0; i < bodies.length; ++i) {
            uint32 body = bodies[i];
            require(body > last, WitnessesUnordered(body));
            last = body;
            WitnessSlot w = _witnessesOf(subject)[body];
            uint40 time = w.attestedAt();
            if (time == 0) continue;
            ITrustList.Standing standing = _TRUST_LIST.standingOf(_roleOf(w.role()), body, w.key(), time);
            if (standing == ITrustList.Standing.IN_FORCE) ++found;
        }
        return threshold != 0 && found >= threshold;
    }

    // INTERNAL

    /// @dev The body and key of a witness that signed and is accredited now.
    function _requireWitness(Attestation calldata a, bytes32 signed) internal view returns (uint32 body, uint32 key) {
        require(_ordinalOf(a.role) != 0, WitnessRoleInvalid(a.role));
        Signatures.requireValid(a.witness, _hashTypedDataV4(signed), a.signature, a.deadline);
        // What the role is called within the body is of no use here.
        // slither-disable-next-line unused-return
        (body, key, ) = _TRUST_LIST.requireAccredited(a.role, a.witness);
    }

    /// @dev A batch's apart: its id may have been deposited as a commitment before it, and witnessed.
    function _witnessesOf(bytes32 subject) private view returns (mapping(uint32 body => WitnessSlot) storage) {
        bool isBatch = DepositSlot.unwrap(_deposits[subject]) != 0;
        return isBatch ? _batchWitnesses[subject] : _witnesses[subject];
    }

    function _depositorOf(bytes32 subject) private view returns (uint32) {
        // The batch first: its id is a hash that nobody chooses, while anybody may deposit it again as a commitment.
        DepositSlot batch = _deposits[subject];
        if (DepositSlot.unwrap(batch) != 0) return batch.depositor();
        ExhibitSlot exhibit = _exhibits[subject].slot;
        require(ExhibitSlot.unwrap(exhibit) != 0, WitnessSubjectUnknown(subject));
        return exhibit.depositor();
    }

    /// @dev From 1; 0 for a role that is no witness's.
    function _ordinalOf(bytes32 role) private pure returns (uint8) {
        if (role == _NOTARY) return 1;
        if (role == _CERTIFICATION_AUTHORITY) return 2;
        return role == _FORENSIC_CENTRE ? 3 : 0;
    }

    function _roleOf(uint8 ordinal) private pure returns (bytes32) {
        if (ordinal == 1) return _NOTARY;
        return ordinal == 2 ? _CERTIFICATION_AUTHORITY : _FORENSIC_CENTRE;
    }
}
