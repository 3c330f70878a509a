// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {CurveSum} from "../../contracts/voting/CurveSum.sol";
import {Election} from "../../contracts/voting/Election.sol";
import {IElection as I} from "../../contracts/voting/IElection.sol";
import {ITrustees} from "../../contracts/voting/ITrustees.sol";
import {IVoterGate} from "../../contracts/voting/IVoterGate.sol";
import {Question, Questions} from "../../contracts/voting/Questions.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm, Vm} from "../helpers/Vm.sol";
import {Setup} from "./PlainBallotProof.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";
import {PlainProver} from "./PlainProver.sol";
import {QuickCurve} from "./QuickCurve.sol";
import {TallyHarness} from "./TallyHarness.sol";
import {TrusteesDouble} from "./TrusteesDouble.sol";

/// @title ElectionModel
/// @notice Does anything with an election, and keeps beside it a plain twin that says what should have come of it.
/// @dev Four voters of different weights, the first slot's key 0, with three ballots each, all made beforehand; three who
/// sum up; a commission of three, of whom two decide. The twin holds which ballot each voter's slot holds, and sums and counts by
/// plain arithmetic. `surprise` says the first thing that came out otherwise, for good. What comes before its time is
/// refused, and then time or the ceremony go on: so that most walks come to a count.
contract ElectionModel {
    using PlainCurve for Point;

    /// @dev A ballot made beforehand, and what of it the test knows.
    struct Ballot {
        bytes32 hash;
        uint256 option;
        bytes content;
        bytes hints;
        bytes entry;
        uint256[] ciphertexts;
        uint256[] randomness;
        /// @dev C1 and C2 times the weight.
        Point first;
        Point second;
    }

    /// @dev A batch made beforehand: whose ballots, which, and the hints of all.
    struct Batch {
        uint8[] voters;
        uint8[] which;
        bytes hints;
    }

    uint256 public constant VOTERS = 4;
    uint256 public constant BALLOTS = 3;
    uint8 private constant NONE = 255;
    uint40 private constant NO_END = type(uint40).max;
    uint40 private constant CHALLENGE = 100;
    uint40 private constant VOTING = 1_000;
    uint40 private constant TALLYING = 500;
    uint40 private constant EXTENSION = 300;
    uint256 private constant MINIMUM = 2;
    bytes32 private constant BALLOT_TYPE = keccak256(
        "Ballot(bytes32 slotKey,bytes32 ballotHash,bytes32 replaces,uint40 deadline)"
    );
    bytes32 private constant EXTEND_TYPE = keccak256("Extend(uint40 closesAt,bytes32 grounds,uint40 deadline)");
    bytes32 private constant ANNUL_TYPE = keccak256("Annul(bytes32 grounds,uint40 deadline)");

    Election public immutable ELECTION;
    uint256 private immutable _KEY = uint256(keccak256("key")) % PlainCurve.N;

    /// @notice The first thing that the twin did not expect; empty for none.
    string public surprise;
    uint40 public time = 1_800_000_000;
    /// @notice How often each state was newly reached.
    mapping(I.State state => uint256) public reached;
    /// @notice How often each kind of step was taken, and how often refused.
    mapping(string step => uint256) public done;
    mapping(string step => uint256) public refused;

    TrusteesDouble private _trustees;
    TallyHarness private _calculator;
    I.Key private _key;
    Point private _secondGamma;
    uint64[4] private _weights = [1, 1, 2, 3];
    address[] private _members;
    address[3] private _summers = [address(0x4001), address(0x4002), address(0x4003)];
    Ballot[3][4] private _ballots;
    Batch[] private _batches;
    bytes32[4] private _leaves;

    // The twin.
    uint40 private _opensAt;
    uint40 private _closesAt;
    uint40 private _latestClose;
    uint8 private _extensions;
    uint8 private _rounds;
    bool private _opened;
    bool private _annulled;
    bool private _summed;
    bool private _final;
    bool private _decrypted;
    uint8[4] private _slots = [NONE, NONE, NONE, NONE];
    bool[3][4] private _spoiled;
    I.Progress[3] private _progress;
    I.State private _last;

    constructor() {
        vm.warp(time);
        Point memory key = QuickCurve.multiply(PlainCurve.base(), _KEY);
        _key = I.Key(key.x, key.y & 1);
        _secondGamma = PlainCurve.generator("2");
        _trustees = new TrusteesDouble(key.x, key.y);
        _trustees.setPhase(ITrustees.Phase.REGISTRATION);
        for (uint256 member; member < 3; ++member) _members.push(vm.addr(300 + member));
        for (uint256 voter; voter < VOTERS; ++voter) {
            bytes32 leaf = keccak256(abi.encode(slotKeyOf(voter), _addressOf(voter), _weights[voter]));
            _leaves[voter] = keccak256(abi.encode(leaf));
        }
        _opensAt = time + 10 * CHALLENGE;
        _closesAt = _opensAt + VOTING;
        _latestClose = _closesAt + EXTENSION;

        Question[] memory questions = new Question[](1);
        questions[0] = Question(2, 1, 1, false);
        _calculator = new TallyHarness(questions);
        I.Terms memory terms = _terms(questions);
        bytes32 termsHash = keccak256(abi.encode(terms));
        bytes memory fixedWords = abi.encode(termsHash, terms, time);
        ELECTION = Election(Clones.cloneWithImmutableArgs(address(new Election()), fixedWords));

        Setup memory setup;
        (setup.chain, setup.verifier, setup.key) = (block.chainid, address(ELECTION), key);
        setup.configuration = keccak256(abi.encode(termsHash, terms.roll, _key.x, _key.parity));
        setup.blinding = PlainCurve.generator("K");
        setup.gammas = new Point[](2);
        (setup.gammas[0], setup.gammas[1]) = (PlainCurve.base(), _secondGamma);
        setup.questions = questions;
        for (uint256 voter; voter < VOTERS; ++voter) {
            for (uint256 which; which < BALLOTS; ++which) _prepare(setup, voter, which);
        }
        // Two voters; one voter twice, in the only order that can be recorded, and another; a ballot twice.
        _pack(setup, hex"0001", hex"0000");
        _pack(setup, hex"020203", hex"000102");
        _pack(setup, hex"0101", hex"0202");
    }

    // BEFORE VOTING

    function pass(uint8 kind) external {
        vm.warp(time);
        if (kind % 4 != 0) return _to(time + kind);
        // To a second at which something may change, or one before or after.
        uint40[4] memory ends = [_opensAt, _closesAt, _latestClose, _closesAt + TALLYING];
        uint40 end = ends[(kind >> 2) % 4];
        if (!_opened && kind % 16 != 0) return;
        if (end + ((kind >> 4) % 3) - 1 > time) _to(end + ((kind >> 4) % 3) - 1);
    }

    function goOn(uint8 kind) external {
        vm.warp(time);
        _goOn(kind);
    }

    function extend(uint8 seconds_, uint8 kind) external {
        vm.warp(time);
        uint40 to = kind % 4 == 0 ? _latestClose + ((kind >> 2) % 2) : _closesAt + seconds_ - 3;
        bool fine = _state() == I.State.OPEN && to > _closesAt && to <= _latestClose && _extensions < 2;
        bytes32 content = keccak256(abi.encode(EXTEND_TYPE, to, bytes32("outage"), NO_END));
        I.Signature[] memory signatures = _decide(content, kind);
        fine = fine && _isQuorum(kind);
        bytes memory call = abi.encodeCall(ELECTION.extend, (to, "outage", _members, signatures, NO_END));
        if (_call("extend", address(this), call, fine)) {
            _closesAt = to;
            ++_extensions;
        }
        _observe();
    }

    function annul(uint8 kind) external {
        vm.warp(time);
        // Seldom, or there would be little to see.
        if (kind % 8 != 0) return;
        bytes32 content = keccak256(abi.encode(ANNUL_TYPE, bytes32("fraud"), NO_END));
        I.Signature[] memory signatures = _decide(content, kind >> 3);
        bool fine = uint8(_state()) < uint8(I.State.FINAL) && !_decrypted && _isQuorum(kind >> 3);
        bytes memory call = abi.encodeCall(ELECTION.annul, ("fraud", _members, signatures, NO_END));
        if (_call("annul", address(this), call, fine)) _annulled = true;
        _observe();
    }

    // VOTERS

    /// @notice A voter casts a ballot in a slot, now and then another's ballot, or in another's slot.
    function cast(uint8 by, uint8 slot, uint8 whose, uint8 which) external {
        vm.warp(time);
        (by, which) = (by % 4, which % 3);
        (slot, whose) = (slot < 192 ? by : slot % 4, whose < 192 ? by : whose % 4);
        bool fine = _state() == I.State.OPEN && by == slot && slot == whose && !_spoiled[whose][which];
        Ballot storage ballot = _ballots[whose][which];
        bytes memory call = abi.encodeCall(
            ELECTION.cast,
            (_key, slotKeyOf(slot), _weights[slot], _proofOf(slot), ballot.content, ballot.hints)
        );
        if (_call("cast", _addressOf(by), call, fine)) _put(slot, which);
        else _goOn(by + which);
        _observe();
    }

    function castSigned(uint8 voter, uint8 which, uint8 replaces, uint8 signer) external {
        vm.warp(time);
        (voter, which) = (voter % 4, which % 3);
        (I.SignedBallot memory signed, bool recordable) = _signed(voter, which, replaces, signer);
        bool fine = _state() == I.State.OPEN && recordable;
        bytes memory call = abi.encodeCall(ELECTION.castSigned, (_key, signed, _ballots[voter][which].hints));
        if (_call("castSigned", address(this), call, fine)) _put(voter, which);
        else _goOn(replaces);
        _observe();
    }

    function castBatch(uint8 pick, uint8[3] calldata replaces, uint8[3] calldata signers) external {
        vm.warp(time);
        Batch storage batch = _batches[pick % _batches.length];
        uint8[4] memory before = _slots;
        bool fine = _state() == I.State.OPEN;
        I.SignedBallot[] memory signed = new I.SignedBallot[](batch.voters.length);
        uint256 recorded;
        for (uint256 i; i < signed.length; ++i) {
            bool recordable;
            (signed[i], recordable) = _signed(batch.voters[i], batch.which[i], replaces[i], signers[i]);
            // The twin's slots change as the batch goes, and are put back where all of it is refused.
            if (!recordable) continue;
            _slots[batch.voters[i]] = batch.which[i];
            ++recorded;
        }
        vm.recordLogs();
        bytes memory call = abi.encodeCall(ELECTION.castBatch, (_key, signed, batch.hints));
        if (_call("castBatch", address(this), call, fine)) {
            _requireLogs(recorded, signed.length - recorded);
            for (uint256 i; i < signed.length; ++i) {
                if (_slots[batch.voters[i]] != NONE) _put(batch.voters[i], _slots[batch.voters[i]]);
            }
        } else {
            _slots = before;
        }
        _observe();
    }

    /// @notice Somebody commits to a ballot and opens it, rightly or as another choice.
    function spoil(uint8 voter, uint8 which, uint8 kind) external {
        vm.warp(time);
        // Seldom, or there would be no ballots left to cast.
        if (kind % 4 != 0) return;
        (voter, which) = (voter % 4, which % 3);
        Ballot storage ballot = _ballots[voter][which];
        bool isOpen = _state() == I.State.OPEN;
        bool isCommitted = kind % 16 != 0;
        if (isCommitted) {
            _call(
                "commit",
                address(this),
                abi.encodeCall(ELECTION.commitBallot, (slotKeyOf(voter), ballot.hash)),
                isOpen
            );
        }
        uint256[] memory choices = new uint256[](1);
        choices[0] = 1 << ((kind >> 4) % 4 == 0 ? 1 - ballot.option : ballot.option);
        bool isRight = choices[0] == 1 << ballot.option;
        address by = isCommitted ? address(this) : address(0x5001);
        bool fine = isOpen && isCommitted && isRight && _slots[voter] != which;
        bytes memory call = abi.encodeCall(
            ELECTION.spoil,
            (_key, slotKeyOf(voter), _weights[voter], ballot.ciphertexts, ballot.randomness, choices)
        );
        if (_call("spoil", by, call, fine)) _spoiled[voter][which] = true;
        _observe();
    }

    // THE COUNT

    /// @notice Somebody adds the next ballots to their own sum, as an honest client does.
    function sumOn(uint8 by, uint8 take) external {
        vm.warp(time);
        I.Progress memory progress = _progress[by % 3];
        bytes memory entries;
        uint256 taken;
        for (uint256 voter; voter < VOTERS && taken <= take % 4; ++voter) {
            bool isNext = progress.count == 0 || slotKeyOf(voter) > progress.last;
            if (_slots[voter] == NONE || !isNext) continue;
            entries = bytes.concat(entries, _ballots[voter][_slots[voter]].entry);
            ++taken;
        }
        _sum("sumOn", by % 3, progress, entries, _state() == I.State.CLOSED);
        if (_state() == I.State.OPEN && _turnout() >= MINIMUM && take % 8 == 0) _to(_closesAt);
        _observe();
    }

    /// @notice Somebody adds any ballots in any order to any sum: a subset, another's sum, what a voter replaced, one twice.
    function sumAnything(uint8 by, uint8 from, uint32 seed) external {
        vm.warp(time);
        by %= 3;
        I.Progress memory own = _progress[by];
        I.Progress memory progress = own;
        if (from % 3 == 1) progress = I.Progress(0, 0, 0, new uint256[](0));
        if (from % 3 == 2) progress = _progress[from % 4 == 3 ? by : from % 4];
        bool isOwn = progress.count == 0 || keccak256(abi.encode(progress)) == keccak256(abi.encode(own));
        bool fine = _state() == I.State.CLOSED && isOwn;
        bytes memory entries;
        (uint256 count, bytes32 last) = (progress.count, progress.last);
        for (uint256 i; i <= seed % 4; ++i) {
            uint256 drawn = uint8(seed >> (8 * i));
            uint256 voter = (drawn >> 2) % 4;
            uint8 which = drawn < 160 && _slots[voter] != NONE ? _slots[voter] : uint8(drawn % 3);
            fine = fine && which == _slots[voter] && (count == 0 || slotKeyOf(voter) > last);
            (count, last) = (count + 1, slotKeyOf(voter));
            entries = bytes.concat(entries, _ballots[voter][which].entry);
        }
        _sum("sumAnything", by, progress, entries, fine);
        _observe();
    }

    /// @notice The trustees open the sums, in time, and somebody publishes counts, right ones or wrong ones.
    function finalize(uint8 kind) external {
        vm.warp(time);
        if (_state() == I.State.TALLYING && time <= _closesAt + TALLYING && kind % 2 == 0) {
            _trustees.setPartials(true, true);
            _decrypted = true;
        }
        uint256[] memory counts = new uint256[](2);
        for (uint256 voter; voter < VOTERS; ++voter) {
            if (_slots[voter] != NONE) counts[_ballots[voter][_slots[voter]].option] += _weights[voter];
        }
        // One vote goes from one option to the other.
        bool isRight = (kind >> 1) % 3 != 0;
        I.Count[] memory all = new I.Count[](1);
        if (_turnout() != 0) {
            if (!isRight) (counts[0], counts[1]) = counts[0] == 0 ? (1, counts[1] - 1) : (counts[0] - 1, counts[1] + 1);
            all[0] = _count(counts);
        }
        bool fine = _state() == I.State.TALLYING && _decrypted && isRight;
        bytes memory call = abi.encodeCall(ELECTION.finalize, (all));
        if (_call("finalize", address(this), call, fine)) _final = true;
        _observe();
    }

    // COMPARE

    /// @notice A voter's slot: in ascending order, the first 0.
    function slotKeyOf(uint256 voter) public pure returns (bytes32) {
        return bytes32(voter << 200);
    }

    /// @notice How many slots the twin has ballots in.
    function turnout() external view returns (uint256) {
        return _turnout();
    }

    // INTERNAL: STEPS

    /// @dev The ceremony's next step, the opening, or the first second of voting.
    function _goOn(uint256 kind) private {
        if (_opened || _annulled || time >= _opensAt) {
            if (_opened && time < _opensAt) _to(_opensAt);
            return;
        }
        ITrustees.Phase phase = _trustees.phase();
        if (phase == ITrustees.Phase.DONE) {
            if (time < _opensAt - 10 * CHALLENGE + CHALLENGE) _to(_opensAt - 9 * CHALLENGE);
            _opened = _call("open", address(this), abi.encodeCall(ELECTION.open, ()), true);
        } else if (phase == ITrustees.Phase.REGISTRATION) {
            _trustees.setPhase(ITrustees.Phase.DEALING);
        } else if (kind % 4 == 0) {
            // A round yields no key, and the next one begins with registration.
            _trustees.setRound(++_rounds);
            _trustees.setPhase(ITrustees.Phase.REGISTRATION);
        } else {
            _trustees.setPhase(ITrustees.Phase.DONE);
        }
        _observe();
    }

    function _sum(string memory step, uint256 by, I.Progress memory progress, bytes memory entries, bool fine) private {
        I.Progress memory next;
        if (fine) next = _calculator.preview(progress, entries);
        vm.recordLogs();
        bool went = _call(step, _summers[by], abi.encodeCall(ELECTION.accumulate, (progress, entries)), fine);
        if (!went) return;
        bool isFixed = _requireFixed(vm.getRecordedLogs());
        if (isFixed != (next.count == _turnout())) _note("sums of a subset are fixed, or those of all are not");
        if (isFixed) {
            _summed = true;
            return;
        }
        if (ELECTION.progressOf(_summers[by]) != _calculator.progressHash(next)) _note("another progress is kept");
        _progress[by] = next;
    }

    /// @dev Whether sums were fixed, which are then those of the ballots in all slots.
    function _requireFixed(Vm.Log[] memory logs) private returns (bool isFixed) {
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != I.TallyFixed.selector) continue;
            if (isFixed || _summed) _note("sums are fixed twice");
            isFixed = true;
            (uint32 ballots, uint128 weight, uint256[] memory sums) = abi.decode(
                logs[i].data,
                (uint32, uint128, uint256[])
            );
            (Point memory first, Point memory second, uint256 total) = _plainSums();
            bool isRight = ballots == _turnout() && weight == total && sums.length == 4;
            isRight = isRight && first.equal(Point(sums[0], sums[1])) && second.equal(Point(sums[2], sums[3]));
            if (!isRight) _note("other sums are fixed than those of all slots");
        }
    }

    /// @dev A batch tells of each of its ballots, recorded or skipped.
    function _requireLogs(uint256 recorded, uint256 skipped) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == I.BallotCast.selector) --recorded;
            else if (logs[i].topics[0] == I.BallotSkipped.selector) --skipped;
        }
        if (recorded != 0 || skipped != 0) _note("a batch does not tell of each ballot");
    }

    function _put(uint256 voter, uint8 which) private {
        _slots[voter] = which;
        _calculator.record(slotKeyOf(voter), _ballots[voter][which].hash);
    }

    function _to(uint40 moment) private {
        time = moment;
        vm.warp(time);
        _observe();
    }

    /// @dev Calls as somebody; notes where it does not go as the twin says.
    function _call(string memory step, address by, bytes memory call, bool fine) private returns (bool went) {
        vm.prank(by);
        (went, ) = address(ELECTION).call(call);
        if (went != fine) _note(string.concat(step, fine ? " is refused" : " is not refused"));
        if (went) ++done[step];
        else ++refused[step];
    }

    /// @dev Compares what the election says with the twin.
    function _observe() private {
        I.State state = ELECTION.state();
        if (state != _state()) _note("another state");
        if (state != _last) {
            // All but the last three come in order; none of these is left.
            if (uint8(state) < uint8(_last) || uint8(_last) >= uint8(I.State.FINAL)) _note("the state moves back");
            ++reached[state];
            _last = state;
        }
        if (ELECTION.turnout() != _turnout()) _note("a voter counts twice, or not at all");
        for (uint256 voter; voter < VOTERS; ++voter) {
            bytes32 expected = _slots[voter] == NONE ? bytes32(0) : _ballots[voter][_slots[voter]].hash;
            if (ELECTION.ballotOf(slotKeyOf(voter)) != expected) _note("a slot holds another ballot");
        }
        (, uint40 closesAt) = ELECTION.votingPeriod();
        if (closesAt != _closesAt) _note("another close");
    }

    function _note(string memory what) private {
        if (bytes(surprise).length == 0) surprise = what;
    }

    // INTERNAL: THE TWIN

    function _state() private view returns (I.State) {
        if (_annulled) return I.State.ANNULLED;
        if (_final) return I.State.FINAL;
        if (time < _opensAt) {
            bool isFirst = _rounds == 0 && _trustees.phase() == ITrustees.Phase.REGISTRATION;
            return isFirst ? I.State.SETUP : I.State.KEY_CEREMONY;
        }
        if (!_opened) return I.State.FAILED;
        if (time < _closesAt) return I.State.OPEN;
        bool isLate = time > _closesAt + TALLYING;
        if (_turnout() < MINIMUM || (isLate && !_decrypted)) return I.State.FAILED;
        return _summed ? I.State.TALLYING : I.State.CLOSED;
    }

    function _turnout() private view returns (uint256 voters) {
        for (uint256 voter; voter < VOTERS; ++voter) {
            if (_slots[voter] != NONE) ++voters;
        }
    }

    function _plainSums() private view returns (Point memory first, Point memory second, uint256 weight) {
        for (uint256 voter; voter < VOTERS; ++voter) {
            if (_slots[voter] == NONE) continue;
            Ballot storage ballot = _ballots[voter][_slots[voter]];
            first = first.add(ballot.first);
            second = second.add(ballot.second);
            weight += _weights[voter];
        }
    }

    /// @dev What a voter signs, and whether it can be recorded now.
    function _signed(
        uint8 voter,
        uint8 which,
        uint8 replaces,
        uint8 signer
    ) private view returns (I.SignedBallot memory signed, bool recordable) {
        Ballot storage ballot = _ballots[voter][which];
        bytes32 present = _slots[voter] == NONE ? bytes32(0) : _ballots[voter][_slots[voter]].hash;
        bytes32 replaced = present;
        if (replaces % 4 == 1) replaced = 0;
        if (replaces % 4 == 2) replaced = _ballots[voter][(replaces >> 2) % 3].hash;
        uint40 deadline =
            signer % 8 == 1
                ? time - 1
                : signer % 8 == 2
                    ? time
                    : NO_END;
        bytes32 content = keccak256(abi.encode(BALLOT_TYPE, slotKeyOf(voter), ballot.hash, replaced, deadline));
        // Now and then another voter signs, or the voter for another contract.
        uint256 by = signer % 8 == 3 ? (voter + 1) % 4 : voter;
        address domain = signer % 8 == 4 ? address(_trustees) : address(ELECTION);
        bytes memory signature = TypedData.sign(200 + by, TypedData.digest("Diwan Election", domain, content));
        signed = I.SignedBallot({
            slotKey: slotKeyOf(voter),
            voter: _addressOf(voter),
            weight: _weights[voter],
            proof: _proofOf(voter),
            evidence: "",
            replaces: replaced,
            deadline: deadline,
            signature: signature,
            ballot: ballot.content
        });
        bool isSigned = by == voter && domain == address(ELECTION) && deadline >= time;
        recordable = isSigned && replaced == present && !_spoiled[voter][which];
    }

    /// @dev Signatures of two members, but now and then of one, or of one twice.
    function _decide(bytes32 content, uint8 kind) private view returns (I.Signature[] memory signatures) {
        bytes32 digest = TypedData.digest("Diwan Election", address(ELECTION), content);
        signatures = new I.Signature[](kind % 8 == 7 ? 1 : 2);
        for (uint8 i; i < signatures.length; ++i) {
            uint8 member = kind % 8 == 6 ? 1 : 2 * i;
            signatures[i] = I.Signature(member, TypedData.sign(300 + member, digest));
        }
    }

    function _isQuorum(uint8 kind) private pure returns (bool) {
        return kind % 8 < 6;
    }

    /// @dev What opens the sums of all slots: one trustee, who knows the key. The inverse is that of the formula's own Z.
    function _count(uint256[] memory counts) private view returns (I.Count memory count) {
        (Point memory first, Point memory second, ) = _plainSums();
        Point memory opened = QuickCurve.multiply(first, _KEY);
        count.counts = counts;
        count.sums = new uint256[](4);
        (count.sums[0], count.sums[1], count.sums[2], count.sums[3]) = (first.x, first.y, second.x, second.y);
        count.partials = new ITrustees.Partial[](1);
        count.partials[0] = ITrustees.Partial(1, new uint256[](2));
        (count.partials[0].partials[0], count.partials[0].partials[1]) = (opened.x, opened.y);
        bool hasProduct = counts[1] != 0;
        count.hints = new uint256[](hasProduct ? 4 : 2);
        count.hints[0] = 1;
        CurveSum.Sum memory sum;
        CurveSum.addAny(sum, second.x, second.y);
        if (hasProduct) {
            Point memory product = QuickCurve.multiply(_secondGamma, counts[1]);
            (count.hints[1], count.hints[2]) = (product.x, product.y);
            CurveSum.add(sum, product.x, PlainCurve.P - product.y);
        }
        count.hints[count.hints.length - 1] = PlainCurve.inverse(sum.z);
    }

    // INTERNAL: SET-UP

    function _prepare(Setup memory setup, uint256 voter, uint256 which) private {
        Ballot storage ballot = _ballots[voter][which];
        uint256 weight = _weights[voter];
        uint256 seed = 10 * voter + which;
        ballot.option = (voter + which) % 2;
        uint256[][] memory votes = new uint256[][](1);
        votes[0] = new uint256[](2);
        votes[0][ballot.option] = 1;
        bytes memory content = PlainProver.prove(setup, slotKeyOf(voter), weight, votes, seed);
        ballot.content = content;
        ballot.hints = _hint(setup, _list(voter), _list(which));
        // As the prover draws it.
        uint256 drawn = uint256(keccak256(abi.encode(seed, 0)));
        ballot.randomness.push(uint256(keccak256(abi.encode(drawn, "r", 0))) % PlainCurve.N);
        uint256[4] memory words;
        for (uint256 i; i < 4; ++i) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(add(content, 0x20), mul(i, 0x20)))
            }
            words[i] = word;
            ballot.ciphertexts.push(word);
        }
        bytes memory ciphertexts = abi.encode(words);
        ballot.hash = keccak256(bytes.concat(ciphertexts, bytes32(weight)));
        ballot.first = QuickCurve.multiply(Point(words[0], words[1]), weight);
        ballot.second = QuickCurve.multiply(Point(words[2], words[3]), weight);
        ballot.entry = abi.encodePacked(slotKeyOf(voter), weight, ciphertexts);
        if (weight > 1) ballot.entry = bytes.concat(ballot.entry, abi.encode(ballot.first, ballot.second));
    }

    function _pack(Setup memory setup, bytes memory voters, bytes memory which) private {
        Batch storage batch = _batches.push();
        for (uint256 i; i < voters.length; ++i) {
            batch.voters.push(uint8(voters[i]));
            batch.which.push(uint8(which[i]));
        }
        batch.hints = _hint(setup, batch.voters, batch.which);
    }

    function _hint(
        Setup memory setup,
        uint8[] memory voters,
        uint8[] memory which
    ) private view returns (bytes memory) {
        bytes32[] memory slotKeys = new bytes32[](voters.length);
        uint256[] memory weights = new uint256[](voters.length);
        bytes[] memory contents = new bytes[](voters.length);
        for (uint256 i; i < voters.length; ++i) {
            slotKeys[i] = slotKeyOf(voters[i]);
            weights[i] = _weights[voters[i]];
            contents[i] = _ballots[voters[i]][which[i]].content;
        }
        return PlainProver.hint(setup, slotKeys, weights, contents);
    }

    function _list(uint256 value) private pure returns (uint8[] memory list) {
        list = new uint8[](1);
        list[0] = uint8(value);
    }

    function _terms(Question[] memory questions) private view returns (I.Terms memory) {
        return
            I.Terms({
                questions: Questions.pack(questions),
                roll: _pair(_pair(_leaves[0], _leaves[1]), _pair(_leaves[2], _leaves[3])),
                opensAt: _opensAt,
                closesAt: _closesAt,
                blanks: 0,
                texts: "texts",
                commission: keccak256(abi.encodePacked(_members)),
                trustees: ITrustees(address(_trustees)),
                gate: IVoterGate(address(0)),
                gateScope: 0,
                gateFreeze: 0,
                challengePeriod: uint32(CHALLENGE),
                tallyPeriod: uint32(TALLYING),
                longestExtension: uint32(EXTENSION),
                minimumBallots: uint32(MINIMUM),
                mostExtensions: 2,
                quorum: 2,
                hasPaper: false
            });
    }

    /// @dev The siblings from a voter's entry up.
    function _proofOf(uint256 voter) private view returns (bytes32[] memory proof) {
        proof = new bytes32[](2);
        proof[0] = _leaves[voter ^ 1];
        proof[1] = voter < 2 ? _pair(_leaves[2], _leaves[3]) : _pair(_leaves[0], _leaves[1]);
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function _addressOf(uint256 voter) private pure returns (address) {
        return vm.addr(200 + voter);
    }
}
