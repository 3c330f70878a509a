// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {EmergencySlot, EmergencySlots} from "./EmergencySlot.sol";
import {IBreakGlass} from "./IBreakGlass.sol";

/// @title BreakGlass
/// @notice Opens a patient's data to a provider in an emergency, and has each use reviewed.
abstract contract BreakGlass is IBreakGlass, Governed {
    // CONSTANTS

    bytes32 private constant _EMERGENCY_CARE = keccak256("diwan.role.emergency-care");
    bytes32 private constant _REVIEW = keccak256("diwan.role.break-glass-review");
    uint40 private constant _MOST_WINDOW = 72 hours;

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;
    uint40 private immutable _MAX_WINDOW;

    // STORAGE

    uint32 private _reviewLimit;
    mapping(bytes32 id => EmergencySlot) private _uses;
    mapping(uint32 body => uint32 unreviewed) private _unreviewed;

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
        (uint32 unreviewed, uint32 limit) = (_unreviewed[body], _reviewLimit);
        require(unreviewed < limit, BreakGlassBlocked(body, unreviewed, limit));

        id = _idOf(patient, body, uint40(block.timestamp));
        require(EmergencySlot.unwrap(_uses[id]) == 0, GlassBrokenBefore(id));
        _uses[id] = EmergencySlots.opened(block.timestamp, uint24(window), body, key, role, reason);
        _unreviewed[body] = unreviewed + 1;
        emit GlassBroken(id, patient, body, key, uint40(block.timestamp) + window, reason, commitment);
    }

    /// @inheritdoc IBreakGlass
    function review(bytes32 id, Outcome outcome, bytes32 findings) external {
        (uint32 body, uint32 key, ) = _TRUST_LIST.requireAccredited(_REVIEW, _msgSender());
        require(outcome != Outcome.PENDING, ReviewOutcomeMissing(id));
        EmergencySlot use = _uses[id];
        (uint32 provider, uint40 reviewedAt) = (use.provider(), use.reviewedAt());
        require(provider != 0, BreakGlassUnknown(id));
        require(provider != body, ReviewerNotIndependent(id, body));
        require(reviewedAt == 0, BreakGlassReviewedBefore(id, reviewedAt));

        _uses[id] = use.reviewed(block.timestamp, body, key, outcome);
        --_unreviewed[provider];
        emit BreakGlassReviewed(id, body, outcome, findings);
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
        return _uses[id].unpack();
    }

    /// @inheritdoc IBreakGlass
    function unreviewedOf(uint32 body) external view returns (uint32) {
        return _unreviewed[body];
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

    function _idOf(address patient, uint32 body, uint40 openedAt) private pure returns (bytes32) {
        return keccak256(abi.encode(patient, body, openedAt));
    }
}
