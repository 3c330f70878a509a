// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "./IConsentRegistry.sol";

/// @dev An `IConsentRegistry.Consent` without its guardian, in one word. From the least significant bit:
/// purposes32 | from40 | until40 | changedAt40 | version32 | uses24 | by8 | state8 | hangs8 | 24 free.
/// `hangs` is 1 where a guardian granted it, whose standing it hangs on.
type ConsentSlot is uint256;

using ConsentSlots for ConsentSlot global;

/// @title ConsentSlots
/// @notice Reads and packs consents.
library ConsentSlots {
    uint256 private constant _FROM = 32;
    uint256 private constant _UNTIL = 72;
    uint256 private constant _CHANGED_AT = 112;
    uint256 private constant _VERSION = 152;
    uint256 private constant _USES = 184;
    uint256 private constant _BY = 208;
    uint256 private constant _STATE = 216;
    uint256 private constant _HANGS = 224;

    /// @dev What a consent holds when it is granted.
    function granted(
        uint32 purposes,
        uint40 begin,
        uint40 end,
        uint24 limit,
        uint256 time,
        uint32 toVersion,
        IConsentRegistry.By who
    ) internal pure returns (ConsentSlot) {
        uint256 terms = uint256(purposes) | (uint256(begin) << _FROM) | (uint256(end) << _UNTIL);
        uint256 change = (uint256(uint40(time)) << _CHANGED_AT) | (uint256(toVersion) << _VERSION);
        uint256 state_ = uint256(IConsentRegistry.State.GRANTED) << _STATE;
        return ConsentSlot.wrap(terms | change | (uint256(limit) << _USES) | (uint256(who) << _BY) | state_);
    }

    /// @dev Revokes a consent, or notes a revocation where there was none; its terms stay to be read.
    function revoked(
        ConsentSlot slot,
        uint256 time,
        uint32 toVersion,
        IConsentRegistry.By who
    ) internal pure returns (ConsentSlot) {
        uint256 terms = uint256(uint112(ConsentSlot.unwrap(slot))) | (uint256(slot.uses()) << _USES);
        uint256 change = (uint256(uint40(time)) << _CHANGED_AT) | (uint256(toVersion) << _VERSION);
        uint256 state_ = uint256(IConsentRegistry.State.REVOKED) << _STATE;
        return ConsentSlot.wrap(terms | change | (uint256(who) << _BY) | state_);
    }

    /// @dev Takes one use of a granted consent whose uses are limited, so that at least one is left. USED_UP holds
    /// GRANTED's bit.
    function used(ConsentSlot slot) internal pure returns (ConsentSlot) {
        uint256 word;
        // Above 0, so only its own bits change.
        unchecked {
            word = ConsentSlot.unwrap(slot) - (1 << _USES);
        }
        if (uint24(word >> _USES) == 0) word |= uint256(IConsentRegistry.State.USED_UP) << _STATE;
        return ConsentSlot.wrap(word);
    }

    /// @dev Lets a consent that was just granted hang on a guardian.
    function hung(ConsentSlot slot) internal pure returns (ConsentSlot) {
        return ConsentSlot.wrap(ConsentSlot.unwrap(slot) | (1 << _HANGS));
    }

    /// @dev Whether it is in force for a purpose that is not barred, by what the slot alone tells; false where more must
    /// be asked, since it hangs on a guardian.
    function allows(ConsentSlot slot, uint8 purpose, uint32 barred, uint256 time) internal pure returns (bool) {
        uint256 word = ConsentSlot.unwrap(slot);
        (uint256 begin, uint256 end) = (slot.from(), slot.until());
        // `hangs`, which stands above the state, is 0 too.
        bool isGranted = word >> _STATE == uint256(IConsentRegistry.State.GRANTED);
        // A start lies before its end, and what is before the start wraps to more than any period.
        unchecked {
            return isGranted && time - begin < end - begin && ((uint32(word) & ~barred) >> purpose) & 1 == 1;
        }
    }

    function hangs(ConsentSlot slot) internal pure returns (bool) {
        return ConsentSlot.unwrap(slot) >> _HANGS != 0;
    }

    /// @dev Whether a purpose is among those granted; none past 31 is.
    function names(ConsentSlot slot, uint8 purpose) internal pure returns (bool) {
        return (uint32(ConsentSlot.unwrap(slot)) >> purpose) & 1 == 1;
    }

    function from(ConsentSlot slot) internal pure returns (uint40) {
        return uint40(ConsentSlot.unwrap(slot) >> _FROM);
    }

    function until(ConsentSlot slot) internal pure returns (uint40) {
        return uint40(ConsentSlot.unwrap(slot) >> _UNTIL);
    }

    function version(ConsentSlot slot) internal pure returns (uint32) {
        return uint32(ConsentSlot.unwrap(slot) >> _VERSION);
    }

    function uses(ConsentSlot slot) internal pure returns (uint24) {
        return uint24(ConsentSlot.unwrap(slot) >> _USES);
    }

    function by(ConsentSlot slot) internal pure returns (IConsentRegistry.By) {
        return IConsentRegistry.By(uint8(ConsentSlot.unwrap(slot) >> _BY));
    }

    function state(ConsentSlot slot) internal pure returns (IConsentRegistry.State) {
        return IConsentRegistry.State(uint8(ConsentSlot.unwrap(slot) >> _STATE));
    }

    function unpack(ConsentSlot slot, address guardian) internal pure returns (IConsentRegistry.Consent memory) {
        uint256 word = ConsentSlot.unwrap(slot);
        return
            IConsentRegistry.Consent({
                purposes: uint32(word),
                from: slot.from(),
                until: slot.until(),
                changedAt: uint40(word >> _CHANGED_AT),
                version: slot.version(),
                uses: slot.uses(),
                by: slot.by(),
                state: slot.state(),
                guardian: guardian
            });
    }
}
