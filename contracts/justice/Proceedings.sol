// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ExhibitSlot} from "./ExhibitSlot.sol";
import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";
import {NextSteps} from "./NextSteps.sol";
import {Witnesses} from "./Witnesses.sol";

/// @title Proceedings
/// @notice What custodians, parties and courts do with an exhibit.
/// @dev `NextSteps` says which action a state, a seal and a hold allow; here stands who may take it. The council's stop does not
/// hold any of it.
abstract contract Proceedings is Witnesses {
    // CONSTANTS

    bytes32 private constant _DESTRUCTION = keccak256(
        "Destruction(bytes32 exhibit,bytes32 order,bytes32 role,address witness,uint256 deadline)"
    );
    uint256 private constant _DESTRUCTION_WITNESSES = 2;

    // THE CUSTODIAN

    /// @inheritdoc IEvidenceRegistry
    function seal(bytes32 commitment) external {
        (Entry storage entry, ExhibitSlot exhibit) = _open(commitment, Action.SEAL);
        _requireCustodian(exhibit);
        entry.slot = exhibit.withOtherSeal();
        emit ExhibitSealed(commitment, exhibit.custodian());
    }

    /// @inheritdoc IEvidenceRegistry
    function tender(uint32 court, bytes32 commitment) external {
        (Entry storage entry, ExhibitSlot exhibit) = _open(commitment, Action.TENDER);
        _requireCustodian(exhibit);
        // A court that holds it must let go before another can have it.
        uint32 inCharge = exhibit.court();
        require(!exhibit.isHeld() || court == inCharge, CourtNotInCharge(commitment, inCharge, court));
        _requireInForce(_COURT, court);
        entry.slot = exhibit.withState(State.TENDERED).withCourt(court);
        emit ExhibitTendered(commitment, court);
    }

    /// @inheritdoc IEvidenceRegistry
    function returnExhibit(bytes32 commitment, bytes32 order) external {
        (Entry storage entry, ExhibitSlot exhibit) = _open(commitment, Action.RETURN);
        _requireCustodian(exhibit);
        _requireGrounds(commitment, Action.RETURN, order);
        entry.slot = exhibit.withState(State.RETURNED);
        emit ExhibitReturned(commitment, exhibit.custodian(), order);
    }

    /// @inheritdoc IEvidenceRegistry
    function destroy(bytes32 commitment, bytes32 order, Attestation[] calldata witnesses) external {
        (Entry storage entry, ExhibitSlot exhibit) = _open(commitment, Action.DESTROY);
        _requireCustodian(exhibit);
        _requireGrounds(commitment, Action.DESTROY, order);
        uint256 count = witnesses.length;
        require(count == _DESTRUCTION_WITNESSES, WitnessesMissing(count, _DESTRUCTION_WITNESSES));
        uint32 custodian = exhibit.custodian();
        uint32 first = _requireDestruction(commitment, order, witnesses[0]);
        uint32 second = _requireDestruction(commitment, order, witnesses[1]);
        require(first != custodian, WitnessNotIndependent(commitment, first));
        require(second != custodian && second != first, WitnessNotIndependent(commitment, second));
        entry.slot = exhibit.withState(State.DESTROYED);
        emit ExhibitDestroyed(commitment, custodian, order, first, second);
    }

    // THE PARTIES

    /// @inheritdoc IEvidenceRegistry
    function openChallenge(bytes32 commitment, bytes32 grounds) external {
        (Entry storage entry, ExhibitSlot exhibit) = _open(commitment, Action.CHALLENGE);
        uint32 body = _requireAccredited(_ADVOCATE);
        _requireGrounds(commitment, Action.CHALLENGE, grounds);
        entry.slot = exhibit.withState(State.CHALLENGED);
        emit ExhibitChallenged(commitment, body, grounds);
    }

    /// @inheritdoc IEvidenceRegistry
    function rebutAsAdvocate(bytes32 commitment, bytes32 answer) external {
        (Entry storage entry, ExhibitSlot exhibit) = _open(commitment, Action.REBUT);
        _rebut(commitment, entry, exhibit, _requireAccredited(_ADVOCATE), answer);
    }

    /// @inheritdoc IEvidenceRegistry
    function rebut(bytes32 commitment, bytes32 answer) external {
        (Entry storage entry, ExhibitSlot exhibit) = _open(commitment, Action.REBUT);
        _requireCustodian(exhibit);
        _rebut(commitment, entry, exhibit, exhibit.custodian(), answer);
    }

    // THE COURT

    /// @inheritdoc IEvidenceRegistry
    function decideAdmission(bytes32 commitment, bytes32 decision) external {
        (Entry storage entry, ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.ADMIT, decision);
        entry.slot = exhibit.withState(State.ADMITTED);
        emit ExhibitAdmitted(commitment, court, decision);
    }

    /// @inheritdoc IEvidenceRegistry
    function decideExclusion(bytes32 commitment, bytes32 decision) external {
        (Entry storage entry, ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.EXCLUDE, decision);
        entry.slot = exhibit.withState(State.EXCLUDED);
        emit ExhibitExcluded(commitment, court, decision);
    }

    /// @inheritdoc IEvidenceRegistry
    function liftSeal(bytes32 commitment, bytes32 order) external {
        (Entry storage entry, ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.UNSEAL, order);
        entry.slot = exhibit.withOtherSeal();
        emit ExhibitUnsealed(commitment, court, order);
    }

    /// @inheritdoc IEvidenceRegistry
    function hold(bytes32 commitment, bytes32 order) external {
        (Entry storage entry, ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.HOLD, order);
        entry.slot = exhibit.withOtherHold().withCourt(court);
        emit ExhibitHeld(commitment, court, order);
    }

    /// @inheritdoc IEvidenceRegistry
    function releaseFromHold(bytes32 commitment, bytes32 order) external {
        (Entry storage entry, ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.LIFT_HOLD, order);
        entry.slot = exhibit.withOtherHold();
        emit ExhibitReleased(commitment, court, order);
    }

    // VIEWS

    /// @inheritdoc IEvidenceRegistry
    function nextOf(bytes32 commitment) external view returns (Next[] memory) {
        return NextSteps.list(_exhibits[commitment].slot, _ADVOCATE, _COURT);
    }

    // INTERNAL

    function _rebut(bytes32 commitment, Entry storage entry, ExhibitSlot exhibit, uint32 body, bytes32 answer) private {
        _requireGrounds(commitment, Action.REBUT, answer);
        entry.slot = exhibit.withState(State.REBUTTED);
        emit ExhibitRebutted(commitment, body, answer);
    }

    /// @dev `_open`, for what a court orders: the one in charge, where there is one.
    function _ordered(
        bytes32 commitment,
        Action action,
        bytes32 grounds
    ) private view returns (Entry storage entry, ExhibitSlot exhibit, uint32 court) {
        (entry, exhibit) = _open(commitment, action);
        court = _requireAccredited(_COURT);
        uint32 inCharge = exhibit.court();
        require(inCharge == 0 || court == inCharge, CourtNotInCharge(commitment, inCharge, court));
        _requireGrounds(commitment, action, grounds);
    }

    function _requireAccredited(bytes32 role) private view returns (uint32 body) {
        // Which key it was is in the transaction.
        // slither-disable-next-line unused-return
        (body, , ) = _TRUST_LIST.requireAccredited(role, _msgSender());
    }

    function _requireDestruction(
        bytes32 commitment,
        bytes32 order,
        Attestation calldata a
    ) private view returns (uint32 body) {
        bytes32 signed = keccak256(abi.encode(_DESTRUCTION, commitment, order, a.role, a.witness, a.deadline));
        // Which key it was is in the calldata.
        // slither-disable-next-line unused-return
        (body, ) = _requireWitness(a, signed);
    }

    function _requireGrounds(bytes32 commitment, Action action, bytes32 grounds) private pure {
        require(grounds != 0, GroundsMissing(commitment, action));
    }
}
