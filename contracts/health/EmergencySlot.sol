// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IBreakGlass} from "./IBreakGlass.sol";

/// @dev An `IBreakGlass.EmergencyUse` in one word. From the least significant bit:
/// openedAt40 | window24 | provider32 | key32 | role8 | reason8 | reviewedAt40 | reviewer32 | reviewerKey32 | outcome8.
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
    uint256 private constant _REVIEWED_AT = 144;
    uint256 private constant _REVIEWER = 184;
    uint256 private constant _REVIEWER_KEY = 216;
    uint256 private constant _OUTCOME = 248;

    /// @dev What a use holds at first. A window is at most 72 hours, which 24 bits hold.
    function opened(
        uint256 time,
        uint24 window,
        uint32 byBody,
        uint32 byKey,
        uint8 inRole,
        IBreakGlass.EmergencyReason why
    ) internal pure returns (EmergencySlot) {
        uint256 by = (uint256(byBody) << _PROVIDER) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        uint256 period = uint256(uint40(time)) | (uint256(window) << _WINDOW);
        return EmergencySlot.wrap(period | by | (uint256(why) << _REASON));
    }

    /// @dev Reviews a use that was not reviewed.
    function reviewed(
        EmergencySlot slot,
        uint256 time,
        uint32 byBody,
        uint32 byKey,
        IBreakGlass.Outcome found
    ) internal pure returns (EmergencySlot) {
        uint256 by = (uint256(byBody) << _REVIEWER) | (uint256(byKey) << _REVIEWER_KEY);
        uint256 end = (uint256(uint40(time)) << _REVIEWED_AT) | (uint256(found) << _OUTCOME);
        return EmergencySlot.wrap(EmergencySlot.unwrap(slot) | by | end);
    }

    function openedAt(EmergencySlot slot) internal pure returns (uint40) {
        return uint40(EmergencySlot.unwrap(slot));
    }

    /// @dev First second at which the window is closed; 0 for no use.
    function until(EmergencySlot slot) internal pure returns (uint40) {
        uint40 end = slot.openedAt() + uint24(EmergencySlot.unwrap(slot) >> _WINDOW);
        uint40 cut = slot.outcome() == IBreakGlass.Outcome.UNJUSTIFIED ? slot.reviewedAt() : end;
        return cut < end ? cut : end;
    }

    function provider(EmergencySlot slot) internal pure returns (uint32) {
        return uint32(EmergencySlot.unwrap(slot) >> _PROVIDER);
    }

    function reviewedAt(EmergencySlot slot) internal pure returns (uint40) {
        return uint40(EmergencySlot.unwrap(slot) >> _REVIEWED_AT);
    }

    function outcome(EmergencySlot slot) internal pure returns (IBreakGlass.Outcome) {
        return IBreakGlass.Outcome(uint8(EmergencySlot.unwrap(slot) >> _OUTCOME));
    }

    function unpack(EmergencySlot slot) internal pure returns (IBreakGlass.EmergencyUse memory) {
        uint256 word = EmergencySlot.unwrap(slot);
        return
            IBreakGlass.EmergencyUse({
                openedAt: slot.openedAt(),
                until: slot.until(),
                provider: slot.provider(),
                key: uint32(word >> _KEY),
                role: uint8(word >> _ROLE),
                reason: IBreakGlass.EmergencyReason(uint8(word >> _REASON)),
                reviewedAt: slot.reviewedAt(),
                reviewer: uint32(word >> _REVIEWER),
                reviewerKey: uint32(word >> _REVIEWER_KEY),
                outcome: slot.outcome()
            });
    }
}
