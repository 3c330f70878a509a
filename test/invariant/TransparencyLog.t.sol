// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Artifact} from "../helpers/Artifact.sol";
import {PlainLog} from "../ledger/PlainLog.sol";
import {TransparencyLogHarness} from "../ledger/TransparencyLogHarness.sol";

/// @title LogHandler
/// @notice Appends at random, and remembers all entries and the checkpoint after each call.
contract LogHandler {
    bytes32 public constant LOG = "log";
    bytes32 public constant OTHER = "other";

    TransparencyLogHarness public immutable harness = TransparencyLogHarness(
        Artifact.deploy("TransparencyLogHarness", "")
    );

    bytes32[] private _entries;
    uint64[] private _sizes;
    bytes32[] private _roots;

    function append(bytes32 entry) external {
        harness.append(LOG, entry);
        _entries.push(entry);
        _remember();
    }

    function appendMany(bytes32 seed, uint8 count) external {
        bytes32[] memory batch = new bytes32[]((count % 4) + 1);
        for (uint256 i; i < batch.length; ++i) {
            batch[i] = keccak256(abi.encode(seed, i));
            _entries.push(batch[i]);
        }
        harness.appendMany(LOG, batch);
        _remember();
    }

    function appendToOther(bytes32 entry) external {
        harness.append(OTHER, entry);
    }

    function entries() external view returns (bytes32[] memory) {
        return _entries;
    }

    function checkpoints() external view returns (uint64[] memory, bytes32[] memory) {
        return (_sizes, _roots);
    }

    function _remember() private {
        (uint64 size, bytes32 root) = harness.checkpoint(LOG);
        _sizes.push(size);
        _roots.push(root);
    }
}

contract TransparencyLogInvariants {
    LogHandler private handler;
    TransparencyLogHarness private harness;

    function setUp() public {
        handler = LogHandler(Artifact.deploy("LogHandler", ""));
        harness = handler.harness();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_theRootIsThatOfAllEntriesInOrder() public view {
        bytes32[] memory entries = handler.entries();
        (uint64 size, bytes32 root) = harness.checkpoint(handler.LOG());
        assert(size == entries.length);
        assert(root == PlainLog.root(entries));
    }

    function invariant_everyEarlierCheckpointIsConsistentWithThePresentOne() public view {
        bytes32[] memory entries = handler.entries();
        (uint64[] memory sizes, bytes32[] memory roots) = handler.checkpoints();
        if (sizes.length == 0) return;
        (uint64 size, bytes32 root) = harness.checkpoint(handler.LOG());

        // The first, the last and one between; over the runs, any.
        uint256[3] memory picks = [0, uint256(root) % sizes.length, sizes.length - 1];
        for (uint256 i; i < picks.length; ++i) {
            uint64 first = sizes[picks[i]];
            bytes32[] memory path = PlainLog.consistency(first, entries);
            assert(harness.verifyConsistency(first, roots[picks[i]], size, root, path));
        }
    }

    function invariant_everyEntryIsProvedAtItsIndex() public view {
        bytes32[] memory entries = handler.entries();
        if (entries.length == 0) return;
        (uint64 size, bytes32 root) = harness.checkpoint(handler.LOG());
        uint64[3] memory picks = [0, uint64(uint256(root) % size), size - 1];
        for (uint256 i; i < picks.length; ++i) {
            bytes32 leaf = sha256(abi.encodePacked(uint8(0), entries[picks[i]]));
            assert(harness.verifyInclusion(leaf, picks[i], size, PlainLog.path(picks[i], entries), root));
        }
    }
}
