// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {IPrescriptionRegistry} from "./IPrescriptionRegistry.sol";
import {PrescriptionId} from "./PrescriptionId.sol";
import {PrescriptionSlot, PrescriptionSlots} from "./PrescriptionSlot.sol";

/// @title PrescriptionRegistry
/// @notice Issues prescriptions, and sees to it that no more is dispensed than was prescribed.
contract PrescriptionRegistry is IPrescriptionRegistry, Governed {
    // CONSTANTS

    bytes32 private constant _PRESCRIBER = keccak256("diwan.role.prescriber");
    bytes32 private constant _PHARMACY = keccak256("diwan.role.pharmacy");
    bytes32 private constant _OPENING = keccak256("diwan.health.prescription");

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;

    // STORAGE

    mapping(PrescriptionId id => PrescriptionSlot) private _prescriptions;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param trustList who may prescribe, and who may dispense
    /// @param relays the relays to trust
    constructor(address authority, ITrustList trustList, Relays memory relays) Governed(authority, relays) {
        _TRUST_LIST = trustList;
    }

    // THE PRESCRIBER

    /// @inheritdoc IPrescriptionRegistry
    function issue(PrescriptionId id, uint16 quantity, uint40 expiresAt) external whileOpen {
        (uint32 body, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_PRESCRIBER, _msgSender());
        require(quantity != 0, PrescriptionQuantityMissing(id));
        require(expiresAt > block.timestamp, PrescriptionEndInvalid(id, expiresAt, uint40(block.timestamp)));
        require(PrescriptionSlot.unwrap(_prescriptions[id]) == 0, PrescriptionIssuedBefore(id));
        _prescriptions[id] = PrescriptionSlots.created(block.timestamp, expiresAt, body, key, role, quantity);
        emit PrescriptionIssued(id, body, key, quantity, expiresAt);
    }

    /// @inheritdoc IPrescriptionRegistry
    function cancel(PrescriptionId id, CancelReason reason) external {
        PrescriptionSlot slot = _known(id);
        _TRUST_LIST.requireKey(_msgSender(), slot.prescriber(), slot.role());
        require(reason != CancelReason.NONE, CancelReasonMissing(id));
        require(!slot.isCancelled(), PrescriptionIsCancelled(id, slot.reason()));
        _cancel(id, slot, reason);
    }

    /// @inheritdoc IPrescriptionRegistry
    function annul(PrescriptionId[] calldata ids) external {
        for (uint256 i = 0; i < ids.length; ++i) {
            PrescriptionId id = ids[i];
            PrescriptionSlot slot = _known(id);
            if (slot.isCancelled()) continue;
            ITrustList.Standing standing = _prescriberOf(slot);
            require(standing == ITrustList.Standing.COMPROMISED, PrescriberNotCompromised(id, standing));
            _cancel(id, slot, CancelReason.KEY_COMPROMISED);
        }
    }

    // THE PHARMACY

    /// @inheritdoc IPrescriptionRegistry
    function dispense(bytes32 opening, uint16 quantity) external {
        (uint32 body, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_PHARMACY, _msgSender());
        PrescriptionId id = PrescriptionId.wrap(Hashes.efficientKeccak256(_OPENING, opening));
        PrescriptionSlot slot = _prescriptions[id];
        _requireDispensable(id, slot, quantity);
        _prescriptions[id] = slot.afterDispensing(body, role, quantity);
        emit PrescriptionDispensed(id, body, key, quantity);
    }

    /// @inheritdoc IPrescriptionRegistry
    function reverse(PrescriptionId id) external {
        PrescriptionSlot slot = _known(id);
        (uint32 body, uint8 role, uint16 quantity) = (slot.pharmacy(), slot.pharmacyRole(), slot.dispensed());
        require(quantity != 0, NothingDispensed(id));
        _TRUST_LIST.requireKey(_msgSender(), body, role);
        _prescriptions[id] = slot.afterReversal();
        emit DispensingReversed(id, body, quantity);
    }

    // VIEWS

    /// @inheritdoc IPrescriptionRegistry
    function statusOf(
        PrescriptionId id
    ) external view returns (State state, uint16 remaining, ITrustList.Standing prescriber) {
        PrescriptionSlot slot = _prescriptions[id];
        if (slot.issuedAt() == 0) return (State.UNKNOWN, 0, ITrustList.Standing.NONE);
        return (_stateOf(slot), slot.remaining(), _prescriberOf(slot));
    }

    /// @inheritdoc IPrescriptionRegistry
    function recordOf(PrescriptionId id) external view returns (Record memory) {
        return _prescriptions[id].unpack();
    }

    // INTERNAL

    function _known(PrescriptionId id) private view returns (PrescriptionSlot slot) {
        slot = _prescriptions[id];
        require(slot.issuedAt() != 0, PrescriptionUnknown(id));
    }

    function _requireDispensable(PrescriptionId id, PrescriptionSlot slot, uint16 quantity) private view {
        if (slot.isCancelled()) revert PrescriptionIsCancelled(id, slot.reason());
        if (block.timestamp >= slot.expiresAt()) {
            if (slot.issuedAt() == 0) revert PrescriptionUnknown(id);
            revert PrescriptionExpired(id, slot.expiresAt());
        }
        if (quantity > slot.remaining()) {
            if (slot.remaining() == 0) revert PrescriptionSpent(id, slot.pharmacy());
            revert PrescriptionExceeded(id, quantity, slot.remaining(), slot.pharmacy());
        }
        if (quantity == 0) revert PrescriptionQuantityMissing(id);
    }

    function _cancel(PrescriptionId id, PrescriptionSlot slot, CancelReason reason) private {
        _prescriptions[id] = slot.cancelled(reason);
        emit PrescriptionCancelled(id, reason);
    }

    function _stateOf(PrescriptionSlot slot) private view returns (State) {
        if (slot.isCancelled()) return State.CANCELLED;
        if (slot.remaining() == 0) return State.DISPENSED;
        if (block.timestamp >= slot.expiresAt()) return State.EXPIRED;
        return slot.remaining() == slot.issued() ? State.ISSUED : State.PARTLY_DISPENSED;
    }

    /// @dev How the prescriber stood at the issue, as it is known now.
    function _prescriberOf(PrescriptionSlot slot) private view returns (ITrustList.Standing) {
        return _TRUST_LIST.standingOf(_PRESCRIBER, slot.prescriber(), slot.key(), slot.issuedAt());
    }
}
