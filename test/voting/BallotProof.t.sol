// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BallotProof} from "../../contracts/voting/BallotProof.sol";
import {HintedSum} from "../../contracts/voting/HintedSum.sol";
import {Question} from "../../contracts/voting/Questions.sol";
import {Secp256k1} from "../../contracts/voting/Secp256k1.sol";
import {vm} from "../helpers/Vm.sol";
import {BallotHarness} from "./BallotHarness.sol";
import {CurveHarness} from "./CurveHarness.sol";
import {PlainBallotProof, Setup} from "./PlainBallotProof.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";
import {PlainProver} from "./PlainProver.sol";
import {QuickCurve} from "./QuickCurve.sol";

/// @dev Hints are those of an honest helper even for false ballots: so no refusal here is owed to a hint alone, but where said.
contract BallotProofTest {
    using PlainCurve for Point;

    bytes32 private constant CONFIGURATION = keccak256("configuration");
    bytes32 private constant SLOT = keccak256("slot");
    uint256 private constant WEIGHT = 3;

    Point private blinding;
    Point[] private gammas;

    function setUp() public {
        blinding = PlainCurve.generator("K");
        gammas.push(PlainCurve.base());
        for (uint8 j = 2; j <= 9; ++j) gammas.push(PlainCurve.generator(string(abi.encodePacked(48 + j))));
    }

    // AGREEMENT

    /// forge-config: default.fuzz.runs = 40
    function testFuzz_cast_agreesWithThePlainVerifier(uint256 seed, uint256 weight) public {
        Question[] memory questions = new Question[](1 + ((seed >> 64) % 2));
        for (uint256 q; q < questions.length; ++q) {
            questions[q] = _question(uint256(keccak256(abi.encode(seed, q))), questions.length == 1 ? 4 : 2);
        }
        Setup memory setup = _setup(questions, seed);
        bytes memory ballot = PlainProver.prove(setup, SLOT, weight, _choose(questions, seed), seed);
        assert(PlainBallotProof.isValid(setup, SLOT, weight, ballot));
        bytes memory hints = PlainProver.hint(setup, _one(SLOT), _one(weight), _one(ballot));
        BallotHarness(setup.verifier).cast(SLOT, weight, ballot, hints);
        assert(BallotHarness(setup.verifier).slots(SLOT) == _hash(questions, weight, ballot));
    }

    /// @dev Whatever word is changed, into another word, or with its neighbour into another point.
    /// forge-config: default.fuzz.runs = 60
    function testFuzz_cast_reverts_whenAWordIsChanged(uint256 seed) public {
        Question[] memory questions = _list(_question(seed, 3));
        Setup memory setup = _setup(questions, seed);
        bytes memory ballot = PlainProver.prove(setup, SLOT, WEIGHT, _choose(questions, seed), seed);
        uint256 word = (seed >> 128) % (ballot.length / 32);
        _change(questions[0], ballot, word, uint256(keccak256(abi.encode(seed))));
        assert(!PlainBallotProof.isValid(setup, SLOT, WEIGHT, ballot));
        assert(_refusal(setup, ballot) != 0);
    }

    function test_cast_reverts_whenAnyWordIsChanged() public {
        Question[] memory questions = _list(Question(3, 1, 2, false));
        Setup memory setup = _setup(questions, 1);
        bytes memory ballot = PlainProver.prove(setup, SLOT, WEIGHT, _choose(questions, 1), 1);
        assert(_refusal(setup, ballot) == 0);
        for (uint256 word; word < ballot.length / 32; ++word) {
            for (uint256 way; way < 4; ++way) {
                bytes memory other = bytes.concat(ballot);
                _change(questions[0], other, word, way);
                assert(_refusal(setup, other) != 0);
            }
        }
    }

    function test_castBatch_accepts_ballotsOfManyQuestions() public {
        Question[] memory questions = new Question[](3);
        questions[0] = Question(2, 1, 1, false);
        questions[1] = Question(3, 0, 2, true);
        questions[2] = Question(4, 2, 4, false);
        Setup memory setup = _setup(questions, 2);
        (bytes32[] memory slotKeys, uint256[] memory weights, bytes[] memory ballots) = _batch(setup, 3);
        bytes memory hints = PlainProver.hint(setup, slotKeys, weights, ballots);
        BallotHarness(setup.verifier).castBatch(slotKeys, weights, ballots, hints);
        for (uint256 i; i < 3; ++i) {
            assert(BallotHarness(setup.verifier).slots(slotKeys[i]) == _hash(questions, weights[i], ballots[i]));
        }
    }

    function test_cast_accepts_approvalOfNoneAndOfAll() public {
        Question[] memory questions = _list(Question(3, 0, 1, true));
        Setup memory setup = _setup(questions, 3);
        uint256[][] memory m = new uint256[][](1);
        m[0] = new uint256[](3);
        assert(_refusal(setup, PlainProver.prove(setup, SLOT, WEIGHT, m, 1)) == 0);
        for (uint256 j; j < 3; ++j) m[0][j] = 1;
        assert(_refusal(setup, PlainProver.prove(setup, SLOT, WEIGHT, m, 1)) == 0);
    }

    // FALSE BALLOTS

    function test_cast_reverts_whenAnOptionIsNeitherZeroNorOne() public {
        Question[] memory questions = _list(Question(3, 2, 1, false));
        Setup memory setup = _setup(questions, 4);
        assert(_refusal(setup, _prove(setup, 2, 0, 0)) == BallotProof.BallotProofWrong.selector);
        questions[0].groups = 3;
        questions[0].selections = 1;
        setup = _setup(questions, 4);
        bytes memory ballot = _prove(setup, PlainCurve.N - 1, 2, 0);
        assert(_refusal(setup, ballot) == BallotProof.BallotProofWrong.selector);
        assert(!PlainBallotProof.isValid(setup, SLOT, WEIGHT, ballot));
        questions[0] = Question(3, 0, 1, true);
        setup = _setup(questions, 4);
        assert(_refusal(setup, _prove(setup, 0, 2, 1)) == BallotProof.BallotProofWrong.selector);
    }

    function test_cast_reverts_whenTooManyOrTooFewAreSelected() public {
        Setup memory setup = _setup(_list(Question(3, 1, 1, false)), 5);
        bytes memory expected = abi.encodeWithSelector(BallotProof.BallotSelectionsWrong.selector, 0, 0);
        _expectRefusal(setup, _prove(setup, 1, 1, 0), expected);
        _expectRefusal(setup, _prove(setup, 0, 0, 0), expected);
        assert(_refusal(setup, _prove(setup, 0, 0, 1)) == 0);
    }

    function test_cast_reverts_whenTheCiphertextIsExchanged() public {
        // Approval: equation (4) would notice that the challenge is another.
        Setup memory setup = _setup(_list(Question(3, 0, 1, true)), 6);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        bytes memory other = PlainProver.prove(setup, SLOT, WEIGHT, _three(0, 1, 0), 999);
        for (uint256 i; i < 128; ++i) ballot[i] = other[i];
        bytes memory expected = abi.encodeWithSelector(BallotProof.BallotCommitmentWrong.selector, 0, 0, 0);
        _expectRefusal(setup, ballot, expected);
        assert(!PlainBallotProof.isValid(setup, SLOT, WEIGHT, ballot));
    }

    function test_cast_reverts_whenAnotherChoiceIsEncryptedThanProven() public {
        for (uint8 groups = 1; groups <= 3; ++groups) {
            Setup memory setup = _setup(_list(Question(3, 1, groups, false)), 22);
            for (uint256 j; j < 3; ++j) {
                uint256[][] memory more = _three(1, 0, 0);
                ++more[0][j];
                bytes memory ballot = PlainProver.proveOther(setup, SLOT, WEIGHT, more, _three(1, 0, 0), j);
                assert(_refusal(setup, ballot) == BallotProof.BallotProofWrong.selector);
                assert(!PlainBallotProof.isValid(setup, SLOT, WEIGHT, ballot));
            }
        }
    }

    /// @dev Equation (1) names the group whose randomness does not fit.
    function test_cast_reverts_whenAGroupsRandomnessIsAnother() public {
        Setup memory setup = _setup(_list(Question(3, 1, 3, false)), 23);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        for (uint256 group; group < 3; ++group) {
            bytes memory other = bytes.concat(ballot);
            uint256 word = 7 * 3 + 4 + 3 + group;
            _write(other, word, addmod(PlainBallotProof.wordAt(other, 32 * word), 1, PlainCurve.N));
            _expectRefusal(
                setup,
                other,
                abi.encodeWithSelector(BallotProof.BallotCommitmentWrong.selector, 0, 0, group)
            );
        }
    }

    function test_cast_reverts_whenTheBallotIsAnothers() public {
        Setup memory setup = _setup(_list(Question(3, 1, 2, false)), 7);
        bytes memory ballot = _prove(setup, 0, 1, 0);
        bytes memory hints = PlainProver.hint(setup, _one(SLOT), _one(WEIGHT), _one(ballot));
        assert(_triedAs(setup.verifier, SLOT, WEIGHT, ballot, hints) == 0);

        bytes4 wrong = BallotProof.BallotSelectionsWrong.selector;
        assert(_triedAs(setup.verifier, keccak256("another slot"), WEIGHT, ballot, hints) == wrong);
        assert(_triedAs(setup.verifier, SLOT, WEIGHT + 1, ballot, hints) == wrong);
    }

    function test_cast_reverts_whenTheBallotIsForAnotherElection() public {
        Question[] memory questions = _list(Question(3, 1, 2, false));
        Setup memory setup = _setup(questions, 7);
        bytes memory ballot = _prove(setup, 0, 1, 0);
        bytes memory hints = PlainProver.hint(setup, _one(SLOT), _one(WEIGHT), _one(ballot));
        bytes4 wrong = BallotProof.BallotSelectionsWrong.selector;
        BallotHarness second = new BallotHarness(CONFIGURATION, setup.key.x, setup.key.y, questions);
        assert(_triedAs(address(second), SLOT, WEIGHT, ballot, hints) == wrong);

        uint256 chain = block.chainid;
        vm.chainId(chain + 1);
        bytes4 onAnotherChain = _triedAs(setup.verifier, SLOT, WEIGHT, ballot, hints);
        vm.chainId(chain);
        assert(onAnotherChain == wrong);

        setup.configuration = "another election";
        assert(_refusal(setup, _prove(setup, 0, 1, 0)) == wrong);
    }

    function test_cast_reverts_whenTheBallotIsForAnotherQuestion() public {
        Question[] memory questions = new Question[](2);
        questions[0] = Question(2, 1, 1, false);
        questions[1] = Question(2, 1, 1, false);
        Setup memory setup = _setup(questions, 8);
        bytes memory ballot = PlainProver.prove(setup, SLOT, WEIGHT, _choose(questions, 1), 1);
        uint256 half = ballot.length / 2;
        bytes memory swapped = bytes.concat(ballot);
        for (uint256 i; i < half; ++i) (swapped[i], swapped[half + i]) = (ballot[half + i], ballot[i]);
        assert(_refusal(setup, ballot) == 0);
        assert(_refusal(setup, swapped) == BallotProof.BallotSelectionsWrong.selector);
    }

    // MALFORMED BALLOTS

    function test_cast_reverts_whenTheLengthIsWrong() public {
        Setup memory setup = _setup(_list(Question(3, 1, 1, false)), 9);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        bytes memory hints = PlainProver.hint(setup, _one(SLOT), _one(WEIGHT), _one(ballot));
        bytes4 selector = BallotProof.BallotLengthWrong.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 0, ballot.length + 1, ballot.length));
        BallotHarness(setup.verifier).cast(SLOT, WEIGHT, bytes.concat(ballot, hex"00"), hints);
        vm.expectRevert(abi.encodeWithSelector(selector, 0, 0, ballot.length));
        BallotHarness(setup.verifier).cast(SLOT, WEIGHT, "", hints);
    }

    function test_cast_reverts_whenAnyPointIsOffTheCurve() public {
        Question[] memory questions = _list(Question(3, 1, 2, false));
        Setup memory setup = _setup(questions, 10);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        for (uint256 word; word < 18; word += 2) {
            if (word == 8) word += 2;
            bytes memory expected = abi.encodeWithSelector(BallotProof.BallotPointInvalid.selector, 0, 0, word);
            bytes memory other = bytes.concat(ballot);
            other[32 * word + 63] ^= 0x01;
            _expectRefusal(setup, other, expected);
            other = bytes.concat(ballot);
            for (uint256 i; i < 64; ++i) other[32 * word + i] = 0;
            _expectRefusal(setup, other, expected);
        }
    }

    function test_cast_reverts_whenAnyScalarIsNotReduced() public {
        Question[] memory questions = _list(Question(3, 1, 2, false));
        Setup memory setup = _setup(questions, 11);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        for (uint256 word = 18; word < 24; ++word) {
            bytes memory other = bytes.concat(ballot);
            _write(other, word, PlainCurve.N + (word % 2));
            _expectRefusal(setup, other, abi.encodeWithSelector(BallotProof.BallotScalarInvalid.selector, 0, 0, word));
        }
    }

    function test_cast_reverts_whenA1IsZeroOrTooLong() public {
        Question[] memory questions = _list(Question(3, 1, 2, false));
        Setup memory setup = _setup(questions, 12);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        for (uint256 group; group < 2; ++group) {
            bytes memory other = bytes.concat(ballot);
            _write(other, 8 + group, 0);
            assert(_refusal(setup, other) != 0 && !PlainBallotProof.isValid(setup, SLOT, WEIGHT, other));
            other = bytes.concat(ballot);
            other[32 * (8 + group)] = 0x01;
            assert(_refusal(setup, other) != 0 && !PlainBallotProof.isValid(setup, SLOT, WEIGHT, other));
        }
    }

    function test_cast_reverts_whenAResponseIsZero() public {
        Setup memory setup = _setup(_list(Question(3, 0, 1, true)), 13);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        // The second option's response: its generator is then to be multiplied by zero.
        _write(ballot, 12, 0);
        bytes memory refusal = abi.encodeWithSelector(
            Secp256k1.CurveMultiplicationFailed.selector,
            setup.gammas[1].x,
            PlainCurve.N
        );
        _expectRefusal(setup, ballot, refusal);
    }

    // HINTS

    function test_cast_reverts_whenTheHintsBalanceOneAnother() public {
        Setup memory setup = _setup(_list(Question(3, 1, 1, false)), 14);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        bytes memory hints = PlainProver.hint(setup, _one(SLOT), _one(WEIGHT), _one(ballot));
        uint256 count = hints.length / 64;
        for (uint256 i; i + 1 < count; ++i) {
            bytes memory other = bytes.concat(hints);
            _shift(other, i, PlainCurve.base());
            _shift(other, i + 1, PlainCurve.base().negate());
            assert(_triedWith(setup, ballot, other) == HintedSum.HintWrong.selector);
        }
    }

    function test_cast_reverts_whenAnyHintIsWrong() public {
        Setup memory setup = _setup(_list(Question(3, 1, 2, false)), 15);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        bytes memory hints = PlainProver.hint(setup, _one(SLOT), _one(WEIGHT), _one(ballot));
        uint256 words = hints.length / 32;
        for (uint256 word; word < words; ++word) {
            bytes memory other = bytes.concat(hints);
            other[32 * word + 31] ^= 0x01;
            bytes4 expected = word == words - 1 ? HintedSum.HintInverseWrong.selector : HintedSum.HintWrong.selector;
            assert(_triedWith(setup, ballot, other) == expected);
        }
        // The opposite point has the same x-coordinate and the inverse fits.
        for (uint256 i; i < words / 2; ++i) {
            bytes memory other = bytes.concat(hints);
            _write(other, 2 * i + 1, PlainCurve.P - PlainBallotProof.wordAt(other, 64 * i + 32));
            assert(_triedWith(setup, ballot, other) == HintedSum.HintWrong.selector);
        }
    }

    function test_cast_reverts_whenTheHintsAreTooFewOrTooMany() public {
        Setup memory setup = _setup(_list(Question(3, 1, 2, false)), 16);
        bytes memory ballot = _prove(setup, 1, 0, 0);
        bytes memory hints = PlainProver.hint(setup, _one(SLOT), _one(WEIGHT), _one(ballot));
        bytes4 selector = BallotProof.BallotHintsLengthWrong.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, hints.length + 32, hints.length));
        BallotHarness(setup.verifier).cast(SLOT, WEIGHT, ballot, bytes.concat(hints, bytes32(0)));
        vm.expectRevert(abi.encodeWithSelector(selector, 0, hints.length));
        BallotHarness(setup.verifier).cast(SLOT, WEIGHT, ballot, "");
    }

    // BATCHES

    function test_castBatch_reverts_whenOneBallotIsFalse() public {
        Setup memory setup = _setup(_list(Question(3, 2, 1, false)), 17);
        for (uint256 bad; bad < 3; ++bad) {
            (bytes32[] memory slotKeys, uint256[] memory weights, bytes[] memory ballots) = _batch(setup, 3);
            ballots[bad] = PlainProver.prove(setup, slotKeys[bad], weights[bad], _three(0, 2, 0), bad);
            assert(_triedBatch(setup, slotKeys, weights, ballots) == BallotProof.BallotProofWrong.selector);
        }
    }

    /// @dev Errors that would cancel out if two ballots had one weight: w of one is raised by what the other's is lowered.
    function test_castBatch_reverts_whenErrorsOfTwoBallotsCancelOut() public {
        Setup memory setup = _setup(_list(Question(3, 2, 1, false)), 18);
        (bytes32[] memory slotKeys, uint256[] memory weights, bytes[] memory ballots) = _batch(setup, 2);
        uint256 last = ballots[0].length / 32 - 1;
        _write(ballots[0], last, addmod(PlainBallotProof.wordAt(ballots[0], 32 * last), 1, PlainCurve.N));
        _write(
            ballots[1],
            last,
            addmod(PlainBallotProof.wordAt(ballots[1], 32 * last), PlainCurve.N - 1, PlainCurve.N)
        );
        assert(_triedBatch(setup, slotKeys, weights, ballots) == BallotProof.BallotProofWrong.selector);
    }

    function test_castBatch_reverts_whenTheHintsAreForAnotherOrder() public {
        Setup memory setup = _setup(_list(Question(2, 1, 1, false)), 19);
        (bytes32[] memory slotKeys, uint256[] memory weights, bytes[] memory ballots) = _batch(setup, 2);
        bytes memory hints = PlainProver.hint(setup, slotKeys, weights, ballots);
        (slotKeys[0], slotKeys[1]) = (slotKeys[1], slotKeys[0]);
        (weights[0], weights[1]) = (weights[1], weights[0]);
        (ballots[0], ballots[1]) = (ballots[1], ballots[0]);
        bytes memory call = abi.encodeCall(BallotHarness.castBatch, (slotKeys, weights, ballots, hints));
        assert(_tried(setup.verifier, call) == HintedSum.HintWrong.selector);
    }

    function test_castBatch_accepts_theSameBallotTwice() public {
        Setup memory setup = _setup(_list(Question(2, 1, 1, false)), 20);
        (bytes32[] memory slotKeys, uint256[] memory weights, bytes[] memory ballots) = _batch(setup, 2);
        (slotKeys[1], weights[1], ballots[1]) = (slotKeys[0], weights[0], ballots[0]);
        assert(_triedBatch(setup, slotKeys, weights, ballots) == 0);
    }

    function test_verify_reverts_whenTheFoldIsNotFull() public {
        CurveHarness harness = new CurveHarness();
        Question[] memory questions = _list(Question(2, 1, 1, false));
        Setup memory setup = _setup(questions, 21);
        setup.verifier = address(harness);
        setup.configuration = 0;
        // The harness knows the key as an even one.
        if (setup.key.y % 2 == 1) setup.key = setup.key.negate();
        bytes[] memory ballots = new bytes[](1);
        ballots[0] = PlainProver.prove(setup, SLOT, 1, _choose(questions, 1), 1);
        bytes memory hints = PlainProver.hint(setup, _one(SLOT), _one(1), ballots);
        harness.fold(questions, setup.key.x, 1, SLOT, ballots, hints);

        bytes4 selector = BallotProof.BallotFoldIncomplete.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, 1));
        harness.fold(questions, setup.key.x, 2, SLOT, ballots, hints);
        vm.expectRevert(abi.encodeWithSelector(selector, 0));
        harness.fold(questions, setup.key.x, 0, SLOT, new bytes[](0), hints);
        // One ballot more than it was opened for: an index out of bounds.
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x32));
        harness.fold(questions, setup.key.x, 0, SLOT, ballots, hints);
    }

    // HELPERS

    function _list(Question memory question) private pure returns (Question[] memory questions) {
        questions = new Question[](1);
        questions[0] = question;
    }

    function _question(uint256 seed, uint256 most) private pure returns (Question memory) {
        uint256 k = 2 + (seed % (most - 1));
        bool approval = (seed >> 16) % 3 == 0;
        uint256 l = approval ? 0 : 1 + ((seed >> 32) % k);
        return Question(uint8(k), uint8(l), uint8(1 + ((seed >> 48) % k)), approval);
    }

    function _setup(Question[] memory questions, uint256 seed) private returns (Setup memory setup) {
        setup.chain = block.chainid;
        setup.configuration = CONFIGURATION;
        setup.key = QuickCurve.multiply(PlainCurve.base(), uint256(keccak256(abi.encode(seed, "key"))));
        setup.blinding = blinding;
        setup.gammas = gammas;
        setup.questions = questions;
        setup.verifier = address(new BallotHarness(CONFIGURATION, setup.key.x, setup.key.y, questions));
    }

    /// @dev The selected options, from a place on that the seed names; in approval voting about half of all.
    function _choose(Question[] memory questions, uint256 seed) private pure returns (uint256[][] memory m) {
        m = new uint256[][](questions.length);
        for (uint256 q; q < questions.length; ++q) {
            uint256 k = questions[q].options;
            m[q] = new uint256[](k);
            for (uint256 i; i < questions[q].selections; ++i) m[q][((seed >> 8) + i) % k] = 1;
            if (!questions[q].approval) continue;
            for (uint256 j; j < k; ++j) m[q][j] = (seed >> (j + 20)) & 1;
        }
    }

    function _three(uint256 a, uint256 b, uint256 c) private pure returns (uint256[][] memory m) {
        m = new uint256[][](1);
        m[0] = new uint256[](3);
        (m[0][0], m[0][1], m[0][2]) = (a, b, c);
    }

    function _prove(Setup memory setup, uint256 a, uint256 b, uint256 c) private view returns (bytes memory) {
        return PlainProver.prove(setup, SLOT, WEIGHT, _three(a, b, c), 77);
    }

    function _batch(
        Setup memory setup,
        uint256 count
    ) private view returns (bytes32[] memory slotKeys, uint256[] memory weights, bytes[] memory ballots) {
        slotKeys = new bytes32[](count);
        weights = new uint256[](count);
        ballots = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            slotKeys[i] = keccak256(abi.encode(i));
            weights[i] = i + 1;
            ballots[i] = PlainProver.prove(setup, slotKeys[i], weights[i], _choose(setup.questions, i << 8), i);
        }
    }

    /// @dev Changes a word of a ballot, or the point that it belongs to.
    function _change(Question memory question, bytes memory ballot, uint256 word, uint256 way) private view {
        uint256 g = question.groups;
        uint256 old = PlainBallotProof.wordAt(ballot, 32 * word);
        way %= 4;
        if (way == 0) {
            _write(ballot, word, old ^ 1);
        } else if (way == 1) {
            _write(ballot, word, old ^ (1 << 160));
        } else if (way == 2 || (word >= 4 * g && word < 5 * g) || word >= 7 * g + 4) {
            _write(ballot, word, addmod(old, 1 << 100, PlainCurve.N));
        } else {
            // The x-coordinates are at the even words before the addresses, and every second after them.
            uint256 x = word < 4 * g ? word - (word % 2) : word - ((word - 5 * g) % 2);
            _double(ballot, x);
        }
    }

    /// @dev Doubles the point at a word.
    function _double(bytes memory data, uint256 word) private view {
        Point memory a = Point(PlainBallotProof.wordAt(data, 32 * word), PlainBallotProof.wordAt(data, 32 * word + 32));
        a = a.add(a);
        _write(data, word, a.x);
        _write(data, word + 1, a.y);
    }

    /// @dev Adds a point to a hint.
    function _shift(bytes memory hints, uint256 index, Point memory by) private view {
        Point memory a = Point(
            PlainBallotProof.wordAt(hints, 64 * index),
            PlainBallotProof.wordAt(hints, 64 * index + 32)
        );
        a = a.add(by);
        _write(hints, 2 * index, a.x);
        _write(hints, 2 * index + 1, a.y);
    }

    function _write(bytes memory data, uint256 word, uint256 value) private pure {
        for (uint256 i; i < 32; ++i) data[32 * word + i] = bytes1(uint8(value >> (248 - 8 * i)));
    }

    function _hash(Question[] memory questions, uint256 weight, bytes memory ballot) private pure returns (bytes32) {
        bytes memory text;
        uint256 start;
        for (uint256 q; q < questions.length; ++q) {
            for (uint256 i; i < 128 * uint256(questions[q].groups); ++i) text = bytes.concat(text, ballot[start + i]);
            start += 32 * PlainBallotProof.wordsOf(questions[q]);
        }
        return keccak256(bytes.concat(text, bytes32(weight)));
    }

    /// @dev With what selector a ballot and its honest hints are refused; 0 if they are not.
    function _refusal(Setup memory setup, bytes memory ballot) private returns (bytes4) {
        return _triedWith(setup, ballot, PlainProver.hint(setup, _one(SLOT), _one(WEIGHT), _one(ballot)));
    }

    function _expectRefusal(Setup memory setup, bytes memory ballot, bytes memory expected) private {
        bytes memory hints = PlainProver.hint(setup, _one(SLOT), _one(WEIGHT), _one(ballot));
        vm.expectRevert(expected);
        BallotHarness(setup.verifier).cast(SLOT, WEIGHT, ballot, hints);
    }

    function _triedWith(Setup memory setup, bytes memory ballot, bytes memory hints) private returns (bytes4) {
        return _triedAs(setup.verifier, SLOT, WEIGHT, ballot, hints);
    }

    function _triedAs(
        address election,
        bytes32 slotKey,
        uint256 weight,
        bytes memory ballot,
        bytes memory hints
    ) private returns (bytes4) {
        return _tried(election, abi.encodeCall(BallotHarness.cast, (slotKey, weight, ballot, hints)));
    }

    function _triedBatch(
        Setup memory setup,
        bytes32[] memory slotKeys,
        uint256[] memory weights,
        bytes[] memory ballots
    ) private returns (bytes4) {
        bytes memory hints = PlainProver.hint(setup, slotKeys, weights, ballots);
        return _tried(setup.verifier, abi.encodeCall(BallotHarness.castBatch, (slotKeys, weights, ballots, hints)));
    }

    function _tried(address election, bytes memory call) private returns (bytes4) {
        (bool success, bytes memory answer) = election.call(call);
        if (success) return 0;
        require(answer.length >= 4);
        return bytes4(answer);
    }

    function _one(bytes32 value) private pure returns (bytes32[] memory values) {
        values = new bytes32[](1);
        values[0] = value;
    }

    function _one(uint256 value) private pure returns (uint256[] memory values) {
        values = new uint256[](1);
        values[0] = value;
    }

    function _one(bytes memory value) private pure returns (bytes[] memory values) {
        values = new bytes[](1);
        values[0] = value;
    }
}
