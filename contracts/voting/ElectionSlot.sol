// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev How an election stands, in one word. From the least significant bit: closesAt40 | voters32 | extensions8 | counted8 |
/// flags8 | 160 free. The close is 0 until the election is frozen.
type ElectionSlot is uint256;

using ElectionSlots for ElectionSlot global;

/// @title ElectionSlots
/// @notice Reads and packs how an election stands.
library ElectionSlots {
    uint256 internal constant ANNULLED = 1 << 88;
    /// @dev A roll was published after the election was made.
    uint256 internal constant ROLL_STORED = 1 << 89;
    /// @dev All ballots are summed up, and the trustees may open the sums.
    uint256 internal constant SUMMED = 1 << 90;
    uint256 internal constant PAPER_RECORDED = 1 << 91;
    uint256 internal constant FINAL = 1 << 92;

    uint256 private constant _VOTERS = 40;
    uint256 private constant _EXTENSIONS = 72;
    uint256 private constant _COUNTED = 80;

    function has(ElectionSlot slot, uint256 flag) internal pure returns (bool) {
        return ElectionSlot.unwrap(slot) & flag != 0;
    }

    function with(ElectionSlot slot, uint256 flag) internal pure returns (ElectionSlot) {
        return ElectionSlot.wrap(ElectionSlot.unwrap(slot) | flag);
    }

    /// @dev Freezes the election, which has no close yet.
    function opened(ElectionSlot slot, uint40 closing) internal pure returns (ElectionSlot) {
        return ElectionSlot.wrap(ElectionSlot.unwrap(slot) | closing);
    }

    /// @dev Puts the close off, once more.
    function extended(ElectionSlot slot, uint40 closing) internal pure returns (ElectionSlot) {
        uint256 rest = ElectionSlot.unwrap(slot) & ~uint256(type(uint40).max);
        return ElectionSlot.wrap((rest | closing) + (1 << _EXTENSIONS));
    }

    /// @dev One voter more. Fewer than 2^32: slots for so many cost more than all blocks of a century can pay for.
    function withVoter(ElectionSlot slot) internal pure returns (ElectionSlot) {
        return ElectionSlot.wrap(ElectionSlot.unwrap(slot) + (1 << _VOTERS));
    }

    /// @dev One question more is counted, of 16 at most.
    function withCounted(ElectionSlot slot) internal pure returns (ElectionSlot) {
        return ElectionSlot.wrap(ElectionSlot.unwrap(slot) + (1 << _COUNTED));
    }

    function isOpened(ElectionSlot slot) internal pure returns (bool) {
        return slot.closesAt() != 0;
    }

    function closesAt(ElectionSlot slot) internal pure returns (uint40) {
        return uint40(ElectionSlot.unwrap(slot));
    }

    function voters(ElectionSlot slot) internal pure returns (uint32) {
        return uint32(ElectionSlot.unwrap(slot) >> _VOTERS);
    }

    function extensions(ElectionSlot slot) internal pure returns (uint8) {
        return uint8(ElectionSlot.unwrap(slot) >> _EXTENSIONS);
    }

    function counted(ElectionSlot slot) internal pure returns (uint8) {
        return uint8(ElectionSlot.unwrap(slot) >> _COUNTED);
    }
}
