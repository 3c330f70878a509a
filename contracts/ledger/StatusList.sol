// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title StatusList
/// @notice Lists of one- or two-bit statuses, readable by existing verifiers: W3C Bitstring Status Lists.
/// @dev A library over storage that a domain's contract owns; who may set what, and from which value to which, is the
/// owner's rule. The words of a list, each written as 32 bytes and joined in order, are byte for byte the bitstring of
/// W3C Bitstring Status List v1.0: entry 0 is the left-most bit, or bits, of byte 0. Two-bit entries hold the codes
/// below, which are those of the IETF Token Status List.
/// An owner keeps, for each list, how many bits an entry has (`bits`, 1 or 2) and how many entries (`length`), and passes
/// both with each call: packed with its own record they cost no read of their own.
library StatusList {
    // TYPES

    /// @notice The lists of one contract, by their ids.
    struct Lists {
        mapping(bytes32 list => mapping(uint256 wordIndex => uint256 word)) _words;
    }

    // CONSTANTS

    /// @notice Code of an entry that is valid.
    uint8 internal constant VALID = 0;

    /// @notice Code of an entry that is invalid (revoked, superseded), for good.
    uint8 internal constant INVALID = 1;

    /// @notice Code of a two-bit entry that is suspended.
    uint8 internal constant SUSPENDED = 2;

    /// @notice Code of a two-bit entry whose meaning the owner defines.
    uint8 internal constant APPLICATION_SPECIFIC = 3;

    /// @dev The low bit of each two-bit entry of a word.
    uint256 private constant LOW_BITS = type(uint256).max / 3;

    // EVENTS

    /// @notice A word of a list was written.
    /// @dev The latest of these for each word are the whole list; a word without any is 0.
    /// @param list The list's id within the contract that emits the event.
    /// @param wordIndex Index of the word: it holds the entries from `wordIndex * 256 / bits` on.
    /// @param word The word's new value, the first of its entries in the most significant bits.
    event StatusWordChanged(bytes32 indexed list, uint256 indexed wordIndex, uint256 word);

    // ERRORS

    /// @notice When entries are said to have neither one bit nor two.
    /// @param bits Bits an entry, as given.
    error StatusBitsUnsupported(uint256 bits);

    /// @notice When an index is not below the list's length.
    /// @param index The entry's index, counted from 0.
    /// @param length Entries of the list.
    error StatusIndexOutOfRange(uint256 index, uint256 length);

    /// @notice When the index of a word is past the end of the list.
    /// @param wordIndex Index of the word.
    /// @param length Entries of the list.
    error StatusWordOutOfRange(uint256 wordIndex, uint256 length);

    /// @notice When a value does not fit an entry.
    /// @param value The value given.
    /// @param bits Bits an entry.
    error StatusValueTooLarge(uint256 value, uint256 bits);

    /// @notice When a mask is empty, or covers one bit of a two-bit entry without the other.
    /// @param mask The mask given.
    /// @param bits Bits an entry.
    error StatusMaskInvalid(uint256 mask, uint256 bits);

    // SET

    /// @notice Sets one entry.
    /// @param self The owner's lists.
    /// @param list The list's id.
    /// @param bits Bits an entry, 1 or 2.
    /// @param length Entries of the list.
    /// @param index The entry's index, counted from 0.
    /// @param value The entry's new value.
    /// @return previous The value it had.
    function set(
        Lists storage self,
        bytes32 list,
        uint256 bits,
        uint256 length,
        uint256 index,
        uint8 value
    ) internal returns (uint8 previous) {
        (uint256 wordIndex, uint256 shift) = _locate(bits, length, index);
        uint256 mask = _filled(bits) << shift;
        require(value <= _filled(bits), StatusValueTooLarge(value, bits));

        uint256 old = self._words[list][wordIndex];
        previous = uint8((old & mask) >> shift);
        _write(self, list, wordIndex, (old & ~mask) | (uint256(value) << shift));
    }

    /// @notice Sets many entries of one word to the same value.
    /// @dev The owner forbids a transition by `matching` on the word returned, or on `wordAt` before.
    /// @param self The owner's lists.
    /// @param list The list's id.
    /// @param bits Bits an entry, 1 or 2.
    /// @param length Entries of the list.
    /// @param wordIndex Index of the word.
    /// @param mask All bits of each entry to set, in their places in the word.
    /// @param value The new value of each of these entries.
    /// @return previous The word before.
    function setMany(
        Lists storage self,
        bytes32 list,
        uint256 bits,
        uint256 length,
        uint256 wordIndex,
        uint256 mask,
        uint8 value
    ) internal returns (uint256 previous) {
        _requireMask(bits, length, wordIndex, mask);
        require(value <= _filled(bits), StatusValueTooLarge(value, bits));

        previous = self._words[list][wordIndex];
        _write(self, list, wordIndex, (previous & ~mask) | (_repeated(bits, value) & mask));
    }

    // VIEWS

    /// @notice Value of one entry.
    /// @param self The owner's lists.
    /// @param list The list's id.
    /// @param bits Bits an entry, 1 or 2.
    /// @param length Entries of the list.
    /// @param index The entry's index, counted from 0.
    /// @return The value, 0 to 3.
    function get(
        Lists storage self,
        bytes32 list,
        uint256 bits,
        uint256 length,
        uint256 index
    ) internal view returns (uint8) {
        (uint256 wordIndex, uint256 shift) = _locate(bits, length, index);
        return uint8((self._words[list][wordIndex] >> shift) & _filled(bits));
    }

    /// @notice A whole word of a list, its first entry in the most significant bits.
    /// @param self The owner's lists.
    /// @param list The list's id.
    /// @param wordIndex Index of the word.
    /// @return The word; zero where nothing was written.
    function wordAt(Lists storage self, bytes32 list, uint256 wordIndex) internal view returns (uint256) {
        return self._words[list][wordIndex];
    }

    /// @notice Which of the masked entries of a word have a given value: all bits of each of them are set.
    /// @dev Zero when none has. So an owner refuses to change an entry that is final:
    /// `require(StatusList.matching(old, 2, mask, StatusList.INVALID) == 0, ...)`.
    /// @param word The word.
    /// @param bits Bits an entry, 1 or 2.
    /// @param mask All bits of each entry asked about.
    /// @param value The value looked for.
    /// @return All bits of each such entry.
    function matching(uint256 word, uint256 bits, uint256 mask, uint8 value) internal pure returns (uint256) {
        uint256 same = ~(word ^ _repeated(bits, value));
        if (bits == 2) {
            same &= (same >> 1) & LOW_BITS; // the low bit of each entry both of whose bits are the same
            same |= same << 1;
        }
        return same & mask;
    }

    // INTERNAL

    /// @dev Writes a word and tells.
    function _write(Lists storage self, bytes32 list, uint256 wordIndex, uint256 word) private {
        self._words[list][wordIndex] = word;
        emit StatusWordChanged(list, wordIndex, word);
    }

    /// @dev Word that holds an entry, and how far to its left the word has to be shifted back to read it.
    function _locate(uint256 bits, uint256 length, uint256 index) private pure returns (uint256, uint256) {
        uint256 perWord = _entriesPerWord(bits);
        require(index < length, StatusIndexOutOfRange(index, length));
        return (index / perWord, 256 - bits * ((index % perWord) + 1));
    }

    /// @dev Requires that a mask names whole entries, at least one, all of them in the list.
    function _requireMask(uint256 bits, uint256 length, uint256 wordIndex, uint256 mask) private pure {
        uint256 perWord = _entriesPerWord(bits);
        bool whole = bits == 1 || (mask >> 1) & LOW_BITS == mask & LOW_BITS;
        require(whole && mask != 0, StatusMaskInvalid(mask, bits));
        require(wordIndex <= length / perWord, StatusWordOutOfRange(wordIndex, length));

        // The last of the entries is that of the mask's lowest bit.
        uint256 last = wordIndex * perWord + (255 - Math.log2(mask & (~mask + 1))) / bits;
        require(last < length, StatusIndexOutOfRange(last, length));
    }

    /// @dev Entries in a word: 256 or 128.
    function _entriesPerWord(uint256 bits) private pure returns (uint256) {
        require(bits == 1 || bits == 2, StatusBitsUnsupported(bits));
        return 256 / bits;
    }

    /// @dev The largest value of an entry, which is also its mask in the lowest bits: 1 or 3.
    function _filled(uint256 bits) private pure returns (uint256) {
        return (1 << bits) - 1;
    }

    /// @dev A word all of whose entries have the given value.
    function _repeated(uint256 bits, uint256 value) private pure returns (uint256) {
        return bits == 1 ? value * type(uint256).max : value * LOW_BITS;
    }
}
