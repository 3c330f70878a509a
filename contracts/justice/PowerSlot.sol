// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IPowerOfAttorneyRegistry} from "./IPowerOfAttorneyRegistry.sol";

/// @dev An `IPowerOfAttorneyRegistry.Power` in one word. From the least significant bit:
/// from40 | until40 | changedAt40 | version32 | state8 | isBySignature8 | 88 free.
type PowerSlot is uint256;

using PowerSlots for PowerSlot global;

/// @title PowerSlots
/// @notice Reads and packs powers of attorney.
library PowerSlots {
    uint256 private constant _UNTIL = 40;
    uint256 private constant _CHANGED_AT = 80;
    uint256 private constant _VERSION = 120;
    uint256 private constant _STATE = 152;
    uint256 private constant _BY_SIGNATURE = 160;

    /// @dev What a power holds when it is granted.
    function granted(
        uint40 begin,
        uint40 end,
        uint256 time,
        uint32 toVersion,
        bool bySignature
    ) internal pure returns (PowerSlot) {
        uint256 terms = begin | (uint256(end) << _UNTIL);
        return _changed(terms, time, toVersion, IPowerOfAttorneyRegistry.State.GRANTED, bySignature);
    }

    /// @dev Ends a power, or notes an end where there was none; its times stay to be read.
    function ended(
        PowerSlot slot,
        uint256 time,
        uint32 toVersion,
        IPowerOfAttorneyRegistry.State how,
        bool bySignature
    ) internal pure returns (PowerSlot) {
        return _changed(uint80(PowerSlot.unwrap(slot)), time, toVersion, how, bySignature);
    }

    function from(PowerSlot slot) internal pure returns (uint40) {
        return uint40(PowerSlot.unwrap(slot));
    }

    function until(PowerSlot slot) internal pure returns (uint40) {
        return uint40(PowerSlot.unwrap(slot) >> _UNTIL);
    }

    function changedAt(PowerSlot slot) internal pure returns (uint40) {
        return uint40(PowerSlot.unwrap(slot) >> _CHANGED_AT);
    }

    function version(PowerSlot slot) internal pure returns (uint32) {
        return uint32(PowerSlot.unwrap(slot) >> _VERSION);
    }

    function state(PowerSlot slot) internal pure returns (IPowerOfAttorneyRegistry.State) {
        return IPowerOfAttorneyRegistry.State(uint8(PowerSlot.unwrap(slot) >> _STATE));
    }

    function isBySignature(PowerSlot slot) internal pure returns (bool) {
        return PowerSlot.unwrap(slot) >> _BY_SIGNATURE != 0;
    }

    function unpack(PowerSlot slot) internal pure returns (IPowerOfAttorneyRegistry.Power memory) {
        return
            IPowerOfAttorneyRegistry.Power({
                from: slot.from(),
                until: slot.until(),
                changedAt: slot.changedAt(),
                version: slot.version(),
                state: slot.state(),
                isBySignature: slot.isBySignature()
            });
    }

    function _changed(
        uint256 terms,
        uint256 time,
        uint32 toVersion,
        IPowerOfAttorneyRegistry.State how,
        bool bySignature
    ) private pure returns (PowerSlot) {
        uint256 change = (uint256(uint40(time)) << _CHANGED_AT) | (uint256(toVersion) << _VERSION);
        uint256 manner = (uint256(how) << _STATE) | (bySignature ? 1 << _BY_SIGNATURE : 0);
        return PowerSlot.wrap(terms | change | manner);
    }
}
