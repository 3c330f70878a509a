// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IBreakGlass} from "./IBreakGlass.sol";

/// @dev A use of the break-glass in one word. From the least significant bit:
/// openedAt40 | window24 | provider32 | key32 | role8 | reason8 | number32 | faultedAt40 | 40 free.
/// `faultedAt` is when a review found the use unjustified; 0 while none did.
type EmergencySlot is uint256;

using EmergencySlots for EmergencySlot global;

/// @title EmergencySlots
/// @notice Reads and packs uses of the break-glass.
library EmergencySlots {
    uint256 private constant _WINDOW = 40;
    uint256 private constant _PROVIDER = 64;
    uint256 private constant _KEY = 96;
    uint256 private constant _ROLE = 128;
    uint256 private constant _REASON = 136;
    uint256 private constant _NUMBER = 144;
    uint256 private constant _FAULTED_AT = 176;

    /// @dev What a use holds at first. A window is at most 72 hours, which 24 bits hold.
    function created(
        uint256 time,
        uint24 window,
        uint32 byBody,
        uint32 byKey,
        uint8 inRole,
        IBreakGlass.EmergencyReason why,
        uint32 ofBody
    ) internal pure returns (EmergencySlot) {
        uint256 by = (uint256(byBody) << _PROVIDER) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        uint256 period = uint256(uint40(time)) | (uint256(window) << _WINDOW);
        return EmergencySlot.wrap(period | by | (uint256(why) << _REASON) | (uint256(ofBody) << _NUMBER));
    }

    /// @dev Found unjustified, once.
    function faulted(EmergencySlot slot, uint256 time) internal pure returns (EmergencySlot) {
        return EmergencySlot.wrap(EmergencySlot.unwrap(slot) | (uint256(uint40(time)) << _FAULTED_AT));
    }

    function openedAt(EmergencySlot slot) internal pure returns (uint40) {
        return uint40(EmergencySlot.unwrap(slot));
    }

    /// @dev First second at which the window is closed; 0 for no use.
    function until(EmergencySlot slot) internal pure returns (uint40) {
        uint40 end = slot.openedAt() + uint24(EmergencySlot.unwrap(slot) >> _WINDOW);
        uint40 cut = slot.faultedAt();
        return cut != 0 && cut < end ? cut : end;
    }

    function provider(EmergencySlot slot) internal pure returns (uint32) {
        return uint32(EmergencySlot.unwrap(slot) >> _PROVIDER);
    }

    function key(EmergencySlot slot) internal pure returns (uint32) {
        return uint32(EmergencySlot.unwrap(slot) >> _KEY);
    }

    function role(EmergencySlot slot) internal pure returns (uint8) {
        return uint8(EmergencySlot.unwrap(slot) >> _ROLE);
    }

    function reason(EmergencySlot slot) internal pure returns (IBreakGlass.EmergencyReason) {
        return IBreakGlass.EmergencyReason(uint8(EmergencySlot.unwrap(slot) >> _REASON));
    }

    /// @dev Which of the provider's uses it is, from 1.
    function number(EmergencySlot slot) internal pure returns (uint32) {
        return uint32(EmergencySlot.unwrap(slot) >> _NUMBER);
    }

    function faultedAt(EmergencySlot slot) internal pure returns (uint40) {
        return uint40(EmergencySlot.unwrap(slot) >> _FAULTED_AT);
    }
}
