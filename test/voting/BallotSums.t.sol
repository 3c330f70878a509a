// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BallotSums} from "../../contracts/voting/BallotSums.sol";
import {IElection} from "../../contracts/voting/IElection.sol";
import {Question} from "../../contracts/voting/Questions.sol";
import {vm} from "../helpers/Vm.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";
import {PlainTally} from "./PlainTally.sol";
import {QuickCurve} from "./QuickCurve.sol";
import {TallyHarness} from "./TallyHarness.sol";

contract BallotSumsTest {
    using PlainCurve for Point;

    /// @dev Ballots as a test draws them, with an election of one group: two points each.
    struct Ballots {
        bytes32[] keys;
        uint256[] weights;
        Point[] first;
        Point[] second;
        bytes[] entries;
    }

    TallyHarness private harness;
    TallyHarness private pair;
    Point[] private points;

    function setUp() public {
        Question[] memory questions = new Question[](1);
        questions[0] = Question(3, 1, 1, false);
        harness = new TallyHarness(questions);
        questions = new Question[](2);
        questions[0] = Question(5, 1, 2, false);
        questions[1] = Question(2, 0, 1, true);
        pair = new TallyHarness(questions);

        // -3G to 3G without infinity, K and -K: exceptional additions come up in nearly every run.
        for (uint256 i = 1; i < 4; ++i) {
            Point memory point = PlainCurve.base().multiply(i);
            points.push(point);
            points.push(point.negate());
        }
        points.push(PlainCurve.generator("K"));
        points.push(PlainCurve.generator("K").negate());
    }

    function test_blinding_isTheGeneratorK() public view {
        Point memory k = PlainCurve.generator("K");
        assert(k.y == BallotSums.K_Y);
    }

    function testFuzz_accumulate_agreesWithThePlainSum_whenPointsMeet(uint256 seed, uint8 cut) public {
        _assertSums(_meeting(seed, 6), cut % 7);
    }

    function testFuzz_accumulate_agreesWithThePlainSum(uint256 seed, uint64 weight) public {
        Ballots memory ballots = _empty(3);
        for (uint256 i; i < 3; ++i) {
            uint256 own =
                i == 1
                    ? weight
                    : i == 2
                        ? uint64(_draw(seed, "weight"))
                        : 1;
            Point memory first = QuickCurve.multiply(PlainCurve.base(), _draw(seed, bytes32(2 * i)));
            Point memory second = QuickCurve.multiply(PlainCurve.base(), _draw(seed, bytes32(2 * i + 1)));
            _put(ballots, i, bytes32(i << 200), own, first, second);
        }
        _assertSums(ballots, seed % 4);
    }

    // Two voters with r_2 = r_1 at the lowest keys, then with r_2 = -r_1, both with and without a weight that evens it out.
    function testFuzz_accumulate_goesOn_whenVotersCollude(uint256 seed) public {
        Point memory one = QuickCurve.multiply(PlainCurve.base(), _draw(seed, "r"));
        Point memory twice = one.add(one);
        _assertPair(one, 1, one, 1);
        _assertPair(one, 1, one.negate(), 1);
        _assertPair(one, 2, twice, 1);
        _assertPair(one, 2, twice.negate(), 1);
        _assertPair(twice, 1, one, 2);
        _assertPair(twice, 1, one.negate(), 2);
        _assertPair(one, 3, one, 3);
    }

    // Only whoever knew log K could do so.
    function testFuzz_accumulate_goesOn_whenAPointMeetsTheBlinding(uint256 seed) public {
        Point memory k = points[6];
        Point memory one = QuickCurve.multiply(PlainCurve.base(), _draw(seed, "r"));
        _assertPair(k, 1, one, 1);
        _assertPair(k.negate(), 1, one, 1);
        _assertPair(k.negate(), 1, k.negate(), 1);
        _assertPair(one, 1, one.negate().add(k.negate()), 1);
        _assertPair(k.negate(), 2, k, 1);
    }

    function testFuzz_accumulate_isOne_howeverItIsCut(uint256 seed, uint8 cut) public {
        Ballots memory ballots = _meeting(seed, 6);
        _record(ballots);
        IElection.Progress memory whole = _run(_fresh(), ballots, 0, 6);
        IElection.Progress memory parts = _run(_run(_fresh(), ballots, 0, cut % 7), ballots, cut % 7, 6);
        assert(harness.progressHash(whole) == harness.progressHash(parts));
        assert(whole.count == 6 && whole.last == ballots.keys[5]);
    }

    function test_accumulate_takesTheKeyZero_whenItIsTheFirst() public {
        Ballots memory ballots = _empty(2);
        _put(ballots, 0, 0, 1, points[0], points[1]);
        _put(ballots, 1, bytes32(type(uint256).max), 1, points[2], points[3]);
        _assertSums(ballots, 1);
    }

    function test_accumulate_sumsNothing_whenNobodyVoted() public view {
        IElection.Progress memory next = harness.preview(_fresh(), "");
        assert(next.count == 0 && next.weight == 0 && next.sums.length == 6);
        (uint256[] memory sums, , ) = harness.finish(next);
        for (uint256 i; i < 4; ++i) assert(sums[i] == 0);
    }

    function testFuzz_accumulate_beginsAnew_whenTheCountIsZero(
        uint128 weight,
        bytes32 last,
        uint256[] memory sums
    ) public {
        Ballots memory ballots = _meeting(weight, 3);
        _record(ballots);
        IElection.Progress memory begun = _run(IElection.Progress(0, weight, last, sums), ballots, 0, 3);
        assert(harness.progressHash(begun) == harness.progressHash(_run(_fresh(), ballots, 0, 3)));
    }

    function testFuzz_accumulate_reverts_whenAnEntryIsCut(uint256 seed, uint256 cut) public {
        Ballots memory ballots = _meeting(seed, 2);
        _record(ballots);
        uint256 length = ballots.entries[1].length;
        cut = (cut % (length - 1)) + 1;
        bytes memory entries = bytes.concat(ballots.entries[0], ballots.entries[1]);
        uint256 left = length - cut;
        // A weight that is cut off is read as zeros.
        bool isWeighted = left >= 64 && ballots.weights[1] > 1;
        assembly ("memory-safe") {
            mstore(entries, sub(mload(entries), cut))
        }
        vm.expectRevert(
            abi.encodeWithSelector(BallotSums.TallyEntryIncomplete.selector, 1, left, isWeighted ? 320 : 192)
        );
        harness.preview(_fresh(), entries);
    }

    function testFuzz_accumulate_reverts_whenASlotComesTwiceOrTooLate(uint256 seed, uint8 first, uint8 second) public {
        Ballots memory ballots = _meeting(seed, 4);
        _record(ballots);
        (first, second) = (first % 4, second % 4);
        if (second > first) (first, second) = (second, first);
        bytes memory refused = abi.encodeWithSelector(
            BallotSums.TallyOrderWrong.selector,
            1,
            ballots.keys[second],
            ballots.keys[first]
        );
        vm.expectRevert(refused);
        harness.preview(_fresh(), bytes.concat(ballots.entries[first], ballots.entries[second]));

        IElection.Progress memory progress = _run(_fresh(), ballots, first, first + 1);
        refused = abi.encodeWithSelector(
            BallotSums.TallyOrderWrong.selector,
            0,
            ballots.keys[second],
            ballots.keys[first]
        );
        vm.expectRevert(refused);
        harness.preview(progress, ballots.entries[second]);
    }

    function testFuzz_accumulate_reverts_whenNobodyVotedInASlot(uint256 seed) public {
        Ballots memory ballots = _meeting(seed, 2);
        _record(ballots);
        harness.record(ballots.keys[1], 0);
        vm.expectRevert(abi.encodeWithSelector(BallotSums.TallySlotEmpty.selector, 1, ballots.keys[1]));
        harness.preview(_fresh(), bytes.concat(ballots.entries[0], ballots.entries[1]));
    }

    function testFuzz_accumulate_reverts_whenAnyBitIsAnother(uint256 seed, uint256 bit) public {
        Ballots memory ballots = _meeting(seed, 2);
        _record(ballots);
        bytes memory entry = ballots.entries[1];
        bit %= 8 * entry.length;
        entry[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        // Which check it meets depends on the word: length or hash for a weight, order or slot for a key.
        vm.expectRevert();
        harness.preview(_fresh(), bytes.concat(ballots.entries[0], entry));
    }

    function test_accumulate_reverts_whenTheCiphertextIsAnother() public {
        Ballots memory ballots = _empty(1);
        _put(ballots, 0, "a", 1, points[0], points[1]);
        bytes32 recorded = _record(ballots);
        _put(ballots, 0, "a", 1, points[0], points[2]);
        _expectOther(ballots, recorded);
    }

    function test_accumulate_reverts_whenTheWeightIsAnother() public {
        Ballots memory ballots = _empty(1);
        _put(ballots, 0, "a", 1, points[0], points[1]);
        bytes32 recorded = _record(ballots);
        _put(ballots, 0, "a", 2, points[0], points[1]);
        _expectOther(ballots, recorded);
        _put(ballots, 0, "a", 0, points[0], points[1]);
        _expectOther(ballots, recorded);
        _put(ballots, 0, "a", PlainCurve.N + 1, points[0], points[1]);
        _expectOther(ballots, recorded);
    }

    function testFuzz_accumulate_reverts_whenAMultipleIsAnother(uint256 seed, uint8 index, uint8 other) public {
        Ballots memory ballots = _empty(1);
        uint256 weight = (seed % 5) + 2;
        _put(ballots, 0, "a", weight, points[0], points[2]);
        _record(ballots);
        index %= 2;
        Point memory right = points[index * 2].multiply(weight);
        Point memory wrong = other % 8 == 0 ? right.negate() : points[other % 8];
        if (wrong.equal(right)) wrong = Point(0, 0);
        bytes memory entry = ballots.entries[0];
        uint256 at = 224 + 64 * uint256(index);
        (uint256 x, uint256 y) = (wrong.x, wrong.y);
        assembly ("memory-safe") {
            mstore(add(entry, at), x)
            mstore(add(add(entry, at), 0x20), y)
        }
        vm.expectRevert(abi.encodeWithSelector(BallotSums.TallyMultipleWrong.selector, 0, index));
        harness.preview(_fresh(), entry);
    }

    function testFuzz_progressHash_dependsOnAll(uint256 seed) public view {
        IElection.Progress memory progress = _fresh();
        progress.sums = new uint256[](6);
        bytes32 before = harness.progressHash(progress);
        uint256 part = seed % 10;
        if (part == 0) progress.count = 1;
        else if (part == 1) progress.weight = 1;
        else if (part == 2) progress.last = bytes32(uint256(1));
        else if (part == 3) progress.sums = new uint256[](7);
        else progress.sums[part - 4] = seed | 1;
        assert(harness.progressHash(progress) != before);
    }

    function testFuzz_finish_givesEachGroupItsSum(uint256 seed) public {
        bytes memory ciphertexts;
        bytes memory opposite;
        for (uint256 i; i < 6; ++i) {
            Point memory point = points[(seed >> (8 * i)) % 8];
            ciphertexts = bytes.concat(ciphertexts, abi.encode(point));
            // The last group adds up to infinity.
            opposite = bytes.concat(opposite, abi.encode(i < 4 ? points[(seed >> (8 * i + 3)) % 8] : point.negate()));
        }
        bytes[2] memory both = [ciphertexts, opposite];
        bytes memory entries;
        for (uint256 i; i < 2; ++i) {
            pair.record(bytes32(i), keccak256(bytes.concat(both[i], abi.encode(1))));
            entries = bytes.concat(entries, abi.encode(i, 1), both[i]);
        }
        IElection.Progress memory progress = pair.preview(_fresh(), entries);
        (uint256[] memory sums, bytes32[] memory hashes, bytes32[] memory firstHashes) = pair.finish(progress);
        for (uint256 i; i < 6; ++i) {
            Point memory expected = points[(seed >> (8 * i)) % 8].add(points[(seed >> (8 * i + 3)) % 8]);
            if (i > 3) expected = Point(0, 0);
            assert(sums[2 * i] == expected.x && sums[2 * i + 1] == expected.y);
        }
        assert(sums.length == 12 && hashes.length == 2 && firstHashes.length == 2);
        assert(
            hashes[0] == keccak256(abi.encode(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]))
        );
        assert(hashes[1] == keccak256(abi.encode(sums[8], sums[9], sums[10], sums[11])));
        assert(firstHashes[0] == keccak256(abi.encode(sums[0], sums[1], sums[4], sums[5])));
        assert(firstHashes[1] == keccak256(abi.encode(sums[8], sums[9])));
    }

    function test_report_addsTheBlankOnesUp() public view {
        uint256[] memory counts = new uint256[](4);
        (counts[0], counts[1], counts[2], counts[3]) = (5, 6, 7, 8);
        assert(keccak256(abi.encode(harness.report(counts, 0))) == keccak256(abi.encode(counts)));
        uint256[] memory reported = harness.report(counts, 2);
        assert(reported.length == 3 && reported[0] == 5 && reported[1] == 6 && reported[2] == 15);
        reported = harness.report(counts, 1);
        assert(reported.length == 4 && reported[3] == 8);
    }

    function _assertPair(Point memory one, uint256 weight, Point memory two, uint256 otherWeight) private {
        Ballots memory ballots = _empty(3);
        _put(ballots, 0, 0, weight, one, two);
        _put(ballots, 1, bytes32(uint256(1)), otherWeight, two, one);
        _put(ballots, 2, bytes32(uint256(2)), 1, points[0], points[1]);
        _assertSums(ballots, 2);
        Ballots memory alone = _empty(2);
        _put(alone, 0, 0, weight, one, two);
        _put(alone, 1, bytes32(uint256(1)), otherWeight, two, one);
        _assertSums(alone, 1);
    }

    /// @dev Records the ballots, sums them up in two chunks, and compares with the plain sum.
    function _assertSums(Ballots memory ballots, uint256 cut) private {
        _record(ballots);
        uint256 count = ballots.keys.length;
        IElection.Progress memory progress = _run(_run(_fresh(), ballots, 0, cut), ballots, cut, count);
        uint256 weight;
        for (uint256 i; i < count; ++i) weight += ballots.weights[i];
        assert(progress.count == count && progress.weight == weight && progress.last == ballots.keys[count - 1]);

        (uint256[] memory sums, , ) = harness.finish(progress);
        Point memory first = PlainTally.sum(ballots.first, ballots.weights);
        Point memory second = PlainTally.sum(ballots.second, ballots.weights);
        assert(sums.length == 4);
        assert(sums[0] == first.x && sums[1] == first.y && sums[2] == second.x && sums[3] == second.y);
    }

    function _expectOther(Ballots memory ballots, bytes32 recorded) private {
        bytes32 given = _hash(ballots, 0);
        vm.expectRevert(
            abi.encodeWithSelector(BallotSums.TallyBallotWrong.selector, 0, ballots.keys[0], given, recorded)
        );
        harness.preview(_fresh(), ballots.entries[0]);
    }

    /// @dev Ballots of a few points and of weights 0 to 3, under ascending keys.
    function _meeting(uint256 seed, uint256 count) private view returns (Ballots memory ballots) {
        ballots = _empty(count);
        for (uint256 i; i < count; ++i) {
            uint256 drawn = uint256(keccak256(abi.encode(seed, i)));
            bytes32 key = bytes32((i << 250) | (drawn >> 10));
            _put(ballots, i, key, drawn % 4, points[(drawn >> 2) % 8], points[(drawn >> 5) % 8]);
        }
    }

    function _empty(uint256 count) private pure returns (Ballots memory ballots) {
        ballots.keys = new bytes32[](count);
        ballots.weights = new uint256[](count);
        ballots.first = new Point[](count);
        ballots.second = new Point[](count);
        ballots.entries = new bytes[](count);
    }

    function _put(
        Ballots memory ballots,
        uint256 i,
        bytes32 key,
        uint256 weight,
        Point memory first,
        Point memory second
    ) private view {
        (ballots.keys[i], ballots.weights[i], ballots.first[i], ballots.second[i]) = (key, weight, first, second);
        bytes memory entry = abi.encode(key, weight, first, second);
        if (weight > 1) {
            entry = bytes.concat(
                entry,
                abi.encode(QuickCurve.multiply(first, weight), QuickCurve.multiply(second, weight))
            );
        }
        ballots.entries[i] = entry;
    }

    function _record(Ballots memory ballots) private returns (bytes32 ballotHash) {
        for (uint256 i; i < ballots.keys.length; ++i) {
            ballotHash = _hash(ballots, i);
            harness.record(ballots.keys[i], ballotHash);
        }
    }

    function _hash(Ballots memory ballots, uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode(ballots.first[i], ballots.second[i], ballots.weights[i]));
    }

    function _run(
        IElection.Progress memory progress,
        Ballots memory ballots,
        uint256 from,
        uint256 end
    ) private view returns (IElection.Progress memory) {
        bytes memory entries;
        for (; from < end; ++from) entries = bytes.concat(entries, ballots.entries[from]);
        return harness.preview(progress, entries);
    }

    function _fresh() private pure returns (IElection.Progress memory progress) {}

    function _draw(uint256 seed, bytes32 name) private pure returns (uint256) {
        return (uint256(keccak256(abi.encode(seed, name))) % (PlainCurve.N - 1)) + 1;
    }
}
