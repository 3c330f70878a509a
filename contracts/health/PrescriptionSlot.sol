// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IPrescriptionRegistry} from "./IPrescriptionRegistry.sol";

/// @dev An `IPrescriptionRegistry.Record` in one word. From the least significant bit:
/// issuedAt40 | expiresAt40 | prescriber32 | key32 | role8 | issued16 | remaining16 | pharmacy32 | pharmacyRole8 |
/// dispensed16 | reason8 | 8 free.
type PrescriptionSlot is uint256;

using PrescriptionSlots for PrescriptionSlot global;

/// @title PrescriptionSlots
/// @notice Reads and packs prescriptions.
library PrescriptionSlots {
    uint256 private constant _EXPIRES_AT = 40;
    uint256 private constant _PRESCRIBER = 80;
    uint256 private constant _KEY = 112;
    uint256 private constant _ROLE = 144;
    uint256 private constant _ISSUED = 152;
    uint256 private constant _REMAINING = 168;
    uint256 private constant _PHARMACY = 184;
    uint256 private constant _PHARMACY_ROLE = 216;
    uint256 private constant _DISPENSED = 224;
    uint256 private constant _REASON = 240;

    /// @dev Who dispensed last, and how much.
    uint256 private constant _LAST = ((1 << (_REASON - _PHARMACY)) - 1) << _PHARMACY;

    /// @dev What a prescription holds at first.
    function created(
        uint256 time,
        uint40 until,
        uint32 byBody,
        uint32 byKey,
        uint8 inRole,
        uint16 quantity
    ) internal pure returns (PrescriptionSlot) {
        uint256 by = (uint256(byBody) << _PRESCRIBER) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        uint256 amount = (uint256(quantity) << _ISSUED) | (uint256(quantity) << _REMAINING);
        return PrescriptionSlot.wrap(uint40(time) | (uint256(until) << _EXPIRES_AT) | by | amount);
    }

    /// @dev Takes a quantity, of which at least that much remains.
    function afterDispensing(
        PrescriptionSlot slot,
        uint32 byBody,
        uint8 inRole,
        uint16 quantity
    ) internal pure returns (PrescriptionSlot) {
        uint256 by = (uint256(byBody) << _PHARMACY) | (uint256(inRole) << _PHARMACY_ROLE);
        uint256 rest = PrescriptionSlot.unwrap(slot) & ~_LAST;
        // No carry into the fields beside it: `quantity` is at most what remains.
        unchecked {
            rest -= uint256(quantity) << _REMAINING;
        }
        return PrescriptionSlot.wrap(rest | by | (uint256(quantity) << _DISPENSED));
    }

    /// @dev Gives the last quantity back, which then is no more the last.
    function afterReversal(PrescriptionSlot slot) internal pure returns (PrescriptionSlot) {
        uint256 quantity = slot.dispensed();
        uint256 word = PrescriptionSlot.unwrap(slot) & ~(uint256(type(uint16).max) << _DISPENSED);
        // No carry: it remained before it was dispensed.
        unchecked {
            word += quantity << _REMAINING;
        }
        return PrescriptionSlot.wrap(word);
    }

    /// @dev Cancels a prescription that is not cancelled.
    function cancelled(
        PrescriptionSlot slot,
        IPrescriptionRegistry.CancelReason why
    ) internal pure returns (PrescriptionSlot) {
        return PrescriptionSlot.wrap(PrescriptionSlot.unwrap(slot) | (uint256(why) << _REASON));
    }

    function issuedAt(PrescriptionSlot slot) internal pure returns (uint40) {
        return uint40(PrescriptionSlot.unwrap(slot));
    }

    function expiresAt(PrescriptionSlot slot) internal pure returns (uint40) {
        return uint40(PrescriptionSlot.unwrap(slot) >> _EXPIRES_AT);
    }

    function prescriber(PrescriptionSlot slot) internal pure returns (uint32) {
        return uint32(PrescriptionSlot.unwrap(slot) >> _PRESCRIBER);
    }

    function key(PrescriptionSlot slot) internal pure returns (uint32) {
        return uint32(PrescriptionSlot.unwrap(slot) >> _KEY);
    }

    function role(PrescriptionSlot slot) internal pure returns (uint8) {
        return uint8(PrescriptionSlot.unwrap(slot) >> _ROLE);
    }

    function issued(PrescriptionSlot slot) internal pure returns (uint16) {
        return uint16(PrescriptionSlot.unwrap(slot) >> _ISSUED);
    }

    function remaining(PrescriptionSlot slot) internal pure returns (uint16) {
        return uint16(PrescriptionSlot.unwrap(slot) >> _REMAINING);
    }

    function pharmacy(PrescriptionSlot slot) internal pure returns (uint32) {
        return uint32(PrescriptionSlot.unwrap(slot) >> _PHARMACY);
    }

    function pharmacyRole(PrescriptionSlot slot) internal pure returns (uint8) {
        return uint8(PrescriptionSlot.unwrap(slot) >> _PHARMACY_ROLE);
    }

    function dispensed(PrescriptionSlot slot) internal pure returns (uint16) {
        return uint16(PrescriptionSlot.unwrap(slot) >> _DISPENSED);
    }

    /// @dev Whether `reason` is not NONE, for the hot path.
    function isCancelled(PrescriptionSlot slot) internal pure returns (bool) {
        return PrescriptionSlot.unwrap(slot) >> _REASON != 0;
    }

    function reason(PrescriptionSlot slot) internal pure returns (IPrescriptionRegistry.CancelReason) {
        return IPrescriptionRegistry.CancelReason(uint8(PrescriptionSlot.unwrap(slot) >> _REASON));
    }

    function unpack(PrescriptionSlot slot) internal pure returns (IPrescriptionRegistry.Record memory) {
        return
            IPrescriptionRegistry.Record({
                issuedAt: slot.issuedAt(),
                expiresAt: slot.expiresAt(),
                prescriber: slot.prescriber(),
                key: slot.key(),
                role: slot.role(),
                issued: slot.issued(),
                remaining: slot.remaining(),
                pharmacy: slot.pharmacy(),
                pharmacyRole: slot.pharmacyRole(),
                dispensed: slot.dispensed(),
                reason: slot.reason()
            });
    }
}
