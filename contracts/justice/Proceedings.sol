// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

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
        ExhibitSlot exhibit = _open(commitment, Action.SEAL);
        _requireCustodian(exhibit);
        _set(commitment, exhibit.withOtherSeal(), Action.SEAL, exhibit.custodian(), 0);
    }

    /// @inheritdoc IEvidenceRegistry
    function tender(bytes32 commitment, uint32 court) external {
        ExhibitSlot exhibit = _open(commitment, Action.TENDER);
        _requireCustodian(exhibit);
        // A court that holds it must let go before another can have it.
        uint32 inCharge = exhibit.court();
        require(!exhibit.isHeld() || court == inCharge, CourtNotInCharge(commitment, inCharge, court));
        (ITrustList.Standing standing, ) = _TRUST_LIST.standingAt(_COURT, court, uint40(block.timestamp));
        require(standing == ITrustList.Standing.IN_FORCE, ITrustList.NotAccredited(_COURT, court, standing));
        ExhibitSlot next = exhibit.withState(State.TENDERED).withCourt(court);
        _set(commitment, next, Action.TENDER, exhibit.custodian(), bytes32(uint256(court)));
    }

    /// @inheritdoc IEvidenceRegistry
    function returnExhibit(bytes32 commitment, bytes32 order) external {
        ExhibitSlot exhibit = _open(commitment, Action.RETURN);
        _requireCustodian(exhibit);
        _requireGrounds(commitment, Action.RETURN, order);
        _set(commitment, exhibit.withState(State.RETURNED), Action.RETURN, exhibit.custodian(), order);
    }

    /// @inheritdoc IEvidenceRegistry
    function destroy(bytes32 commitment, bytes32 order, Attestation[] calldata witnesses) external {
        ExhibitSlot exhibit = _open(commitment, Action.DESTROY);
        _requireCustodian(exhibit);
        _requireGrounds(commitment, Action.DESTROY, order);
        uint256 count = witnesses.length;
        require(count == _DESTRUCTION_WITNESSES, WitnessesMissing(count, _DESTRUCTION_WITNESSES));
        uint32 custodian = exhibit.custodian();
        uint32 first = _requireDestruction(commitment, order, witnesses[0]);
        uint32 second = _requireDestruction(commitment, order, witnesses[1]);
        require(first != custodian, WitnessNotIndependent(commitment, first));
        require(second != custodian && second != first, WitnessNotIndependent(commitment, second));
        _set(commitment, exhibit.withState(State.DESTROYED), Action.DESTROY, custodian, order);
    }

    // THE PARTIES

    /// @inheritdoc IEvidenceRegistry
    function challenge(bytes32 commitment, bytes32 grounds) external {
        ExhibitSlot exhibit = _open(commitment, Action.CHALLENGE);
        uint32 body = _requireAccredited(_ADVOCATE);
        _requireGrounds(commitment, Action.CHALLENGE, grounds);
        _set(commitment, exhibit.withState(State.CHALLENGED), Action.CHALLENGE, body, grounds);
    }

    /// @inheritdoc IEvidenceRegistry
    function rebut(bytes32 commitment, bytes32 answer) external {
        ExhibitSlot exhibit = _open(commitment, Action.REBUT);
        uint32 body = exhibit.custodian();
        // A key belongs to one body for ever: that of the custodian's answers for it, any other must be an advocate's.
        if (_TRUST_LIST.keyOf(_msgSender()).body == body) _requireCustodian(exhibit);
        else body = _requireAccredited(_ADVOCATE);
        _requireGrounds(commitment, Action.REBUT, answer);
        _set(commitment, exhibit.withState(State.REBUTTED), Action.REBUT, body, answer);
    }

    // THE COURT

    /// @inheritdoc IEvidenceRegistry
    function admit(bytes32 commitment, bytes32 decision) external {
        (ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.ADMIT, decision);
        _set(commitment, exhibit.withState(State.ADMITTED), Action.ADMIT, court, decision);
    }

    /// @inheritdoc IEvidenceRegistry
    function exclude(bytes32 commitment, bytes32 decision) external {
        (ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.EXCLUDE, decision);
        _set(commitment, exhibit.withState(State.EXCLUDED), Action.EXCLUDE, court, decision);
    }

    /// @inheritdoc IEvidenceRegistry
    function unseal(bytes32 commitment, bytes32 order) external {
        (ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.UNSEAL, order);
        _set(commitment, exhibit.withOtherSeal(), Action.UNSEAL, court, order);
    }

    /// @inheritdoc IEvidenceRegistry
    function hold(bytes32 commitment, bytes32 order) external {
        (ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.HOLD, order);
        _set(commitment, exhibit.withOtherHold().withCourt(court), Action.HOLD, court, order);
    }

    /// @inheritdoc IEvidenceRegistry
    function liftHold(bytes32 commitment, bytes32 order) external {
        (ExhibitSlot exhibit, uint32 court) = _ordered(commitment, Action.LIFT_HOLD, order);
        _set(commitment, exhibit.withOtherHold(), Action.LIFT_HOLD, court, order);
    }

    // VIEWS

    /// @inheritdoc IEvidenceRegistry
    function nextOf(bytes32 commitment) external view returns (Next[] memory) {
        return NextSteps.list(_exhibits[commitment], _ADVOCATE, _COURT);
    }

    // INTERNAL

    function _set(bytes32 commitment, ExhibitSlot next, Action action, uint32 body, bytes32 grounds) private {
        _exhibits[commitment] = next;
        emit ExhibitChanged(commitment, action, body, next.state(), grounds);
    }

    /// @dev The exhibit, where its state, seal and hold allow the action.
    function _open(bytes32 commitment, Action action) private view returns (ExhibitSlot exhibit) {
        exhibit = _known(commitment);
        if (NextSteps.allow(exhibit, action)) return exhibit;
        if (!NextSteps.stateAllows(exhibit.state(), action)) {
            revert ExhibitStateRefuses(commitment, exhibit.state(), action);
        }
        bool isSeal = action == Action.SEAL || action == Action.UNSEAL;
        bool isHold = action == Action.HOLD || action == Action.LIFT_HOLD;
        if (isSeal || (!isHold && exhibit.isSealed())) {
            revert ExhibitSealRefuses(commitment, exhibit.isSealed(), action);
        }
        revert ExhibitHoldRefuses(commitment, exhibit.isHeld(), action);
    }

    /// @dev The same for what a court orders: the one in charge, where there is one.
    function _ordered(
        bytes32 commitment,
        Action action,
        bytes32 grounds
    ) private view returns (ExhibitSlot exhibit, uint32 court) {
        exhibit = _open(commitment, action);
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
