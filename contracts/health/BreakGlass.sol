// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {EmergencySlot, EmergencySlots} from "./EmergencySlot.sol";
import {IBreakGlass} from "./IBreakGlass.sol";
import {ReviewSlot} from "./ReviewSlot.sol";

/// @title BreakGlass
/// @notice Opens a patient's data to a provider in an emergency, and has each use reviewed.
abstract contract BreakGlass is IBreakGlass, Governed {
    // CONSTANTS

    bytes32 internal constant _EMERGENCY_CARE = keccak256("diwan.role.emergency-care");
    bytes32 private constant _REVIEW = keccak256("diwan.role.break-glass-review");
    uint40 private constant _MOST_WINDOW = 72 hours;

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;
    uint40 private immutable _MAX_WINDOW;

    // STORAGE

    uint32 private _reviewLimit;
    mapping(bytes32 id => EmergencySlot) private _uses;
    mapping(uint32 body => ReviewSlot) private _reviews;

    // CONSTRUCTOR

    /// @param trustList who may break the glass, and who may review
    /// @param longest the longest window, in seconds; at most 72 hours
    constructor(ITrustList trustList, uint40 longest) {
        require(longest != 0 && longest <= _MOST_WINDOW, MaxWindowInvalid(longest, _MOST_WINDOW));
        (_TRUST_LIST, _MAX_WINDOW) = (trustList, longest);
    }

    // EMERGENCIES

    /// @inheritdoc IBreakGlass
    function breakGlass(
        address patient,
        uint40 window,
        EmergencyReason reason,
        bytes32 commitment
    ) external returns (bytes32 id) {
        (uint32 body, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_EMERGENCY_CARE, _msgSender());
        require(patient != address(0), EmergencyPatientMissing(body));
        require(window != 0 && window <= _MAX_WINDOW, EmergencyWindowInvalid(window, _MAX_WINDOW));
        require(reason != EmergencyReason.UNSPECIFIED, EmergencyReasonMissing(patient));
        ReviewSlot reviews = _reviews[body];
        _requireReviewed(body, reviews);

        id = _idOf(patient, body, uint40(block.timestamp));
        require(EmergencySlot.unwrap(_uses[id]) == 0, GlassBrokenBefore(id));
        reviews = reviews.afterOpening();
        _reviews[body] = reviews;
        _uses[id] = EmergencySlots.created(block.timestamp, uint24(window), body, key, role, reason, reviews.opened());
        emit GlassBroken(id, patient, body, key, uint40(block.timestamp) + window, reason, commitment);
    }

    /// @inheritdoc IBreakGlass
    function review(bytes32 id, Outcome outcome, bytes32 findings) external {
        // The ordinal of the role is for what ends, and a review is not taken back.
        // slither-disable-next-line unused-return
        (uint32 body, uint32 key, ) = _TRUST_LIST.requireAccredited(_REVIEW, _msgSender());
        require(outcome != Outcome.PENDING, ReviewOutcomeMissing(id));
        EmergencySlot use = _uses[id];
        (uint32 provider, uint32 number) = (use.provider(), use.number());
        require(provider != 0, BreakGlassUnknown(id));
        require(provider != body, ReviewerNotIndependent(id, body));
        ReviewSlot reviews = _reviews[provider];
        if (!reviews.isWaiting(number)) revert BreakGlassReviewedBefore(id, _outcomeOf(use));

        _reviews[provider] = reviews.afterReview(number);
        if (outcome == Outcome.UNJUSTIFIED) _uses[id] = use.faulted(block.timestamp);
        emit BreakGlassReviewed(id, body, key, outcome, findings);
    }

    // THE COUNCIL

    /// @inheritdoc IBreakGlass
    function setReviewLimit(uint32 limit) external restricted {
        _reviewLimit = limit;
        emit ReviewLimitChanged(limit);
    }

    // VIEWS

    /// @inheritdoc IBreakGlass
    function breakGlassOf(bytes32 id) external view returns (EmergencyUse memory) {
        EmergencySlot use = _uses[id];
        return
            EmergencyUse({
                openedAt: use.openedAt(),
                until: use.until(),
                provider: use.provider(),
                key: use.key(),
                role: use.role(),
                reason: use.reason(),
                number: use.number(),
                outcome: _outcomeOf(use)
            });
    }

    /// @inheritdoc IBreakGlass
    function unreviewedOf(uint32 body) external view returns (uint32) {
        return _reviews[body].waiting();
    }

    /// @inheritdoc IBreakGlass
    function reviewLimit() external view returns (uint32) {
        return _reviewLimit;
    }

    /// @inheritdoc IBreakGlass
    function maxWindow() external view returns (uint40) {
        return _MAX_WINDOW;
    }

    // INTERNAL

    /// @dev The body's open use, for the log of accesses; reverts where there is none.
    function _requireOpenUse(address patient, uint32 body, uint40 openedAt) internal view returns (bytes32 id) {
        id = _idOf(patient, body, openedAt);
        uint40 until = _uses[id].until();
        require(block.timestamp < until, BreakGlassNotOpen(patient, body, openedAt, until));
    }

    function _requireReviewed(uint32 body, ReviewSlot reviews) private view {
        (uint32 waiting, uint32 limit) = (reviews.waiting(), _reviewLimit);
        require(waiting < limit, BreakGlassBlocked(body, waiting, limit));
        if (reviews.isFull()) revert BreakGlassReviewOverdue(body, reviews.opened() - 191);
    }

    function _outcomeOf(EmergencySlot use) private view returns (Outcome) {
        if (use.faultedAt() != 0) return Outcome.UNJUSTIFIED;
        if (use.openedAt() == 0) return Outcome.PENDING;
        return _reviews[use.provider()].isWaiting(use.number()) ? Outcome.PENDING : Outcome.JUSTIFIED;
    }

    function _idOf(address patient, uint32 body, uint40 openedAt) private pure returns (bytes32) {
        return keccak256(abi.encode(patient, body, openedAt));
    }
}
