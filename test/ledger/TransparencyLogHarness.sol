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
}
