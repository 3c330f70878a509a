// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title PlainLog
/// @notice RFC 9162 said as it says it, recursively over all entries: the oracle that the log's tests compare with.
/// @dev Sections 2.1.1 (MTH), 2.1.3.1 (PATH) and 2.1.4.1 (SUBPROOF). No code is shared with the library.
library PlainLog {
    function root(bytes32[] memory entries) internal pure returns (bytes32) {
        if (entries.length == 0) return sha256("");
        if (entries.length == 1) return sha256(abi.encodePacked(uint8(0), entries[0]));
        uint256 k = split(entries.length);
        return sha256(abi.encodePacked(uint8(1), root(slice(entries, 0, k)), root(slice(entries, k, entries.length))));
    }

    function path(uint256 index, bytes32[] memory entries) internal pure returns (bytes32[] memory) {
        if (entries.length == 1) return new bytes32[](0);
        uint256 k = split(entries.length);
        bytes32[] memory left = slice(entries, 0, k);
        bytes32[] memory right = slice(entries, k, entries.length);
        return index < k ? join(path(index, left), root(right)) : join(path(index - k, right), root(left));
    }

    function consistency(uint256 first, bytes32[] memory entries) internal pure returns (bytes32[] memory) {
        return subproof(first, entries, true);
    }

    function subproof(uint256 first, bytes32[] memory entries, bool whole) internal pure returns (bytes32[] memory) {
        if (first == entries.length) {
            return whole ? new bytes32[](0) : join(new bytes32[](0), root(entries));
        }
        uint256 k = split(entries.length);
        bytes32[] memory left = slice(entries, 0, k);
        bytes32[] memory right = slice(entries, k, entries.length);
        return
            first <= k
                ? join(subproof(first, left, whole), root(right))
                : join(subproof(first - k, right, false), root(left));
    }

    /// @dev The largest power of two below `n`.
    function split(uint256 n) internal pure returns (uint256 k) {
        k = 1;
        while (k * 2 < n) k *= 2;
    }

    function slice(bytes32[] memory items, uint256 from, uint256 to) internal pure returns (bytes32[] memory part) {
        part = new bytes32[](to - from);
        for (uint256 i = from; i < to; ++i) part[i - from] = items[i];
    }

    function join(bytes32[] memory items, bytes32 last) internal pure returns (bytes32[] memory all) {
        all = new bytes32[](items.length + 1);
        for (uint256 i; i < items.length; ++i) all[i] = items[i];
        all[items.length] = last;
    }
}
