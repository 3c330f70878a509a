// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "./IConsentRegistry.sol";

/// @dev An `IConsentRegistry.Consent` without its guardian, in one word. From the least significant bit:
/// purposes32 | from40 | until40 | changedAt40 | version32 | uses24 | by8 | state8 | 32 free.
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

    /// @dev What a consent holds when it is granted.
    function granted(
        IConsentRegistry.Grant calldata given,
        uint256 time,
        uint32 toVersion,
        IConsentRegistry.By who
    ) internal pure returns (ConsentSlot) {
        uint256 terms = uint256(given.purposes) | (uint256(given.from) << _FROM) | (uint256(given.until) << _UNTIL);
        uint256 rest = (uint256(given.uses) << _USES) | (uint256(IConsentRegistry.State.GRANTED) << _STATE);
        return ConsentSlot.wrap(terms | rest | _change(time, toVersion, who));
    }

    /// @dev Revokes a consent, or notes a revocation where there was none; its terms stay to be read.
    function revoked(
        ConsentSlot slot,
        uint256 time,
        uint32 toVersion,
        IConsentRegistry.By who
    ) internal pure returns (ConsentSlot) {
        uint256 terms = uint256(uint112(ConsentSlot.unwrap(slot))) | (uint256(slot.uses()) << _USES);
        uint256 end = uint256(IConsentRegistry.State.REVOKED) << _STATE;
        return ConsentSlot.wrap(terms | end | _change(time, toVersion, who));
    }

    /// @dev Takes one use of a granted consent whose uses are limited, so that at least one is left. USED_UP holds
    /// GRANTED's bit.
    function used(ConsentSlot slot) internal pure returns (ConsentSlot) {
        uint256 word = ConsentSlot.unwrap(slot) - (1 << _USES);
        if (uint24(word >> _USES) == 0) word |= uint256(IConsentRegistry.State.USED_UP) << _STATE;
        return ConsentSlot.wrap(word);
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

    function _change(uint256 time, uint32 toVersion, IConsentRegistry.By who) private pure returns (uint256) {
        return (uint256(uint40(time)) << _CHANGED_AT) | (uint256(toVersion) << _VERSION) | (uint256(who) << _BY);
    }
}
