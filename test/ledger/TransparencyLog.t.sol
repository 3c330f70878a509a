// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {TransparencyLog} from "../../contracts/ledger/TransparencyLog.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {vm} from "../helpers/Vm.sol";
import {PlainLog} from "./PlainLog.sol";
import {TransparencyLogHarness} from "./TransparencyLogHarness.sol";

contract TransparencyLogTest {
    bytes32 private constant LOG = "log";
    bytes32 private constant TWIN = "twin";

    TransparencyLogHarness private harness;

    function setUp() public {
        harness = TransparencyLogHarness(Artifact.deploy("TransparencyLogHarness", ""));
    }

    function testFuzz_appendMany_makesTheTreeOfItsTwin(uint256 seed, uint16 before, uint16 batch) public {
        bytes32[] memory first = _entries(seed, before % 40);
        bytes32[] memory second = _entries(~seed, (batch % 70) + 1);
        if (first.length != 0) harness.appendMany(LOG, first);
        assert(harness.appendMany(LOG, second) == first.length);

        for (uint256 i; i < first.length; ++i) harness.append(TWIN, first[i]);
        for (uint256 i; i < second.length; ++i) harness.append(TWIN, second[i]);

        (uint64 size, bytes32 root) = harness.checkpoint(LOG);
        (uint64 twinSize, bytes32 twinRoot) = harness.checkpoint(TWIN);
        assert(size == first.length + second.length && size == twinSize);
        assert(root == twinRoot);
    }

    function testFuzz_checkpoint_isTheRootOfThePlainTree(bytes32[] calldata given) public {
        bytes32[] memory entries = PlainLog.slice(given, 0, given.length % 130);
        for (uint256 i; i < entries.length; ++i) assert(harness.append(LOG, entries[i]) == i);
        (uint64 size, bytes32 root) = harness.checkpoint(LOG);
        assert(size == entries.length && size == harness.size(LOG));
        assert(root == PlainLog.root(entries));
    }

    function testFuzz_append_keepsLogsApart(bytes32 one, bytes32 other, bytes32 entry) public {
        vm.assume(one != other);
        harness.append(one, entry);
        assert(harness.size(other) == 0);
        (, bytes32 root) = harness.checkpoint(other);
        assert(root == sha256(""));
    }

    function testFuzz_verifyInclusion_agreesWithThePlainPath(uint256 seed, uint16 size, uint16 pick) public view {
        bytes32[] memory entries = _entries(seed, (size % 90) + 1);
        uint64 index = uint64(pick % entries.length);
        bytes32[] memory path = PlainLog.path(index, entries);
        bytes32 root = PlainLog.root(entries);
        bytes32 leaf = _leaf(entries[index]);
        uint64 n = uint64(entries.length);

        assert(harness.verifyInclusion(leaf, index, n, path, root));

        // Anything but the path itself is refused.
        assert(!harness.verifyInclusion(leaf, index, n, PlainLog.join(path, root), root));
        assert(!harness.verifyInclusion(leaf, n, n, path, root));
        assert(!harness.verifyInclusion(leaf, index, index, path, root));
        assert(!harness.verifyInclusion(~leaf, index, n, path, root));
        assert(!harness.verifyInclusion(leaf, index, n, path, ~root));
        if (path.length != 0) {
            assert(!harness.verifyInclusion(leaf, index, n, PlainLog.slice(path, 0, path.length - 1), root));
            assert(!harness.verifyInclusion(leaf, index, n, PlainLog.slice(path, 1, path.length), root));
            path[seed % path.length] ^= bytes32(uint256(1));
            assert(!harness.verifyInclusion(leaf, index, n, path, root));
        }
    }

    function testFuzz_verifyInclusion_neverTrueForAnotherIndex(
        uint256 seed,
        uint16 size,
        uint16 pick,
        uint64 other
    ) public view {
        bytes32[] memory entries = _entries(seed, (size % 60) + 2);
        uint64 index = uint64(pick % entries.length);
        other %= uint64(entries.length);
        vm.assume(other != index);
        bytes32[] memory path = PlainLog.path(index, entries);
        assert(
            !harness.verifyInclusion(_leaf(entries[index]), other, uint64(entries.length), path, PlainLog.root(entries))
        );
    }

    function testFuzz_verifyConsistency_agreesWithThePlainProof(uint256 seed, uint16 size, uint16 pick) public view {
        bytes32[] memory entries = _entries(seed, (size % 70) + 1);
        uint64 n = uint64(entries.length);
        uint64 m = uint64(pick % n) + 1;
        bytes32[] memory path = PlainLog.consistency(m, entries);
        bytes32 root = PlainLog.root(entries);
        bytes32 old = PlainLog.root(PlainLog.slice(entries, 0, m));

        assert(harness.verifyConsistency(m, old, n, root, path));

        assert(!harness.verifyConsistency(m, old, n, root, PlainLog.join(path, root)));
        assert(!harness.verifyConsistency(m, ~old, n, root, path));
        assert(!harness.verifyConsistency(m, old, n, ~root, path));
        assert(!harness.verifyConsistency(0, old, n, root, path));
        if (m != n) assert(!harness.verifyConsistency(n, root, m, old, path));
        if (path.length != 0) {
            assert(!harness.verifyConsistency(m, old, n, root, PlainLog.slice(path, 0, path.length - 1)));
            assert(!harness.verifyConsistency(m, old, n, root, PlainLog.slice(path, 1, path.length)));
            path[seed % path.length] ^= bytes32(uint256(1));
            assert(!harness.verifyConsistency(m, old, n, root, path));
        }
    }

    function testFuzz_verifyInclusion_falseWhenANodePassesForAnEntry(bytes32 a, bytes32 b) public {
        // Whoever gives the left node of a log of four as the first of two "entries" has its right path: the other node.
        bytes32[] memory entries = new bytes32[](4);
        (entries[0], entries[1], entries[2], entries[3]) = (a, b, b, a);
        harness.appendMany(LOG, entries);
        (uint64 size, bytes32 root) = harness.checkpoint(LOG);

        bytes32 node = sha256(abi.encodePacked(uint8(1), _leaf(a), _leaf(b)));
        bytes32[] memory path = new bytes32[](1);
        path[0] = sha256(abi.encodePacked(uint8(1), _leaf(b), _leaf(a)));

        // Hashed as an entry it is refused at every size; unhashed, at the true size.
        for (uint64 n = 1; n <= size; ++n) assert(!harness.verifyInclusion(_leaf(node), 0, n, path, root));
        assert(!harness.verifyInclusion(node, 0, size, path, root));
    }

    function testFuzz_hashes_areThoseOfTheStandard(bytes32 left, bytes32 right) public view {
        assert(harness.leafHash(left) == _leaf(left));
        assert(harness.nodeHash(left, right) == sha256(abi.encodePacked(uint8(1), left, right)));
    }

    function test_appendMany_reverts_whenBatchIsEmpty() public {
        vm.expectRevert(abi.encodeWithSelector(TransparencyLog.LogBatchEmpty.selector, LOG));
        harness.appendMany(LOG, new bytes32[](0));
    }

    function test_appendMany_reverts_whenGasRunsOutWhileHashing() public {
        bytes32[] memory entries = _entries(1, 50);
        harness.append(LOG, entries[0]);
        (, bytes32 before) = harness.checkpoint(LOG);
        uint256 failed;
        // Instrumented for coverage it takes far more, so the limit has no end of its own.
        for (uint256 limit = 20_000; ; limit += limit / 64) {
            try harness.appendMany{gas: limit}(LOG, entries) returns (uint64) {
                break;
            } catch {
                ++failed;
                (, bytes32 root) = harness.checkpoint(LOG);
                assert(root == before);
            }
        }
        assert(failed != 0);
        bytes32[] memory all = PlainLog.join(new bytes32[](0), entries[0]);
        for (uint256 i; i < entries.length; ++i) all = PlainLog.join(all, entries[i]);
        (, bytes32 last) = harness.checkpoint(LOG);
        assert(last == PlainLog.root(all));
    }

    function _leaf(bytes32 entry) private pure returns (bytes32) {
        return sha256(abi.encodePacked(uint8(0), entry));
    }

    function _entries(uint256 seed, uint256 count) private pure returns (bytes32[] memory entries) {
        entries = new bytes32[](count);
        for (uint256 i; i < count; ++i) entries[i] = keccak256(abi.encode(seed, i));
    }
}
