// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {TransparencyLog} from "../../contracts/ledger/TransparencyLog.sol";

/// @title TransparencyLogHarness
/// @notice Owns logs that anyone may append to, so that tests reach the library.
contract TransparencyLogHarness {
    using TransparencyLog for TransparencyLog.Logs;

    TransparencyLog.Logs private _logs;

    function append(bytes32 log, bytes32 entry) external returns (uint64) {
        return _logs.append(log, entry);
    }

    function appendMany(bytes32 log, bytes32[] calldata entries) external returns (uint64) {
        return _logs.appendMany(log, entries);
    }

    function size(bytes32 log) external view returns (uint64) {
        return _logs.size(log);
    }

    function checkpoint(bytes32 log) external view returns (uint64, bytes32) {
        return _logs.checkpoint(log);
    }

    function verifyInclusion(
        bytes32 leaf,
        uint64 index,
        uint64 treeSize,
        bytes32[] calldata path,
        bytes32 root
    ) external pure returns (bool) {
        return TransparencyLog.verifyInclusion(leaf, index, treeSize, path, root);
    }

    function verifyConsistency(
        uint64 firstSize,
        bytes32 firstRoot,
        uint64 secondSize,
        bytes32 secondRoot,
        bytes32[] calldata path
    ) external pure returns (bool) {
        return TransparencyLog.verifyConsistency(firstSize, firstRoot, secondSize, secondRoot, path);
    }

    function leafHash(bytes32 entry) external pure returns (bytes32) {
        return TransparencyLog.leafHash(entry);
    }

    function nodeHash(bytes32 left, bytes32 right) external pure returns (bytes32) {
        return TransparencyLog.nodeHash(left, right);
    }

    /// @notice How many of some entries of a log are proved by their paths: one call for many.
    function countIncluded(
        bytes32[] calldata leaves,
        uint64[] calldata indexes,
        bytes32[][] calldata paths,
        uint64 treeSize,
        bytes32 root
    ) external pure returns (uint256 count) {
        for (uint256 i; i < indexes.length; ++i) {
            if (TransparencyLog.verifyInclusion(leaves[i], indexes[i], treeSize, paths[i], root)) ++count;
        }
    }

    /// @notice How many of the earlier sizes 1, 2, … of a log are proved consistent with a later one.
    function countConsistent(
        bytes32[] calldata roots,
        bytes32[][] calldata paths,
        uint64 treeSize,
        bytes32 root
    ) external pure returns (uint256 count) {
        for (uint64 i; i < roots.length; ++i) {
            if (TransparencyLog.verifyConsistency(i + 1, roots[i], treeSize, root, paths[i])) ++count;
        }
    }
}
