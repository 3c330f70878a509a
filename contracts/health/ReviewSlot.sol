// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev A provider's uses of the break-glass, which are numbered from 1, in one word: how many, how many of them wait for a
/// review, and which of the last 192. So a review writes this word and need not write the use's. From the least significant
/// bit: opened32 | waiting32 | mask192, where the bit of a use is its number modulo 192.
type ReviewSlot is uint256;

using ReviewSlots for ReviewSlot global;

/// @title ReviewSlots
/// @notice Keeps which of a provider's uses of the break-glass wait for a review.
library ReviewSlots {
    uint256 private constant _WAITING = 32;
    uint256 private constant _MASK = 64;
    uint32 private constant _KEPT = 192;

    /// @dev How many uses the provider ever made.
    function opened(ReviewSlot slot) internal pure returns (uint32) {
        return uint32(ReviewSlot.unwrap(slot));
    }

    /// @dev How many of them wait for a review.
    function waiting(ReviewSlot slot) internal pure returns (uint32) {
        return uint32(ReviewSlot.unwrap(slot) >> _WAITING);
    }

    /// @dev Whether the use 192 before the next one waits: there is no place for the next.
    function isFull(ReviewSlot slot) internal pure returns (bool) {
        return ReviewSlot.unwrap(slot) & _bitOf(slot.opened() + 1) != 0;
    }

    /// @dev Whether a use that was made waits for a review. What is older than the last 192 does not: `isFull`.
    function isWaiting(ReviewSlot slot, uint32 number) internal pure returns (bool) {
        return slot.opened() - number < _KEPT && ReviewSlot.unwrap(slot) & _bitOf(number) != 0;
    }

    /// @dev With one use more, which waits. Not for a slot that is full.
    function afterOpening(ReviewSlot slot) internal pure returns (ReviewSlot) {
        uint32 number = slot.opened() + 1;
        // The lowest field just went up by 1 without overflow, and fewer than 192 wait.
        unchecked {
            return ReviewSlot.wrap((ReviewSlot.unwrap(slot) + 1 + (1 << _WAITING)) | _bitOf(number));
        }
    }

    /// @dev With a use reviewed that waited.
    function afterReview(ReviewSlot slot, uint32 number) internal pure returns (ReviewSlot) {
        // At least that one waited.
        unchecked {
            return ReviewSlot.wrap((ReviewSlot.unwrap(slot) - (1 << _WAITING)) & ~_bitOf(number));
        }
    }

    function _bitOf(uint32 number) private pure returns (uint256) {
        return 1 << (_MASK + (number % _KEPT));
    }
}
