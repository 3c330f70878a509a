// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "./ITrustList.sol";

/// @dev An `ITrustList.Key` in one word, for the same reason as `AccreditationSlot`. From the least significant bit:
/// roles64 | body32 | index32 | from40 | until40 | compromisedSince40 | 8 free.
type KeySlot is uint256;

using KeySlots for KeySlot global;

/// @title KeySlots
/// @notice Reads and packs operator keys.
library KeySlots {
    uint256 private constant _BODY = 64;
    uint256 private constant _INDEX = 96;
    uint256 private constant _FROM = 128;
    uint256 private constant _UNTIL = 168;
    uint256 private constant _COMPROMISED = 208;

    function pack(ITrustList.Key memory k) internal pure returns (KeySlot) {
        uint256 identity = uint256(k.roles) | (uint256(k.body) << _BODY) | (uint256(k.index) << _INDEX);
        uint256 period = (uint256(k.from) << _FROM) | (uint256(k.until) << _UNTIL);
        return KeySlot.wrap(identity | period | (uint256(k.compromisedSince) << _COMPROMISED));
    }

    function unpack(KeySlot slot) internal pure returns (ITrustList.Key memory) {
        return
            ITrustList.Key({
                body: slot.body(),
                index: slot.index(),
                from: slot.from(),
                until: slot.until(),
                compromisedSince: slot.compromisedSince(),
                roles: uint64(KeySlot.unwrap(slot))
            });
    }

    function body(KeySlot slot) internal pure returns (uint32) {
        return uint32(KeySlot.unwrap(slot) >> _BODY);
    }

    function index(KeySlot slot) internal pure returns (uint32) {
        return uint32(KeySlot.unwrap(slot) >> _INDEX);
    }

    function from(KeySlot slot) internal pure returns (uint40) {
        return uint40(KeySlot.unwrap(slot) >> _FROM);
    }

    function until(KeySlot slot) internal pure returns (uint40) {
        return uint40(KeySlot.unwrap(slot) >> _UNTIL);
    }

    function compromisedSince(KeySlot slot) internal pure returns (uint40) {
        return uint40(KeySlot.unwrap(slot) >> _COMPROMISED);
    }

    /// @dev False for a role past 63: the word's other fields are no roles.
    function lists(KeySlot slot, uint8 role) internal pure returns (bool) {
        return (uint64(KeySlot.unwrap(slot)) >> role) & 1 == 1;
    }

    /// @dev Whether it may act at all; `standing` says why not. One that is nobody's has `until` 0.
    function inForce(KeySlot slot, uint256 time) internal pure returns (bool) {
        uint256 word = KeySlot.unwrap(slot);
        return word >> _COMPROMISED == 0 && time >= uint40(word >> _FROM) && time < uint40(word >> _UNTIL);
    }

    function standing(KeySlot slot, uint256 time) internal pure returns (ITrustList.Standing) {
        if (slot.body() == 0) return ITrustList.Standing.NONE;
        if (slot.compromisedSince() != 0) return ITrustList.Standing.COMPROMISED;
        if (time < slot.from()) return ITrustList.Standing.PENDING;
        return time < slot.until() ? ITrustList.Standing.IN_FORCE : ITrustList.Standing.EXPIRED;
    }
}
