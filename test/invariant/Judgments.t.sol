// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IJudgmentRegistry as I} from "../../contracts/justice/IJudgmentRegistry.sol";
import {JudgmentRegistry} from "../../contracts/justice/JudgmentRegistry.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";

/// @title JudgmentModel
/// @notice Lets four courts do anything with a few judgments, and keeps a plain twin beside the registry.
/// @dev Bodies 1 to 4 with keys of the same numbers: 1 and 2 are courts, 2, 3 and 4 courts of appeal. The twin keeps each decision
/// with a link to what it decides upon, and works out from the chain's end, by a table, what became of each.
contract JudgmentModel {
    /// @dev What became of a decision by what came after it.
    enum Effect {
        STANDS,
        VARIED,
        FLIPPED,
        GONE
    }

    struct Twin {
        uint40 registeredAt;
        uint40 finalFrom;
        uint8 court;
        uint8 appealTo;
        bool uponAnother;
        uint8 depth;
        // The appeal that is open, or was decided; 0 for none.
        uint8 taker;
        // What was decided upon it last, and how.
        uint8 next;
        I.Outcome outcome;
        // Annulled, and another decision given instead.
        bool replaced;
    }

    bytes32 private constant COURT = keccak256("diwan.role.court");
    bytes32 private constant APPEALS = keccak256("diwan.role.court-of-appeal");
    uint256 public constant JUDGMENTS = 9;

    JudgmentRegistry public immutable registry;
    bool public agreed = true;
    bool public pastChanged;
    bool public courtReviewedItself;
    uint40 public time = 1_800_000_000;
    /// @dev How often each function went through, or each error was met: the steps lead there.
    mapping(bytes4 outcome => uint256) public reached;
    /// @dev How often each status was seen.
    mapping(I.Status status => uint256) public seen;

    Twin[JUDGMENTS + 1] private _twins;
    mapping(uint256 n => bytes32) private _past;

    constructor() {
        vm.warp(time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        TrustList list = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = JudgmentRegistry(Artifact.deploy("JudgmentRegistry", abi.encode(address(manager), list, relays)));
        for (uint32 body = 1; body <= 4; ++body) {
            list.registerBody(address(this), "");
            bytes32[] memory scopes = new bytes32[](body == 2 ? 2 : 1);
            scopes[0] = body < 3 ? COURT : APPEALS;
            if (body == 2) scopes[1] = APPEALS;
            for (uint256 i; i < scopes.length; ++i) list.accredit(scopes[i], 0, body, 0, type(uint40).max, 0, "");
            bytes memory consent = TypedData.consent(address(list), body, body);
            list.authorizeKey(body, vm.addr(body), scopes, 0, type(uint40).max, type(uint256).max, consent);
        }
    }

    // STEPS

    function wait(uint8 seconds_) external {
        time += seconds_;
    }

    function register(uint8 by, uint8 n, uint8 last, uint8 to) external {
        (by, n) = (_body(by), _pick(n));
        I.Judgment memory given = _given(n, last, to);
        bytes4 refusal = 0;
        if (by > 2) refusal = ITrustList.NotAccredited.selector;
        else if (_twins[n].registeredAt != 0) refusal = I.JudgmentExists.selector;
        if (_expect(by, abi.encodeCall(I.register, (given)), refusal)) _add(n, by, given, false, 0);
        _compare();
    }

    function setFinality(uint8 by, uint8 n, uint8 last) external {
        (by, n) = (_body(by), _pick(n));
        Twin storage t = _twins[n];
        bytes4 refusal = _refusalOfCourt(by, n);
        if (refusal == 0 && _openStatus(t) != I.Status.NOT_FINAL) refusal = I.JudgmentStatusRefuses.selector;
        if (refusal == 0 && t.finalFrom != 0) refusal = I.FinalityIsSet.selector;
        if (_expect(by, abi.encodeCall(I.setFinality, (_id(n), time + last)), refusal)) {
            _settle(n);
            t.finalFrom = time + last;
        }
        _compare();
    }

    function rectify(uint8 by, uint8 n, uint8 next) external {
        (by, n, next) = (_body(by), _pick(n), _pick(next));
        Twin storage t = _twins[n];
        bytes4 refusal = _refusalOfCourt(by, n);
        if (refusal == 0 && _openStatus(t) == I.Status.UNDER_APPEAL) refusal = I.JudgmentStatusRefuses.selector;
        if (refusal == 0 && _twins[next].registeredAt != 0) refusal = I.JudgmentExists.selector;
        if (refusal == 0 && t.depth >= 10) refusal = I.JudgmentChainTooLong.selector;
        if (_expect(by, abi.encodeCall(I.rectify, (_id(n), _id(next), "case")), refusal)) {
            _settle(n);
            Twin storage text = _twins[next];
            (text.registeredAt, text.finalFrom, text.court) = (time, t.finalFrom, t.court);
            (text.appealTo, text.uponAnother, text.depth) = (t.appealTo, t.uponAnother, t.depth + 1);
            (t.next, t.outcome) = (next, I.Outcome.RECTIFIED);
        }
        _compare();
    }

    function appeal(uint8 by, uint8 n) external {
        (by, n) = (_body(by), _pick(n));
        Twin storage t = _twins[n];
        bytes4 refusal = by == 1 ? ITrustList.NotAccredited.selector : _refusalOfState(n, I.Status.NOT_FINAL);
        if (refusal == 0 && by == t.court) refusal = I.CourtReviewsItself.selector;
        if (refusal == 0 && t.appealTo != 0 && by != t.appealTo) refusal = I.JudgmentOfAnotherCourt.selector;
        if (_expect(by, abi.encodeCall(I.appeal, (_id(n), "notice")), refusal)) {
            _settle(n);
            t.taker = by;
        }
        _compare();
    }

    function withdrawAppeal(uint8 by, uint8 n) external {
        (by, n) = (_body(by), _pick(n));
        Twin storage t = _twins[n];
        bytes4 refusal = _refusalOfState(n, I.Status.UNDER_APPEAL);
        if (refusal == 0 && by != t.taker) refusal = ITrustList.KeyOfAnotherBody.selector;
        if (_expect(by, abi.encodeCall(I.withdrawAppeal, (_id(n))), refusal)) {
            _settle(n);
            t.taker = 0;
            if (t.finalFrom != 0 && t.finalFrom < time) t.finalFrom = time;
        }
        _compare();
    }

    function decideAppeal(uint8 by, uint8 n, uint8 how, uint8 next, uint8 last) external {
        (by, n, next) = (_body(by), _pick(n), _pick(next));
        // The court that took it, mostly.
        if (last % 4 != 0 && _twins[n].taker != 0) by = _twins[n].taker;
        I.Outcome outcome = I.Outcome(1 + (how % 4));
        I.Judgment memory given = _given(next, last, 0);
        bytes4 refusal = by == 1 ? ITrustList.NotAccredited.selector : _refusalOfState(n, I.Status.UNDER_APPEAL);
        if (refusal == 0 && by != _twins[n].taker) refusal = I.JudgmentOfAnotherCourt.selector;
        if (refusal == 0) refusal = _refusalOfNext(n, next);
        if (_expect(by, abi.encodeCall(I.decideAppeal, (_id(n), outcome, given)), refusal)) {
            _follow(n, outcome, next, by, given);
        }
        _compare();
    }

    function annul(uint8 by, uint8 n, uint8 next, uint8 last) external {
        (by, n, next) = (_body(by), _pick(n), _pick(next));
        I.Judgment memory given = _given(next, last, 0);
        bytes4 refusal = by == 1 ? ITrustList.NotAccredited.selector : _refusalOfState(n, I.Status.FINAL);
        if (refusal == 0 && by == _twins[n].court) refusal = I.CourtReviewsItself.selector;
        if (refusal == 0) refusal = _refusalOfNext(n, next);
        if (_expect(by, abi.encodeCall(I.annul, (_id(n), given)), refusal)) {
            _follow(n, I.Outcome.ANNULLED, next, by, given);
        }
        _compare();
    }

    // THE TWIN

    function _add(uint8 n, uint8 court, I.Judgment memory given, bool uponAnother, uint8 depth) private {
        Twin storage t = _twins[n];
        (t.registeredAt, t.finalFrom, t.court) = (time, given.finalFrom, court);
        (t.appealTo, t.uponAnother, t.depth) = (uint8(given.appealTo), uponAnother, depth);
    }

    function _follow(uint8 n, I.Outcome outcome, uint8 next, uint8 by, I.Judgment memory given) private {
        if (by == _twins[n].court) courtReviewedItself = true;
        _settle(n);
        _add(next, by, given, true, _twins[n].depth + 1);
        (_twins[n].next, _twins[n].outcome) = (next, outcome);
    }

    /// @dev What had been decided and is gone does not come back, once something else is done.
    function _settle(uint8 n) private {
        Twin storage t = _twins[n];
        if (t.outcome == I.Outcome.NONE) return;
        _twins[_text(t.next)].replaced = true;
        t.outcome = I.Outcome.NONE;
    }

    /// @dev By a table: what became of a decision, by what was decided upon it, and what became of that.
    function _effectOf(uint8 n) private view returns (Effect) {
        Twin storage t = _twins[n];
        if (t.replaced) return Effect.GONE;
        if (t.outcome == I.Outcome.NONE) return Effect.STANDS;
        Effect[4][4] memory table = [
            [Effect.STANDS, Effect.VARIED, Effect.FLIPPED, Effect.STANDS],
            [Effect.VARIED, Effect.VARIED, Effect.VARIED, Effect.STANDS],
            [Effect.FLIPPED, Effect.FLIPPED, Effect.STANDS, Effect.STANDS],
            [Effect.GONE, Effect.GONE, Effect.STANDS, Effect.STANDS]
        ];
        return table[uint256(t.outcome) - 1][uint256(_effectOf(_text(t.next)))];
    }

    function _statusOf(uint8 n) private view returns (I.Status) {
        Twin storage t = _twins[n];
        if (t.registeredAt == 0) return I.Status.UNKNOWN;
        if (t.outcome == I.Outcome.RECTIFIED) return I.Status.SUPERSEDED;
        Effect effect = _effectOf(n);
        if (effect == Effect.STANDS) return _openStatus(_twins[_tip(n)]);
        if (effect == Effect.VARIED) return I.Status.SUPERSEDED;
        return effect == Effect.FLIPPED ? I.Status.REVERSED : I.Status.ANNULLED;
    }

    /// @dev The last in the chain that was not decided upon, or whose decision is gone.
    function _tip(uint8 n) private view returns (uint8) {
        while (_twins[n].outcome != I.Outcome.NONE) {
            uint8 next = _text(_twins[n].next);
            bool rectified = _twins[n].outcome == I.Outcome.RECTIFIED;
            if (!rectified && !_twins[n].replaced && _effectOf(next) == Effect.GONE) return n;
            n = next;
        }
        return n;
    }

    function _text(uint8 n) private view returns (uint8) {
        while (_twins[n].outcome == I.Outcome.RECTIFIED) n = _twins[n].next;
        return n;
    }

    function _openStatus(Twin storage t) private view returns (I.Status) {
        if (t.taker != 0) return I.Status.UNDER_APPEAL;
        return t.finalFrom != 0 && time >= t.finalFrom ? I.Status.FINAL : I.Status.NOT_FINAL;
    }

    // REFUSALS

    function _refusalOfCourt(uint8 by, uint8 n) private view returns (bytes4) {
        Twin storage t = _twins[n];
        if (t.registeredAt == 0) return I.JudgmentUnknown.selector;
        if (_tip(n) != n) return I.JudgmentIsDecidedUpon.selector;
        bool accredited = t.uponAnother ? by > 1 : by < 3;
        if (!accredited) return ITrustList.NotAccredited.selector;
        return by == t.court ? bytes4(0) : I.JudgmentOfAnotherCourt.selector;
    }

    function _refusalOfState(uint8 n, I.Status status) private view returns (bytes4) {
        if (_twins[n].registeredAt == 0) return I.JudgmentUnknown.selector;
        if (_tip(n) != n) return I.JudgmentIsDecidedUpon.selector;
        return _openStatus(_twins[n]) == status ? bytes4(0) : I.JudgmentStatusRefuses.selector;
    }

    function _refusalOfNext(uint8 n, uint8 next) private view returns (bytes4) {
        if (_twins[next].registeredAt != 0) return I.JudgmentExists.selector;
        return _twins[n].depth < 15 ? bytes4(0) : I.JudgmentChainTooLong.selector;
    }

    // COMPARE

    function _expect(uint8 by, bytes memory call, bytes4 refusal) private returns (bool done) {
        vm.warp(time);
        vm.prank(vm.addr(by));
        bytes memory answer;
        (done, answer) = address(registry).call(call);
        bytes4 got = done ? bytes4(0) : bytes4(answer);
        if (got != refusal) agreed = false;
        ++reached[done ? bytes4(call) : refusal];
    }

    function _compare() private {
        vm.warp(time);
        for (uint8 n = 1; n <= JUDGMENTS; ++n) {
            I.Verdict memory v = registry.statusOf(_id(n));
            I.Status status = _statusOf(n);
            ++seen[status];
            bool isKnown = status != I.Status.UNKNOWN;
            if (v.status != status || v.governing != (isKnown ? _id(_tip(n)) : bytes32(0))) agreed = false;
            if (v.appealCourt != _twins[n].taker || v.court != _twins[n].court) agreed = false;
            if (v.finalFrom != (isKnown ? _twins[_tip(n)].finalFrom : 0)) agreed = false;
            bytes32 past = keccak256(abi.encode(v.registeredAt, v.decidedAt, v.court, v.key, v.kind, v.isUponAnother));
            if (_past[n] != 0 && _past[n] != past) pastChanged = true;
            if (isKnown) _past[n] = past;
        }
    }

    function _given(uint8 n, uint8 last, uint8 to) private view returns (I.Judgment memory) {
        uint40 finalFrom = last % 8 == 0 ? 0 : time + 4 * (last % 64);
        // Any court of appeal, mostly.
        uint32 appealTo = to % 4 == 0 ? 2 + (to % 3) : 0;
        return I.Judgment(_id(n), "case", I.Kind(n % 5), time, finalFrom, appealTo);
    }

    function _id(uint8 n) private pure returns (bytes32) {
        return keccak256(abi.encode("judgment", n));
    }

    function _body(uint8 pick) private pure returns (uint8) {
        return 1 + (pick % 4);
    }

    function _pick(uint8 pick) private pure returns (uint8) {
        return uint8(1 + (pick % JUDGMENTS));
    }
}

contract JudgmentInvariants {
    JudgmentModel private model;
    mapping(uint256 status => uint256) private _seen;

    function setUp() public {
        model = JudgmentModel(Artifact.deploy("JudgmentModel", ""));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(model);
    }

    function invariant_judgmentsStandAsThePlainTwinSays() public view {
        assert(model.agreed());
    }

    function invariant_whatWasRegisteredNeverChanges() public view {
        assert(!model.pastChanged());
    }

    function invariant_noCourtDecidesUponItself() public view {
        assert(!model.courtReviewedItself());
    }

    /// @notice The steps lead to every status and through every function, or the rest says little.
    function test_steps_leadEverywhere_whenTakenAtRandom() external {
        uint256 seed = 7;
        for (uint256 i; i < 3_000; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (uint8 a, uint8 b, uint8 c, uint8 d) = (
                uint8(seed),
                uint8(seed >> 8),
                uint8(seed >> 16),
                uint8(seed >> 24)
            );
            uint256 step = (seed >> 32) % 8;
            // Another registry now and then: the judgments of one are soon used up.
            if (i % 100 == 0) setUp();
            if (step == 0) model.wait(a % 16);
            else if (step == 1) model.register(a, b % 3, c, d);
            else if (step == 2) model.appeal(a, b);
            else if (step == 3) model.decideAppeal(a, b, c, d, uint8(seed >> 40));
            else if (step == 4) model.annul(a, b, c, d);
            else if (step == 5) model.rectify(a, b, c);
            else if (step == 6) model.setFinality(a, b, c);
            else model.withdrawAppeal(a, b);
            assert(model.agreed());
            for (uint256 s; s < 7; ++s) _seen[s] += model.seen(I.Status(s));
        }
        for (uint256 s; s < 7; ++s) assert(_seen[s] != 0);
    }
}
