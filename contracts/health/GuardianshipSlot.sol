// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IGuardianship} from "./IGuardianship.sol";

/// @dev An `IGuardianship.Guardianship` in one word. From the least significant bit:
/// from40 | until40 | endedAt40 | court32 | key32 | role8 | 64 free.
type GuardianshipSlot is uint256;

using GuardianshipSlots for GuardianshipSlot global;

/// @title GuardianshipSlots
/// @notice Reads and packs guardianships.
library GuardianshipSlots {
    uint256 private constant _UNTIL = 40;
    uint256 private constant _ENDED_AT = 80;
    uint256 private constant _COURT = 120;
    uint256 private constant _KEY = 152;
    uint256 private constant _ROLE = 184;

    /// @dev What a guardianship holds at first.
    function appointed(
        uint256 time,
        uint40 end,
        uint32 byCourt,
        uint32 byKey,
        uint8 inRole
    ) internal pure returns (GuardianshipSlot) {
        uint256 by = (uint256(byCourt) << _COURT) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        return GuardianshipSlot.wrap(uint40(time) | (uint256(end) << _UNTIL) | by);
    }

    /// @dev Ends a guardianship that was not ended.
    function ended(GuardianshipSlot slot, uint256 time) internal pure returns (GuardianshipSlot) {
        return GuardianshipSlot.wrap(GuardianshipSlot.unwrap(slot) | (uint256(uint40(time)) << _ENDED_AT));
    }

    function from(GuardianshipSlot slot) internal pure returns (uint40) {
        return uint40(GuardianshipSlot.unwrap(slot));
    }

    function until(GuardianshipSlot slot) internal pure returns (uint40) {
        return uint40(GuardianshipSlot.unwrap(slot) >> _UNTIL);
    }

    function endedAt(GuardianshipSlot slot) internal pure returns (uint40) {
        return uint40(GuardianshipSlot.unwrap(slot) >> _ENDED_AT);
    }

    function court(GuardianshipSlot slot) internal pure returns (uint32) {
        return uint32(GuardianshipSlot.unwrap(slot) >> _COURT);
    }

    function key(GuardianshipSlot slot) internal pure returns (uint32) {
        return uint32(GuardianshipSlot.unwrap(slot) >> _KEY);
    }

    function role(GuardianshipSlot slot) internal pure returns (uint8) {
        return uint8(GuardianshipSlot.unwrap(slot) >> _ROLE);
    }

    function unpack(GuardianshipSlot slot) internal pure returns (IGuardianship.Guardianship memory) {
        return
            IGuardianship.Guardianship({
                from: slot.from(),
                until: slot.until(),
                endedAt: slot.endedAt(),
                court: slot.court(),
                key: slot.key(),
                role: slot.role()
            });
    }
}
