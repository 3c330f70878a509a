// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev When and how a body co-attested, in one word. From the least significant bit: attestedAt40 | key32 | role8 | 176 free.
/// The role is its ordinal among the witnesses' three.
type WitnessSlot is uint256;

using WitnessSlots for WitnessSlot global;

/// @title WitnessSlots
/// @notice Reads and packs co-attestations.
library WitnessSlots {
    uint256 private constant _KEY = 40;
    uint256 private constant _ROLE = 72;

    function attested(uint256 time, uint32 byKey, uint8 inRole) internal pure returns (WitnessSlot) {
        return WitnessSlot.wrap(uint40(time) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE));
    }

    function attestedAt(WitnessSlot slot) internal pure returns (uint40) {
        return uint40(WitnessSlot.unwrap(slot));
    }

    function key(WitnessSlot slot) internal pure returns (uint32) {
        return uint32(WitnessSlot.unwrap(slot) >> _KEY);
    }

    function role(WitnessSlot slot) internal pure returns (uint8) {
        return uint8(WitnessSlot.unwrap(slot) >> _ROLE);
    }
}
