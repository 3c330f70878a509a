// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {StatusList} from "../../contracts/ledger/StatusList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {vm} from "../helpers/Vm.sol";
import {StatusListHarness} from "./StatusListHarness.sol";

contract StatusListTest {
    bytes32 private constant LIST = "list";
    uint256 private constant LENGTH = 1_000;

    StatusListHarness private harness;

    /// @dev The plain twin: one value an entry.
    uint8[1_000] private twin;

    function setUp() public {
        harness = StatusListHarness(Artifact.deploy("StatusListHarness", ""));
    }

    function testFuzz_set_agreesWithItsTwin(uint256 seed, bool two) public {
        uint256 bits = two ? 2 : 1;
        for (uint256 i; i < 30; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint256 index = random % LENGTH;
            uint8 value = uint8((random >> 128) % (1 << bits));
            assert(harness.set(LIST, bits, LENGTH, index, value) == twin[index]);
            twin[index] = value;
        }
        _compare(bits);
    }

    function testFuzz_setMany_agreesWithItsTwin(uint256 seed, bool two) public {
        uint256 bits = two ? 2 : 1;
        uint256 perWord = 256 / bits;
        for (uint256 i; i < 4; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            uint256 wordIndex = random % 3;
            uint8 value = uint8((random >> 128) % (1 << bits));
            uint256 mask;
            uint256 old;
            for (uint256 entry; entry < perWord; ++entry) {
                uint256 index = wordIndex * perWord + entry;
                uint256 shift = 256 - bits * (entry + 1);
                old |= uint256(twin[index]) << shift;
                if ((uint256(keccak256(abi.encode(random, entry))) & 1 == 1) || entry == random % perWord) {
                    mask |= ((1 << bits) - 1) << shift;
                    twin[index] = value;
                }
            }
            assert(harness.setMany(LIST, bits, LENGTH, wordIndex, mask, value) == old);
        }
        _compare(bits);
    }

    function testFuzz_bitstring_isBigEndianMostSignificantBitFirst(uint16 pick, bool two) public {
        uint256 bits = two ? 2 : 1;
        uint256 index = pick % LENGTH;
        harness.set(LIST, bits, LENGTH, index, 1);

        bytes memory bitstring;
        for (uint256 i; i * 256 < LENGTH * bits; ++i) bitstring = abi.encodePacked(bitstring, harness.wordAt(LIST, i));

        // The last bit of the entry, counted from the left of the whole bitstring.
        uint256 position = (index + 1) * bits - 1;
        for (uint256 i; i < bitstring.length; ++i) {
            bytes1 expected = i == position / 8 ? bytes1(uint8(128 >> (position % 8))) : bytes1(0);
            assert(bitstring[i] == expected);
        }
    }

    function testFuzz_matching_agreesWithALoop(uint256 word, uint256 chosen, uint8 value, bool two) public view {
        uint256 bits = two ? 2 : 1;
        value %= uint8(1 << bits);
        uint256 mask;
        uint256 expected;
        for (uint256 shift; shift < 256; shift += bits) {
            uint256 entry = ((1 << bits) - 1) << shift;
            if ((chosen >> shift) & 1 == 0) continue;
            mask |= entry;
            if ((word & entry) >> shift == value) expected |= entry;
        }
        assert(harness.matching(word, bits, mask, value) == expected);
    }

    function testFuzz_set_keepsListsApart(bytes32 one, bytes32 other, uint16 pick) public {
        vm.assume(one != other);
        harness.set(one, 1, LENGTH, pick % LENGTH, 1);
        assert(harness.get(other, 1, LENGTH, pick % LENGTH) == 0);
    }

    function testFuzz_get_reverts_whenIndexIsOutOfRange(uint256 index, uint256 length, bool two) public {
        vm.assume(index >= length);
        uint256 bits = two ? 2 : 1;
        bytes memory refusal = abi.encodeWithSelector(StatusList.StatusIndexOutOfRange.selector, index, length);
        vm.expectRevert(refusal);
        harness.get(LIST, bits, length, index);
        vm.expectRevert(refusal);
        harness.set(LIST, bits, length, index, 1);
    }

    function testFuzz_setMany_reverts_whenAnEntryIsOutOfRange(uint16 size, bool two) public {
        uint256 bits = two ? 2 : 1;
        uint256 perWord = 256 / bits;
        uint256 length = (uint256(size) % 1_000) + 1;
        uint256 wordIndex = length / perWord;
        uint256 past = 256 - bits * ((length % perWord) + 1); // shift of the first entry past the end
        vm.expectRevert(abi.encodeWithSelector(StatusList.StatusIndexOutOfRange.selector, length, length));
        harness.setMany(LIST, bits, length, wordIndex, ((1 << bits) - 1) << past, 1);
    }

    function testFuzz_setMany_reverts_whenTheWordIsOutOfRange(uint256 wordIndex, uint64 length) public {
        vm.assume(wordIndex > uint256(length) / 256);
        vm.expectRevert(abi.encodeWithSelector(StatusList.StatusWordOutOfRange.selector, wordIndex, length));
        harness.setMany(LIST, 1, length, wordIndex, type(uint256).max, 1);
    }

    function testFuzz_setMany_reverts_whenAMaskCutsAnEntry(uint256 mask) public {
        bool whole = true;
        for (uint256 shift; shift < 256; shift += 2) {
            uint256 entry = (mask >> shift) & 3;
            if (entry == 1 || entry == 2) whole = false;
        }
        vm.assume(!whole);
        vm.expectRevert(abi.encodeWithSelector(StatusList.StatusMaskInvalid.selector, mask, 2));
        harness.setMany(LIST, 2, LENGTH, 0, mask, 1);
    }

    function test_setMany_reverts_whenTheMaskIsEmpty() public {
        vm.expectRevert(abi.encodeWithSelector(StatusList.StatusMaskInvalid.selector, 0, 1));
        harness.setMany(LIST, 1, LENGTH, 0, 0, 1);
    }

    function testFuzz_set_reverts_whenValueIsTooLarge(uint8 value, bool two) public {
        uint256 bits = two ? 2 : 1;
        vm.assume(value >= 1 << bits);
        bytes memory refusal = abi.encodeWithSelector(StatusList.StatusValueTooLarge.selector, value, bits);
        vm.expectRevert(refusal);
        harness.set(LIST, bits, LENGTH, 0, value);
        vm.expectRevert(refusal);
        harness.setMany(LIST, bits, LENGTH, 0, 3, value);
    }

    function testFuzz_get_reverts_whenBitsAreNeitherOneNorTwo(uint256 bits) public {
        vm.assume(bits != 1 && bits != 2);
        bytes memory refusal = abi.encodeWithSelector(StatusList.StatusBitsUnsupported.selector, bits);
        vm.expectRevert(refusal);
        harness.get(LIST, bits, LENGTH, 0);
        vm.expectRevert(refusal);
        harness.set(LIST, bits, LENGTH, 0, 1);
        vm.expectRevert(refusal);
        harness.setMany(LIST, bits, LENGTH, 0, 1, 1);
    }

    /// @dev Every entry, by words that are put together here from the twin, and one of the entries by `get`.
    function _compare(uint256 bits) private view {
        uint256 word;
        for (uint256 index; index < LENGTH; ++index) {
            uint256 shift = 256 - bits - ((index * bits) % 256);
            word |= uint256(twin[index]) << shift;
            if (shift != 0 && index != LENGTH - 1) continue;
            assert(harness.wordAt(LIST, (index * bits) / 256) == word);
            assert(harness.get(LIST, bits, LENGTH, index) == twin[index]);
            word = 0;
        }
    }
}
