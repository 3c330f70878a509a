// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IJudgmentRegistry} from "./IJudgmentRegistry.sol";

/// @dev An `IJudgmentRegistry.Record` in one word. From the least significant bit:
/// registeredAt40 | decidedAt40 | finalFrom40 | court32 | key32 | role8 | appealTo32 | kind8 | outcome8 | depth8 | flags8,
/// the flags from the least significant bit: isUponAnother, isAppealed, isDisplaced.
type JudgmentSlot is uint256;

using JudgmentSlots for JudgmentSlot global;

/// @title JudgmentSlots
/// @notice Reads and packs judgments.
library JudgmentSlots {
    uint256 private constant _DECIDED_AT = 40;
    uint256 private constant _FINAL_FROM = 80;
    uint256 private constant _COURT = 120;
    uint256 private constant _KEY = 152;
    uint256 private constant _ROLE = 184;
    uint256 private constant _APPEAL_TO = 192;
    uint256 private constant _KIND = 224;
    uint256 private constant _OUTCOME = 232;
    uint256 private constant _DEPTH = 240;

    uint256 private constant _IS_UPON_ANOTHER = 1 << 248;
    uint256 private constant _IS_APPEALED = 1 << 249;
    uint256 private constant _IS_DISPLACED = 1 << 250;

    /// @dev A judgment that a court registers.
    function registered(
        uint256 time,
        IJudgmentRegistry.Judgment calldata given,
        uint32 byCourt,
        uint32 byKey,
        uint8 inRole
    ) internal pure returns (JudgmentSlot) {
        uint256 times =
            uint40(time) | (uint256(given.decidedAt) << _DECIDED_AT) | (uint256(given.finalFrom) << _FINAL_FROM);
        uint256 what = (uint256(given.appealTo) << _APPEAL_TO) | (uint256(given.kind) << _KIND);
        return JudgmentSlot.wrap(times | what).by(byCourt, byKey, inRole);
    }

    /// @dev The same judgment with a slip corrected, registered at another time by another key of the court.
    function corrected(
        JudgmentSlot slot,
        uint256 time,
        uint32 byKey,
        uint8 inRole
    ) internal pure returns (JudgmentSlot) {
        uint256 word = JudgmentSlot.unwrap(slot);
        uint256 kept = (word & _IS_UPON_ANOTHER) | (uint256(uint8(word >> _KIND)) << _KIND);
        kept |= (uint256(slot.appealTo()) << _APPEAL_TO) | (uint256(slot.finalFrom()) << _FINAL_FROM);
        kept |= uint40(time) | (uint256(slot.decidedAt()) << _DECIDED_AT);
        return JudgmentSlot.wrap(kept).by(slot.court(), byKey, inRole);
    }

    /// @dev Notes the court, where none is noted.
    function by(JudgmentSlot slot, uint32 court_, uint32 key_, uint8 role_) internal pure returns (JudgmentSlot) {
        uint256 word = (uint256(court_) << _COURT) | (uint256(key_) << _KEY) | (uint256(role_) << _ROLE);
        return JudgmentSlot.wrap(JudgmentSlot.unwrap(slot) | word);
    }

    /// @dev Notes that it decides upon another, where that is not noted.
    function upon(JudgmentSlot slot) internal pure returns (JudgmentSlot) {
        return JudgmentSlot.wrap(JudgmentSlot.unwrap(slot) | _IS_UPON_ANOTHER);
    }

    /// @dev Notes how many came before, where none is noted.
    function following(JudgmentSlot slot, uint8 before) internal pure returns (JudgmentSlot) {
        return JudgmentSlot.wrap(JudgmentSlot.unwrap(slot) | ((uint256(before) + 1) << _DEPTH));
    }

    /// @dev Notes from when it is final.
    function finalAt(JudgmentSlot slot, uint40 time) internal pure returns (JudgmentSlot) {
        uint256 rest = JudgmentSlot.unwrap(slot) & ~(uint256(type(uint40).max) << _FINAL_FROM);
        return JudgmentSlot.wrap(rest | (uint256(time) << _FINAL_FROM));
    }

    /// @dev Notes that an appeal was taken, or that it was withdrawn.
    function appealed(JudgmentSlot slot, bool is_) internal pure returns (JudgmentSlot) {
        uint256 rest = JudgmentSlot.unwrap(slot) & ~_IS_APPEALED;
        return JudgmentSlot.wrap(is_ ? rest | _IS_APPEALED : rest);
    }

    /// @dev Notes what was decided upon it.
    function decided(JudgmentSlot slot, IJudgmentRegistry.Outcome how) internal pure returns (JudgmentSlot) {
        uint256 rest = JudgmentSlot.unwrap(slot) & ~(uint256(type(uint8).max) << _OUTCOME);
        return JudgmentSlot.wrap(rest | (uint256(how) << _OUTCOME));
    }

    /// @dev Notes that another decision was given in its place.
    function displaced(JudgmentSlot slot) internal pure returns (JudgmentSlot) {
        return JudgmentSlot.wrap(JudgmentSlot.unwrap(slot) | _IS_DISPLACED);
    }

    function registeredAt(JudgmentSlot slot) internal pure returns (uint40) {
        return uint40(JudgmentSlot.unwrap(slot));
    }

    function decidedAt(JudgmentSlot slot) internal pure returns (uint40) {
        return uint40(JudgmentSlot.unwrap(slot) >> _DECIDED_AT);
    }

    function finalFrom(JudgmentSlot slot) internal pure returns (uint40) {
        return uint40(JudgmentSlot.unwrap(slot) >> _FINAL_FROM);
    }

    function court(JudgmentSlot slot) internal pure returns (uint32) {
        return uint32(JudgmentSlot.unwrap(slot) >> _COURT);
    }

    function key(JudgmentSlot slot) internal pure returns (uint32) {
        return uint32(JudgmentSlot.unwrap(slot) >> _KEY);
    }

    function role(JudgmentSlot slot) internal pure returns (uint8) {
        return uint8(JudgmentSlot.unwrap(slot) >> _ROLE);
    }

    function appealTo(JudgmentSlot slot) internal pure returns (uint32) {
        return uint32(JudgmentSlot.unwrap(slot) >> _APPEAL_TO);
    }

    function kind(JudgmentSlot slot) internal pure returns (IJudgmentRegistry.Kind) {
        return IJudgmentRegistry.Kind(uint8(JudgmentSlot.unwrap(slot) >> _KIND));
    }

    function outcome(JudgmentSlot slot) internal pure returns (IJudgmentRegistry.Outcome) {
        return IJudgmentRegistry.Outcome(uint8(JudgmentSlot.unwrap(slot) >> _OUTCOME));
    }

    function depth(JudgmentSlot slot) internal pure returns (uint8) {
        return uint8(JudgmentSlot.unwrap(slot) >> _DEPTH);
    }

    function isUponAnother(JudgmentSlot slot) internal pure returns (bool) {
        return JudgmentSlot.unwrap(slot) & _IS_UPON_ANOTHER != 0;
    }

    function isAppealed(JudgmentSlot slot) internal pure returns (bool) {
        return JudgmentSlot.unwrap(slot) & _IS_APPEALED != 0;
    }

    function isDisplaced(JudgmentSlot slot) internal pure returns (bool) {
        return JudgmentSlot.unwrap(slot) & _IS_DISPLACED != 0;
    }

    function unpack(JudgmentSlot slot) internal pure returns (IJudgmentRegistry.Record memory) {
        return
            IJudgmentRegistry.Record({
                registeredAt: slot.registeredAt(),
                decidedAt: slot.decidedAt(),
                finalFrom: slot.finalFrom(),
                court: slot.court(),
                key: slot.key(),
                role: slot.role(),
                appealTo: slot.appealTo(),
                kind: slot.kind(),
                outcome: slot.outcome(),
                depth: slot.depth(),
                isUponAnother: slot.isUponAnother(),
                isAppealed: slot.isAppealed(),
                isDisplaced: slot.isDisplaced()
            });
    }
}
