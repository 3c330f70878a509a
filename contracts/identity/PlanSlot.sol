// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IDidRecovery} from "./IDidRecovery.sol";

/// @dev What waits to happen to a DID, in one word. From the least significant bit:
/// newOwner160 | dueAt40 | kind8 | guardiansDueAt40 | 8 free. `dueAt` and `kind` are of a recovery or of the end of a
/// freeze, of which one can wait at a time; `guardiansDueAt` is of a change of guardians, 0 for none.
type PlanSlot is uint256;

using PlanSlots for PlanSlot global;

/// @title PlanSlots
/// @notice Reads and packs what waits to happen to a DID.
library PlanSlots {
    uint256 private constant _DUE_AT = 160;
    uint256 private constant _KIND = 200;
    uint256 private constant _GUARDIANS_DUE_AT = 208;
    uint256 private constant _GUARDIANS_MASK = uint256(type(uint40).max) << _GUARDIANS_DUE_AT;

    function newOwner(PlanSlot slot) internal pure returns (address) {
        return address(uint160(PlanSlot.unwrap(slot)));
    }

    function dueAt(PlanSlot slot) internal pure returns (uint40) {
        return uint40(PlanSlot.unwrap(slot) >> _DUE_AT);
    }

    function kind(PlanSlot slot) internal pure returns (IDidRecovery.Plan) {
        return IDidRecovery.Plan(uint8(PlanSlot.unwrap(slot) >> _KIND));
    }

    function guardiansDueAt(PlanSlot slot) internal pure returns (uint40) {
        return uint40(PlanSlot.unwrap(slot) >> _GUARDIANS_DUE_AT);
    }

    /// @dev Another plan in the place of the present one; a change of guardians waits on.
    function planned(PlanSlot slot, IDidRecovery.Plan what, uint40 time, address to) internal pure returns (PlanSlot) {
        uint256 rest = PlanSlot.unwrap(slot) & _GUARDIANS_MASK;
        return PlanSlot.wrap(rest | uint160(to) | (uint256(time) << _DUE_AT) | (uint256(what) << _KIND));
    }

    /// @dev Without the present plan; a change of guardians waits on.
    function withoutPlan(PlanSlot slot) internal pure returns (PlanSlot) {
        return PlanSlot.wrap(PlanSlot.unwrap(slot) & _GUARDIANS_MASK);
    }

    function withGuardiansDueAt(PlanSlot slot, uint40 time) internal pure returns (PlanSlot) {
        return PlanSlot.wrap((PlanSlot.unwrap(slot) & ~_GUARDIANS_MASK) | (uint256(time) << _GUARDIANS_DUE_AT));
    }
}
