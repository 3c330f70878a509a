// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title TransparencyLog
/// @notice Append-only logs whose every state can be proved to anyone: RFC 9162 Merkle trees over SHA-256.
/// @dev A library over storage that a domain's contract owns. Who may append is the owner's rule.
/// The hashes are those of RFC 9162, section 2.1.1: `leaf = sha256(0x00 ‖ entry)`, `node = sha256(0x01 ‖ left ‖ right)`;
/// the two prefixes keep a leaf from passing for a node. The tree is kept as its peaks, the roots of the perfect
/// subtrees that the bits of its size name; everything else is rebuilt from events.
library TransparencyLog {
    // TYPES

    /// @notice One log: how many entries it has, and the peaks of its tree.
    /// @dev `peaks[level]` is live where bit `level` of `size` is set. A merged level keeps its stale value: clearing it
    /// would make its next write cost 22,100 gas in place of 5,000. `size` fits 64 bits, there being no level for more,
    /// and has a slot alone because writing part of one means reading it again.
    struct Log {
        uint256 size;
        bytes32[64] peaks;
    }

    /// @notice The logs of one contract, by their ids.
    /// @dev A contract with a single log gives it a constant id.
    struct Logs {
        mapping(bytes32 log => Log) _logs;
    }

    // EVENTS

    /// @notice Entries were appended to a log, in this order.
    /// @dev All that is needed to rebuild the tree and any proof of it.
    /// @param log The log's id within the contract that emits the event.
    /// @param firstIndex Index of the first of the entries, counted from 0.
    /// @param entries The entries; the last has the index `firstIndex + entries.length - 1`.
    event EntriesAppended(bytes32 indexed log, uint256 indexed firstIndex, bytes32[] entries);

    // ERRORS

    /// @notice When a batch to append holds no entry.
    /// @param log The log's id.
    error LogBatchEmpty(bytes32 log);

    // APPEND

    /// @notice Appends one entry.
    /// @param self The owner's logs.
    /// @param log The log's id.
    /// @param entry What is logged: a commitment, never plain data.
    /// @return index The entry's index, counted from 0.
    function append(Logs storage self, bytes32 log, bytes32 entry) internal returns (uint64 index) {
        Log storage tree = self._logs[log];
        index = uint64(tree.size);

        bytes32 node = _hashLeaf(entry);
        uint256 level;
        for (; (index >> level) & 1 == 1; ++level) node = _hashNode(tree.peaks[level], node);
        tree.peaks[level] = node;
        tree.size = uint256(index) + 1;

        bytes32[] memory entries = new bytes32[](1);
        entries[0] = entry;
        emit EntriesAppended(log, index, entries);
    }

    /// @notice Appends many entries at once, in the order given.
    /// @dev Builds the tree level by level in memory and writes each new peak once.
    /// @param self The owner's logs.
    /// @param log The log's id.
    /// @param entries What is logged: commitments, never plain data.
    /// @return firstIndex Index of the first of the entries, counted from 0.
    function appendMany(
        Logs storage self,
        bytes32 log,
        bytes32[] calldata entries
    ) internal returns (uint64 firstIndex) {
        require(entries.length != 0, LogBatchEmpty(log));
        Log storage tree = self._logs[log];
        firstIndex = uint64(tree.size);

        // Announced before it is done, so that the hashes use again the memory that the event's data took.
        emit EntriesAppended(log, firstIndex, entries);

        // The run of nodes grows to the left by at most one stored peak a level; one word more holds a prefix byte.
        uint256 run = 65;
        uint256 count = entries.length;
        bytes32[] memory nodes = new bytes32[](run + count);
        _hashLeaves(entries, nodes, run);

        uint256 position = firstIndex; // of the run's first node among the nodes of its level
        for (uint256 level; count != 0; ++level) {
            if (position & 1 == 1) {
                nodes[--run] = tree.peaks[level];
                ++count;
            }
            if (count & 1 == 1) tree.peaks[level] = nodes[run + count - 1];

            position >>= 1;
            count >>= 1;
            _hashPairs(nodes, run, count);
        }
        tree.size = uint256(firstIndex) + entries.length;
    }

    // VIEWS

    /// @notice Number of entries of a log.
    /// @param self The owner's logs.
    /// @param log The log's id.
    /// @return The number; 0 for a log that nothing was appended to.
    function size(Logs storage self, bytes32 log) internal view returns (uint64) {
        return uint64(self._logs[log].size);
    }

    /// @notice A log's size and Merkle root as of now: what inclusion and consistency are proved against.
    /// @dev The root of the empty log is `sha256("")`, as RFC 9162 says.
    /// @param self The owner's logs.
    /// @param log The log's id.
    /// @return treeSize Number of entries.
    /// @return root Merkle tree hash of the entries.
    function checkpoint(Logs storage self, bytes32 log) internal view returns (uint64 treeSize, bytes32 root) {
        Log storage tree = self._logs[log];
        treeSize = uint64(tree.size);
        if (treeSize == 0) return (0, sha256(""));

        uint256 level;
        while ((treeSize >> level) & 1 == 0) ++level;
        root = tree.peaks[level];
        for (++level; treeSize >> level != 0; ++level) {
            if ((treeSize >> level) & 1 == 1) root = nodeHash(tree.peaks[level], root);
        }
    }

    // PROOFS

    /// @notice Tells whether an entry's leaf stands at an index of a log of a given size and root.
    /// @dev RFC 9162, section 2.1.3.2. A path that is too long or too short is refused, and so is an index past the end.
    /// @param leaf The entry's leaf hash, `leafHash(entry)`. Warning: never take it from whoever brings the proof; hash
    /// the entry, or a node of the tree could pass for a leaf.
    /// @param index The entry's index, counted from 0.
    /// @param treeSize Number of entries of the log at the checkpoint.
    /// @param path Siblings from the leaf to the root.
    /// @param root The checkpoint's root.
    /// @return Whether it does.
    function verifyInclusion(
        bytes32 leaf,
        uint64 index,
        uint64 treeSize,
        bytes32[] calldata path,
        bytes32 root
    ) internal pure returns (bool) {
        if (index >= treeSize) return false;
        uint256 node = index;
        uint256 last = treeSize - 1;
        bytes32 hash = leaf;

        for (uint256 i; i < path.length; ++i) {
            if (last == 0) return false;
            if (node & 1 == 1 || node == last) {
                hash = nodeHash(path[i], hash);
                while (node & 1 == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            } else {
                hash = nodeHash(hash, path[i]);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && hash == root;
    }

    /// @notice Tells whether a log of one size and root was only appended to until it had another size and root.
    /// @dev RFC 9162, section 2.1.4.2, which is for `0 < firstSize < secondSize`. Beyond it: equal sizes are consistent
    /// when the roots are equal and the path is empty; of the empty log nothing can be proved, so it is refused.
    /// @param firstSize Number of entries at the earlier checkpoint.
    /// @param firstRoot The earlier checkpoint's root.
    /// @param secondSize Number of entries at the later checkpoint.
    /// @param secondRoot The later checkpoint's root.
    /// @param path The proof's nodes.
    /// @return Whether it was.
    function verifyConsistency(
        uint64 firstSize,
        bytes32 firstRoot,
        uint64 secondSize,
        bytes32 secondRoot,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        if (firstSize == 0 || firstSize > secondSize) return false;
        if (firstSize == secondSize) return path.length == 0 && firstRoot == secondRoot;
        if (path.length == 0) return false;
        uint256 node = firstSize - 1;
        uint256 last = secondSize - 1;
        while (node & 1 == 1) (node, last) = (node >> 1, last >> 1);

        // The old tree is a perfect subtree of the new one: the path starts at its root and leaves it out.
        uint256 i = firstSize & (firstSize - 1) == 0 ? 0 : 1;
        bytes32 first = i == 0 ? firstRoot : path[0];
        bytes32 second = first;

        for (; i < path.length; ++i) {
            if (last == 0) return false;
            if (node & 1 == 1 || node == last) {
                first = nodeHash(path[i], first);
                second = nodeHash(path[i], second);
                while (node & 1 == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            } else {
                second = nodeHash(second, path[i]);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && first == firstRoot && second == secondRoot;
    }

    // HASHES

    /// @notice Hash of an entry as a leaf of the tree.
    /// @param entry The entry.
    /// @return `sha256(0x00 ‖ entry)`.
    function leafHash(bytes32 entry) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"00", entry));
    }

    /// @notice Hash of an inner node of the tree.
    /// @param left Hash of the left child.
    /// @param right Hash of the right child.
    /// @return `sha256(0x01 ‖ left ‖ right)`.
    function nodeHash(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"01", left, right));
    }

    // INTERNAL

    // Each of the four functions below says in assembly what `leafHash` or `nodeHash` says, and is compared with a plain
    // twin by a fuzz test. They pay: 850 gas less for the average append, 540 less for each entry of a batch.

    /// @dev `leafHash`, without taking memory: the input is built in the scratch space.
    function _hashLeaf(bytes32 entry) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore8(0x00, 0x00)
            mstore(0x01, entry)
            // The precompile fails only for want of gas. Reverts with nothing, as solc's own sha256 does.
            if iszero(staticcall(gas(), 0x02, 0x00, 0x21, 0x00, 0x20)) {
                revert(0x00, 0x00)
            }
            hash := mload(0x00)
        }
    }

    /// @dev `nodeHash`, without taking memory: the input is built past the memory in use and given up at once.
    function _hashNode(bytes32 left, bytes32 right) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore8(input, 0x01)
            mstore(add(input, 0x01), left)
            mstore(add(input, 0x21), right)
            // The precompile fails only for want of gas. Reverts with nothing, as solc's own sha256 does.
            if iszero(staticcall(gas(), 0x02, input, 0x41, 0x00, 0x20)) {
                revert(0x00, 0x00)
            }
            hash := mload(0x00)
        }
    }

    /// @dev Puts the leaf hash of each entry into `nodes`, from the index `run` on.
    /// The input is built in the scratch space, and the hash lands where it stays.
    function _hashLeaves(bytes32[] calldata entries, bytes32[] memory nodes, uint256 run) private view {
        assembly ("memory-safe") {
            let ok := 1
            let source := entries.offset
            let end := add(source, shl(5, entries.length))
            let target := add(add(nodes, 0x20), shl(5, run))
            mstore8(0x00, 0x00)
            for {} lt(source, end) {
                source := add(source, 0x20)
                target := add(target, 0x20)
            } {
                mstore(0x01, calldataload(source))
                ok := and(ok, staticcall(gas(), 0x02, 0x00, 0x21, target, 0x20))
            }
            // The precompile fails only for want of gas. Reverts with nothing, as solc's own sha256 does.
            if iszero(ok) {
                revert(0x00, 0x00)
            }
        }
    }

    /// @dev Replaces the first `2 * count` nodes from the index `run` on by their `count` parents.
    /// Two neighbours are hashed where they stand. The prefix byte goes into the word before them, which is free: at
    /// first by `run >= 1`, then because it is already hashed and the parents, half as many, have not come so far.
    function _hashPairs(bytes32[] memory nodes, uint256 run, uint256 count) private view {
        assembly ("memory-safe") {
            let ok := 1
            let target := add(add(nodes, 0x20), shl(5, run))
            let end := add(target, shl(5, count))
            for {
                let source := sub(target, 0x01)
            } lt(target, end) {
                source := add(source, 0x40)
                target := add(target, 0x20)
            } {
                mstore8(source, 0x01)
                ok := and(ok, staticcall(gas(), 0x02, source, 0x41, target, 0x20))
            }
            // The precompile fails only for want of gas. Reverts with nothing, as solc's own sha256 does.
            if iszero(ok) {
                revert(0x00, 0x00)
            }
        }
    }
}
