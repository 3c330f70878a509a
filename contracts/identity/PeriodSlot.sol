// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev A delegate's latest period in one word, as two fields of a struct would be written one after the other. From the
/// least significant bit: from40 | until40 | 176 free.
type PeriodSlot is uint256;

using PeriodSlots for PeriodSlot global;

/// @title PeriodSlots
/// @notice Reads and packs periods of delegates.
library PeriodSlots {
    uint256 private constant _UNTIL = 40;

    /// @dev The period with another end: it goes on from its start while it runs, and starts anew once it is over.
    function extended(PeriodSlot slot, uint256 time, uint256 end) internal pure returns (PeriodSlot) {
        uint256 start = time < slot.until() ? slot.from() : time;
        return PeriodSlot.wrap(start | (end << _UNTIL));
    }

    function from(PeriodSlot slot) internal pure returns (uint40) {
        return uint40(PeriodSlot.unwrap(slot));
    }

    function until(PeriodSlot slot) internal pure returns (uint40) {
        return uint40(PeriodSlot.unwrap(slot) >> _UNTIL);
    }

    function contains(PeriodSlot slot, uint256 time) internal pure returns (bool) {
        return slot.from() <= time && time < slot.until();
    }
}
