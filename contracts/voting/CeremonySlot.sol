// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev How a key ceremony stands, in one word. From the least significant bit: round32 | startedAt40 | dealingAt40 |
/// complaintsAt40 | registered17 | dealt17 | complained17 | accused17 | derived8 | keyMade1 | 27 free. The four sets have bit i for
/// the trustee of index i. `dealingAt` and `complaintsAt` are written only where a step ends before its time.
type CeremonySlot is uint256;

using CeremonySlots for CeremonySlot global;

/// @title CeremonySlots
/// @notice Reads and packs how a key ceremony stands.
library CeremonySlots {
    uint256 private constant _STARTED = 32;
    uint256 private constant _DEALING = 72;
    uint256 private constant _COMPLAINTS = 112;
    uint256 private constant _REGISTERED = 152;
    uint256 private constant _DEALT = 169;
    uint256 private constant _COMPLAINED = 186;
    uint256 private constant _ACCUSED = 203;
    uint256 private constant _DERIVED = 220;
    uint256 private constant _KEY_MADE = 228;
    uint256 private constant _SET = 0x1ffff;

    /// @dev A round that starts now.
    function started(uint32 number, uint256 time) internal pure returns (CeremonySlot) {
        return CeremonySlot.wrap(number | (uint256(uint40(time)) << _STARTED));
    }

    function round(CeremonySlot slot) internal pure returns (uint32) {
        return uint32(CeremonySlot.unwrap(slot));
    }

    function startedAt(CeremonySlot slot) internal pure returns (uint40) {
        return uint40(CeremonySlot.unwrap(slot) >> _STARTED);
    }

    /// @dev When dealing began before its time; 0 where it did not.
    function dealingAt(CeremonySlot slot) internal pure returns (uint40) {
        return uint40(CeremonySlot.unwrap(slot) >> _DEALING);
    }

    /// @dev When complaints began before their time; 0 where they did not.
    function complaintsAt(CeremonySlot slot) internal pure returns (uint40) {
        return uint40(CeremonySlot.unwrap(slot) >> _COMPLAINTS);
    }

    function withDealingAt(CeremonySlot slot, uint256 time) internal pure returns (CeremonySlot) {
        return CeremonySlot.wrap(CeremonySlot.unwrap(slot) | (uint256(uint40(time)) << _DEALING));
    }

    function withComplaintsAt(CeremonySlot slot, uint256 time) internal pure returns (CeremonySlot) {
        return CeremonySlot.wrap(CeremonySlot.unwrap(slot) | (uint256(uint40(time)) << _COMPLAINTS));
    }

    /// @dev Who registered a key.
    function registered(CeremonySlot slot) internal pure returns (uint256) {
        return (CeremonySlot.unwrap(slot) >> _REGISTERED) & _SET;
    }

    function withRegistered(CeremonySlot slot, uint256 index) internal pure returns (CeremonySlot) {
        return CeremonySlot.wrap(CeremonySlot.unwrap(slot) | (1 << (_REGISTERED + index)));
    }

    /// @dev Who dealt.
    function dealt(CeremonySlot slot) internal pure returns (uint256) {
        return (CeremonySlot.unwrap(slot) >> _DEALT) & _SET;
    }

    function withDealt(CeremonySlot slot, uint256 index) internal pure returns (CeremonySlot) {
        return CeremonySlot.wrap(CeremonySlot.unwrap(slot) | (1 << (_DEALT + index)));
    }

    /// @dev Who complained of somebody.
    function complained(CeremonySlot slot) internal pure returns (uint256) {
        return (CeremonySlot.unwrap(slot) >> _COMPLAINED) & _SET;
    }

    function withComplained(CeremonySlot slot, uint256 index) internal pure returns (CeremonySlot) {
        return CeremonySlot.wrap(CeremonySlot.unwrap(slot) | (1 << (_COMPLAINED + index)));
    }

    /// @dev Of whom a complaint is unanswered.
    function accused(CeremonySlot slot) internal pure returns (uint256) {
        return (CeremonySlot.unwrap(slot) >> _ACCUSED) & _SET;
    }

    function withAccused(CeremonySlot slot, uint256 index, bool isAccused) internal pure returns (CeremonySlot) {
        uint256 bit = 1 << (_ACCUSED + index);
        uint256 rest = CeremonySlot.unwrap(slot) & ~bit;
        return CeremonySlot.wrap(isAccused ? rest | bit : rest);
    }

    /// @dev The last trustee whose public share is derived.
    function derived(CeremonySlot slot) internal pure returns (uint8) {
        return uint8(CeremonySlot.unwrap(slot) >> _DERIVED);
    }

    function withDerived(CeremonySlot slot, uint256 index) internal pure returns (CeremonySlot) {
        uint256 rest = CeremonySlot.unwrap(slot) & ~(uint256(0xff) << _DERIVED);
        return CeremonySlot.wrap(rest | (index << _DERIVED));
    }

    function isKeyMade(CeremonySlot slot) internal pure returns (bool) {
        return CeremonySlot.unwrap(slot) & (1 << _KEY_MADE) != 0;
    }

    function withKeyMade(CeremonySlot slot) internal pure returns (CeremonySlot) {
        return CeremonySlot.wrap(CeremonySlot.unwrap(slot) | (1 << _KEY_MADE));
    }
}
