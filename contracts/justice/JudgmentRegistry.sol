// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {IJudgmentRegistry} from "./IJudgmentRegistry.sol";
import {JudgmentSlot, JudgmentSlots} from "./JudgmentSlot.sol";

/// @title JudgmentRegistry
/// @notice Registers judgments, takes and decides appeals, and tells how each judgment stands.
contract JudgmentRegistry is IJudgmentRegistry, Governed {
    // TYPES

    /// @dev What is kept of a judgment: itself, what was last decided upon it, and its appeal.
    struct Entry {
        JudgmentSlot slot;
        bytes32 next;
        Appeal appeal;
    }

    /// @dev How a judgment stands, and how the one stands that governs.
    struct Fate {
        Status status;
        Outcome outcome;
        bytes32 successor;
        bytes32 governing;
        Status settled;
    }

    // CONSTANTS

    bytes32 private constant _COURT = keccak256("diwan.role.court");
    bytes32 private constant _COURT_OF_APPEAL = keccak256("diwan.role.court-of-appeal");
    /// @dev Instances, slips and reopened matters together seldom make five; the limit keeps every reading small.
    uint8 private constant _MOST_DECISIONS = 15;
    /// @dev What follows it is left to the courts above: a court that corrected its judgment to the limit would be reviewed by none.
    uint8 private constant _MOST_BEFORE_CORRECTION = 10;

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;

    // STORAGE

    mapping(bytes32 commitment => Entry) private _judgments;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param trustList who is a court, and who a court of appeal
    /// @param relays the relays to trust
    constructor(address authority, ITrustList trustList, Relays memory relays) Governed(authority, relays) {
        _TRUST_LIST = trustList;
    }

    // THE COURT

    /// @inheritdoc IJudgmentRegistry
    function register(Judgment calldata judgment) external whileOpen {
        (uint32 court, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_COURT, _msgSender());
        _register(judgment, JudgmentSlots.registered(block.timestamp, judgment, court, key, role));
    }

    /// @inheritdoc IJudgmentRegistry
    function setFinality(bytes32 commitment, uint40 finalFrom) external whileOpen {
        (Entry storage entry, JudgmentSlot slot, Status status) = _governing(commitment);
        _requireCourt(commitment, slot);
        require(status == Status.NOT_FINAL, JudgmentStatusRefuses(commitment, status));
        require(slot.finalFrom() == 0, FinalityIsSet(commitment, slot.finalFrom()));
        require(finalFrom >= block.timestamp, FinalityInvalid(finalFrom, uint40(block.timestamp)));
        entry.slot = slot.finalAt(finalFrom);
        emit FinalitySet(commitment, finalFrom);
    }

    /// @inheritdoc IJudgmentRegistry
    function rectify(bytes32 commitment, bytes32 next, bytes32 caseCommitment) external whileOpen {
        (Entry storage entry, JudgmentSlot slot, Status status) = _governing(commitment);
        (uint32 key, uint8 role) = _requireCourt(commitment, slot);
        require(status != Status.UNDER_APPEAL, JudgmentStatusRefuses(commitment, status));
        _requireNew(next, caseCommitment);
        bool leavesRoom = slot.depth() < _MOST_BEFORE_CORRECTION;
        require(leavesRoom, JudgmentChainTooLong(commitment, _MOST_BEFORE_CORRECTION));
        JudgmentSlot text = slot.corrected(block.timestamp, key, role);
        _follow(entry, commitment, slot, Outcome.RECTIFIED, next, text);
        _announce(next, caseCommitment, text);
    }

    // THE COURT OF APPEAL

    /// @inheritdoc IJudgmentRegistry
    function appeal(bytes32 commitment, bytes32 appealCommitment) external whileOpen {
        (uint32 court, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_COURT_OF_APPEAL, _msgSender());
        require(appealCommitment != 0, AppealCommitmentMissing(commitment));
        (Entry storage entry, JudgmentSlot slot, Status status) = _governing(commitment);
        require(status == Status.NOT_FINAL, JudgmentStatusRefuses(commitment, status));
        require(court != slot.court(), CourtReviewsItself(commitment, court));
        uint32 named = slot.appealTo();
        require(named == 0 || named == court, JudgmentOfAnotherCourt(commitment, named, court));

        entry.slot = slot.appealed(true);
        entry.appeal = Appeal(uint40(block.timestamp), court, key, role);
        emit AppealLodged(commitment, appealCommitment, court, key);
    }

    /// @inheritdoc IJudgmentRegistry
    function withdrawAppeal(bytes32 commitment) external {
        (Entry storage entry, JudgmentSlot slot, Status status) = _governing(commitment);
        require(status == Status.UNDER_APPEAL, JudgmentStatusRefuses(commitment, status));
        (uint32 court, uint8 role) = (entry.appeal.court, entry.appeal.role);
        _TRUST_LIST.requireKey(_msgSender(), court, role);

        uint40 finalFrom = slot.finalFrom();
        // It was not final while it was under appeal, whatever its court foresaw.
        if (finalFrom != 0 && finalFrom < block.timestamp) finalFrom = uint40(block.timestamp);
        entry.slot = slot.appealed(false).finalAt(finalFrom);
        delete entry.appeal;
        emit AppealWithdrawn(commitment, court, finalFrom);
    }

    /// @inheritdoc IJudgmentRegistry
    function decideAppeal(bytes32 commitment, Outcome outcome, Judgment calldata next) external whileOpen {
        (uint32 court, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_COURT_OF_APPEAL, _msgSender());
        bool isEnd = outcome != Outcome.NONE && outcome != Outcome.RECTIFIED;
        require(isEnd, AppealOutcomeInvalid(commitment, outcome));
        (Entry storage entry, JudgmentSlot slot, Status status) = _governing(commitment);
        require(status == Status.UNDER_APPEAL, JudgmentStatusRefuses(commitment, status));
        uint32 taker = entry.appeal.court;
        require(court == taker, JudgmentOfAnotherCourt(commitment, taker, court));
        _decide(entry, commitment, slot, outcome, next, court, key, role);
    }

    /// @inheritdoc IJudgmentRegistry
    function annul(bytes32 commitment, Judgment calldata next) external whileOpen {
        (uint32 court, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_COURT_OF_APPEAL, _msgSender());
        (Entry storage entry, JudgmentSlot slot, Status status) = _governing(commitment);
        require(status == Status.FINAL, JudgmentStatusRefuses(commitment, status));
        require(court != slot.court(), CourtReviewsItself(commitment, court));
        _decide(entry, commitment, slot, Outcome.ANNULLED, next, court, key, role);
    }

    // VIEWS

    /// @inheritdoc IJudgmentRegistry
    function statusOf(bytes32 commitment) public view returns (Verdict memory verdict) {
        Entry storage entry = _judgments[commitment];
        JudgmentSlot slot = entry.slot;
        if (JudgmentSlot.unwrap(slot) == 0) return verdict;
        Fate memory fate = _fateOf(commitment);
        JudgmentSlot governing = _judgments[fate.governing].slot;

        (verdict.status, verdict.outcome) = (fate.status, fate.outcome);
        (verdict.successor, verdict.governing) = (fate.successor, fate.governing);
        (verdict.kind, verdict.court, verdict.key) = (slot.kind(), slot.court(), slot.key());
        verdict.isUponAnother = slot.isUponAnother();
        (verdict.registeredAt, verdict.decidedAt) = (slot.registeredAt(), slot.decidedAt());
        (verdict.finalFrom, verdict.appealCourt) = (governing.finalFrom(), entry.appeal.court);
        verdict.standing = _standingOf(slot, slot.registeredAt());
        verdict.standingNow = _standingOf(slot, uint40(block.timestamp));
        verdict.governingStanding = _standingOf(governing, governing.registeredAt());
    }

    /// @inheritdoc IJudgmentRegistry
    function requireFinal(bytes32 commitment) external view {
        Verdict memory v = statusOf(commitment);
        bool stood = v.standing == ITrustList.Standing.IN_FORCE;
        ITrustList.Standing standing = stood ? v.governingStanding : v.standing;
        bool holds = v.status == Status.FINAL && standing == ITrustList.Standing.IN_FORCE;
        require(holds, JudgmentNotEnforceable(commitment, v.status, standing));
    }

    /// @inheritdoc IJudgmentRegistry
    function judgmentOf(bytes32 commitment) external view returns (Record memory) {
        return _judgments[commitment].slot.unpack();
    }

    /// @inheritdoc IJudgmentRegistry
    function decisionUpon(bytes32 commitment) external view returns (bytes32) {
        return _judgments[commitment].next;
    }

    /// @inheritdoc IJudgmentRegistry
    function appealOf(bytes32 commitment) external view returns (Appeal memory) {
        return _judgments[commitment].appeal;
    }

    // INTERNAL: WRITES

    function _register(Judgment calldata given, JudgmentSlot slot) private {
        (uint40 decidedAt, uint40 finalFrom) = (given.decidedAt, given.finalFrom);
        _requireNew(given.commitment, given.caseCommitment);
        // The court's own claim: nobody gains by moving a block's time within its tolerance.
        // slither-disable-next-line timestamp
        bool isPast = decidedAt != 0 && decidedAt <= block.timestamp;
        require(isPast, DecisionTimeInvalid(decidedAt, uint40(block.timestamp)));
        require(finalFrom == 0 || finalFrom >= decidedAt, FinalityInvalid(finalFrom, decidedAt));
        _judgments[given.commitment].slot = slot;
        _announce(given.commitment, given.caseCommitment, slot);
    }

    function _decide(
        Entry storage entry,
        bytes32 commitment,
        JudgmentSlot slot,
        Outcome outcome,
        Judgment calldata next,
        uint32 court,
        uint32 key,
        uint8 role
    ) private {
        JudgmentSlot decision = JudgmentSlots.registered(block.timestamp, next, court, key, role).upon();
        _register(next, decision);
        _follow(entry, commitment, slot, outcome, next.commitment, decision);
    }

    /// @dev Puts a judgment behind another.
    function _follow(
        Entry storage entry,
        bytes32 commitment,
        JudgmentSlot slot,
        Outcome outcome,
        bytes32 next,
        JudgmentSlot decision
    ) private {
        uint8 depth = slot.depth();
        require(depth < _MOST_DECISIONS, JudgmentChainTooLong(commitment, _MOST_DECISIONS));
        _judgments[next].slot = decision.following(depth);
        (entry.slot, entry.next) = (slot.decided(outcome), next);
        emit FateDecided(commitment, next, decision.court(), outcome);
    }

    function _announce(bytes32 commitment, bytes32 caseCommitment, JudgmentSlot slot) private {
        emit JudgmentRegistered(
            commitment,
            caseCommitment,
            slot.court(),
            slot.key(),
            slot.kind(),
            slot.decidedAt(),
            slot.finalFrom(),
            slot.appealTo()
        );
    }

    // INTERNAL: RULES

    /// @dev A judgment that governs, so that it may change. What had been decided upon it and was annulled is then annulled for
    /// good: if it came back, two decisions would stand upon one judgment.
    function _governing(bytes32 commitment) private returns (Entry storage entry, JudgmentSlot slot, Status status) {
        entry = _judgments[commitment];
        slot = entry.slot;
        require(JudgmentSlot.unwrap(slot) != 0, JudgmentUnknown(commitment));
        if (slot.outcome() != Outcome.NONE) {
            bytes32 governing = _fateOf(commitment).governing;
            require(governing == commitment, JudgmentIsDecidedUpon(commitment, governing));
            bytes32 fallen = _latestTextOf(entry.next);
            _judgments[fallen].slot = _judgments[fallen].slot.displaced();
            emit DecisionDisplaced(fallen);
            slot = slot.decided(Outcome.NONE);
        }
        status = _openStatusOf(slot);
    }

    /// @dev The caller's key and role, which are the judgment's court's, accredited now as it was then.
    function _requireCourt(bytes32 commitment, JudgmentSlot slot) private view returns (uint32 key, uint8 role) {
        uint32 court;
        (court, key, role) = _TRUST_LIST.requireAccredited(_scopeOf(slot), _msgSender());
        require(court == slot.court(), JudgmentOfAnotherCourt(commitment, slot.court(), court));
    }

    function _requireNew(bytes32 commitment, bytes32 caseCommitment) private view {
        bool isWhole = commitment != 0 && caseCommitment != 0;
        require(isWhole, JudgmentCommitmentMissing(commitment, caseCommitment));
        JudgmentSlot old = _judgments[commitment].slot;
        bool isNew = JudgmentSlot.unwrap(old) == 0;
        require(isNew, JudgmentExists(commitment, old.court(), old.registeredAt()));
    }

    // INTERNAL: FATE

    /// @dev Goes down the chain, at most as many times as it may be long, since depth grows with each step.
    function _fateOf(bytes32 commitment) private view returns (Fate memory fate) {
        Entry storage entry = _judgments[commitment];
        JudgmentSlot slot = entry.slot;
        Outcome outcome = slot.outcome();
        if (outcome != Outcome.NONE) {
            bytes32 next = _latestTextOf(entry.next);
            Fate memory after_ = _fateOf(next);
            if (slot.isDisplaced()) return Fate(Status.ANNULLED, outcome, next, after_.governing, after_.settled);
            if (outcome == Outcome.RECTIFIED) {
                return Fate(Status.SUPERSEDED, outcome, next, after_.governing, after_.settled);
            }
            if (after_.status != Status.ANNULLED) {
                Status status = _statusAfter(outcome, after_);
                return Fate(status, outcome, next, after_.governing, after_.settled);
            }
        }
        (fate.status, fate.governing) = (_openStatusOf(slot), commitment);
        fate.settled = fate.status;
    }

    /// @dev How a judgment stands of which this was decided, by a decision that was not annulled.
    function _statusAfter(Outcome outcome, Fate memory decision) private pure returns (Status) {
        if (outcome == Outcome.AFFIRMED) return decision.status;
        if (outcome == Outcome.SUPERSEDED) return Status.SUPERSEDED;
        if (decision.status == Status.REVERSED) return decision.settled;
        return outcome == Outcome.REVERSED ? Status.REVERSED : Status.ANNULLED;
    }

    /// @dev How a judgment stands upon which nothing was decided that counts.
    function _openStatusOf(JudgmentSlot slot) private view returns (Status) {
        if (slot.isAppealed()) return Status.UNDER_APPEAL;
        uint40 finalFrom = slot.finalFrom();
        return finalFrom != 0 && block.timestamp >= finalFrom ? Status.FINAL : Status.NOT_FINAL;
    }

    /// @dev A corrected text stands in the place of the one with the slip.
    function _latestTextOf(bytes32 commitment) private view returns (bytes32) {
        while (_judgments[commitment].slot.outcome() == Outcome.RECTIFIED) commitment = _judgments[commitment].next;
        return commitment;
    }

    function _standingOf(JudgmentSlot slot, uint40 time) private view returns (ITrustList.Standing) {
        return _TRUST_LIST.standingOf(_scopeOf(slot), slot.court(), slot.key(), time);
    }

    function _scopeOf(JudgmentSlot slot) private pure returns (bytes32) {
        return slot.isUponAnother() ? _COURT_OF_APPEAL : _COURT;
    }
}
