// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {StatusList} from "../../contracts/ledger/StatusList.sol";

/// @title StatusListHarness
/// @notice Owns lists that anyone may set, so that tests reach the library.
contract StatusListHarness {
    using StatusList for StatusList.Lists;

    StatusList.Lists private _lists;

    struct Update {
        uint256 wordIndex;
        uint256 mask;
    }

    function set(bytes32 list, uint256 bits, uint256 length, uint256 index, uint8 value) external returns (uint8) {
        return _lists.set(list, bits, length, index, value);
    }

    function setMany(
        bytes32 list,
        uint256 bits,
        uint256 length,
        uint256 wordIndex,
        uint256 mask,
        uint8 value
    ) external returns (uint256) {
        return _lists.setMany(list, bits, length, wordIndex, mask, value);
    }

    function setWords(bytes32 list, uint256 bits, uint256 length, Update[] calldata updates, uint8 value) external {
        for (uint256 i; i < updates.length; ++i) {
            _lists.setMany(list, bits, length, updates[i].wordIndex, updates[i].mask, value);
        }
    }

    function get(bytes32 list, uint256 bits, uint256 length, uint256 index) external view returns (uint8) {
        return _lists.get(list, bits, length, index);
    }

    function wordAt(bytes32 list, uint256 wordIndex) external view returns (uint256) {
        return _lists.wordAt(list, wordIndex);
    }

    function matching(uint256 word, uint256 bits, uint256 mask, uint8 value) external pure returns (uint256) {
        return StatusList.matching(word, bits, mask, value);
    }
}
