// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "./ITrustList.sol";

/// @dev An `ITrustList.Accreditation` in one word, read field by field without unpacking the rest: the hot paths need
/// a few of its fields, and a struct in memory would cost more than the checks on it. From the least significant bit:
/// from40 | until40 | since40 | parent32 | role8 | levels8 | decision8 | held8 | 24 free | alarm40 | 8 free.
/// The low 208 bits are what history keeps.
type AccreditationSlot is uint256;

using AccreditationSlots for AccreditationSlot global;

/// @title AccreditationSlots
/// @notice Reads and packs accreditations.
library AccreditationSlots {
    uint256 private constant _UNTIL = 40;
    uint256 private constant _SINCE = 80;
    uint256 private constant _PARENT = 120;
    uint256 private constant _ROLE = 152;
    uint256 private constant _LEVELS = 160;
    uint256 private constant _DECISION = 168;
    uint256 private constant _HELD = 176;
    uint256 private constant _ALARM = 208;

    /// @dev Parent, decision and alarm; and what they are when the council accredited and no key is compromised.
    uint256 private constant _ALONE_MASK =
        (uint256(type(uint32).max) << _PARENT) |
            (uint256(type(uint8).max) << _DECISION) |
            (uint256(type(uint40).max) << _ALARM);
    uint256 private constant _ALONE = uint256(ITrustList.Decision.ACCREDITED) << _DECISION;

    function pack(ITrustList.Accreditation memory a) internal pure returns (AccreditationSlot) {
        uint256 period = uint256(a.from) | (uint256(a.until) << _UNTIL) | (uint256(a.since) << _SINCE);
        uint256 place = (uint256(a.parent) << _PARENT) | (uint256(a.role) << _ROLE) | (uint256(a.levels) << _LEVELS);
        uint256 decided = (uint256(a.decision) << _DECISION) | (a.held ? 1 << _HELD : 0) | (uint256(a.alarm) << _ALARM);
        return AccreditationSlot.wrap(period | place | decided);
    }

    function unpack(AccreditationSlot slot) internal pure returns (ITrustList.Accreditation memory) {
        return
            ITrustList.Accreditation({
                from: slot.from(),
                until: slot.until(),
                since: slot.since(),
                alarm: slot.alarm(),
                parent: slot.parent(),
                role: slot.role(),
                levels: slot.levels(),
                decision: slot.decision(),
                held: (AccreditationSlot.unwrap(slot) >> _HELD) & 1 == 1
            });
    }

    function from(AccreditationSlot slot) internal pure returns (uint40) {
        return uint40(AccreditationSlot.unwrap(slot));
    }

    function until(AccreditationSlot slot) internal pure returns (uint40) {
        return uint40(AccreditationSlot.unwrap(slot) >> _UNTIL);
    }

    function since(AccreditationSlot slot) internal pure returns (uint40) {
        return uint40(AccreditationSlot.unwrap(slot) >> _SINCE);
    }

    function parent(AccreditationSlot slot) internal pure returns (uint32) {
        return uint32(AccreditationSlot.unwrap(slot) >> _PARENT);
    }

    function role(AccreditationSlot slot) internal pure returns (uint8) {
        return uint8(AccreditationSlot.unwrap(slot) >> _ROLE);
    }

    function levels(AccreditationSlot slot) internal pure returns (uint8) {
        return uint8(AccreditationSlot.unwrap(slot) >> _LEVELS);
    }

    function decision(AccreditationSlot slot) internal pure returns (ITrustList.Decision) {
        return ITrustList.Decision(uint8(AccreditationSlot.unwrap(slot) >> _DECISION));
    }

    function alarm(AccreditationSlot slot) internal pure returns (uint40) {
        return uint40(AccreditationSlot.unwrap(slot) >> _ALARM);
    }

    function withAlarm(AccreditationSlot slot, uint40 time) internal pure returns (AccreditationSlot) {
        uint256 rest = AccreditationSlot.unwrap(slot) & ~(uint256(type(uint40).max) << _ALARM);
        return AccreditationSlot.wrap(rest | (uint256(time) << _ALARM));
    }

    /// @dev Whether `standing` is IN_FORCE, for the hot paths.
    function inForce(AccreditationSlot slot, uint256 time) internal pure returns (bool) {
        uint256 word = AccreditationSlot.unwrap(slot);
        return
            uint8(word >> _DECISION) == uint8(ITrustList.Decision.ACCREDITED) &&
            time >= uint40(word) &&
            time < uint40(word >> _UNTIL);
    }

    /// @dev Whether the slot alone shows that a record of that time stands: accredited by the council, nothing decided
    /// since, no key of the body compromised.
    function standsAlone(AccreditationSlot slot, uint256 time) internal pure returns (bool) {
        uint256 word = AccreditationSlot.unwrap(slot);
        return
            word & _ALONE_MASK == _ALONE &&
            time >= uint40(word) &&
            time < uint40(word >> _UNTIL) &&
            time >= uint40(word >> _SINCE);
    }

    /// @dev Whether a grant that this one's holder gave lies within it: fewer levels, and not from an earlier start.
    function covers(AccreditationSlot slot, AccreditationSlot grant) internal pure returns (bool) {
        (uint256 word, uint256 below) = (AccreditationSlot.unwrap(slot), AccreditationSlot.unwrap(grant));
        return uint8(word >> _LEVELS) > uint8(below >> _LEVELS) && uint40(word) <= uint40(below);
    }

    /// @dev How it stands by itself, without its accreditor, at a time not before its `since`.
    function standing(AccreditationSlot slot, uint40 time) internal pure returns (ITrustList.Standing) {
        ITrustList.Decision last = slot.decision();
        if (last == ITrustList.Decision.ACCREDITED) {
            if (time < slot.from()) return ITrustList.Standing.PENDING;
            return time < slot.until() ? ITrustList.Standing.IN_FORCE : ITrustList.Standing.EXPIRED;
        }
        if (last == ITrustList.Decision.SUSPENDED) return ITrustList.Standing.SUSPENDED;
        return last == ITrustList.Decision.WITHDRAWN ? ITrustList.Standing.WITHDRAWN : ITrustList.Standing.NONE;
    }
}
