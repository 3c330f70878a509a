// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {TransparencyLog} from "../ledger/TransparencyLog.sol";
import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {DepositSlot} from "./DepositSlot.sol";
import {ExhibitSlot} from "./ExhibitSlot.sol";
import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";
import {NextSteps} from "./NextSteps.sol";

/// @title Exhibits
/// @notice What is kept of exhibits and batches, and who the caller is.
abstract contract Exhibits is IEvidenceRegistry, Governed, EIP712 {
    // CONSTANTS

    bytes32 internal constant _CUSTODIAN = keccak256("diwan.role.evidence-custodian");
    bytes32 internal constant _CAPTURE_TOOL = keccak256("diwan.role.capture-tool");
    bytes32 internal constant _COURT = keccak256("diwan.role.court");
    bytes32 internal constant _ADVOCATE = keccak256("diwan.role.advocate");

    // IMMUTABLES

    ITrustList internal immutable _TRUST_LIST;

    // TYPES

    /// @dev One slot, in a struct so that it can be pointed at: its place is hashed once.
    struct Entry {
        ExhibitSlot slot;
    }

    // STORAGE

    /// @dev Warning: evidence packages prove these two at the slots where they stand.
    mapping(bytes32 commitment => Entry) internal _exhibits;
    // `Deposits` writes it, which `Witnesses`, taken alone, does not know.
    // slither-disable-next-line uninitialized-state
    mapping(bytes32 batch => DepositSlot) internal _deposits;
    TransparencyLog.Logs internal _logs;

    // CONSTRUCTOR

    constructor(ITrustList trustList) {
        _TRUST_LIST = trustList;
    }

    // VIEWS

    /// @inheritdoc IEvidenceRegistry
    function exhibitOf(bytes32 commitment) external view returns (Exhibit memory) {
        return _exhibits[commitment].slot.unpack();
    }

    // INTERNAL

    function _known(bytes32 commitment) internal view returns (Entry storage entry, ExhibitSlot exhibit) {
        entry = _exhibits[commitment];
        exhibit = entry.slot;
        require(ExhibitSlot.unwrap(exhibit) != 0, ExhibitUnknown(commitment));
    }

    /// @dev Reverts unless a key of the custodian calls; accredited or not, since what it holds it must be able to hand on.
    function _requireCustodian(ExhibitSlot exhibit) internal view {
        _TRUST_LIST.requireKey(_msgSender(), exhibit.custodian(), exhibit.custodianRole());
    }

    /// @dev Reverts unless a body is accredited now. No key has the number 0, so none can be known to be compromised.
    function _requireInForce(bytes32 role, uint32 body) internal view {
        ITrustList.Standing standing = _TRUST_LIST.standingOf(role, body, 0, uint40(block.timestamp));
        require(standing == ITrustList.Standing.IN_FORCE, ITrustList.NotAccredited(role, body, standing));
    }

    /// @dev The exhibit, where its state, seal and hold allow the action.
    function _open(bytes32 commitment, Action action) internal view returns (Entry storage entry, ExhibitSlot exhibit) {
        entry = _exhibits[commitment];
        exhibit = entry.slot;
        if (!NextSteps.allow(exhibit, uint256(action))) _refuse(commitment, action);
    }

    /// @dev Tells what does not allow the action. The exhibit is read again: what is allowed keeps nothing ready for this.
    function _refuse(bytes32 commitment, Action action) private view {
        (, ExhibitSlot exhibit) = _known(commitment);
        State state = exhibit.state();
        require(NextSteps.stateAllows(state, action), ExhibitStateRefuses(commitment, state, action));
        bool isSeal = action == Action.SEAL || action == Action.UNSEAL;
        bool isHold = action == Action.HOLD || action == Action.LIFT_HOLD;
        if (isSeal || (!isHold && exhibit.isSealed())) {
            revert ExhibitSealRefuses(commitment, exhibit.isSealed(), action);
        }
        revert ExhibitHoldRefuses(commitment, exhibit.isHeld(), action);
    }
}
