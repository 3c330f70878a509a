// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev What a registry keeps of a patient, in one word, since an access reads the one half and writes the other. From
/// the least significant bit: objections32 | head224.
type PatientSlot is uint256;

using PatientSlots for PatientSlot global;

/// @title PatientSlots
/// @notice Reads and packs what a registry keeps of a patient.
library PatientSlots {
    uint256 private constant _HEAD = 32;

    /// @dev Whether a purpose is barred to everybody.
    function bars(PatientSlot slot, uint8 purpose) internal pure returns (bool) {
        return (slot.objections() >> purpose) & 1 == 1;
    }

    function objections(PatientSlot slot) internal pure returns (uint32) {
        return uint32(PatientSlot.unwrap(slot));
    }

    function head(PatientSlot slot) internal pure returns (uint224) {
        return uint224(PatientSlot.unwrap(slot) >> _HEAD);
    }

    function withObjections(PatientSlot slot, uint32 purposes) internal pure returns (PatientSlot) {
        return PatientSlot.wrap((uint256(slot.head()) << _HEAD) | purposes);
    }

    function withHead(PatientSlot slot, uint224 to) internal pure returns (PatientSlot) {
        return PatientSlot.wrap((uint256(to) << _HEAD) | slot.objections());
    }
}
