// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";

/// @dev An `IEvidenceRegistry.Offer` in one word. From the least significant bit: to32 | until40 | hop16 | 168 free.
type OfferSlot is uint256;

using OfferSlots for OfferSlot global;

/// @title OfferSlots
/// @notice Reads and packs offers of exhibits.
library OfferSlots {
    uint256 private constant _UNTIL = 32;
    uint256 private constant _HOP = 72;

    function made(uint32 toBody, uint40 end, uint16 atHop) internal pure returns (OfferSlot) {
        return OfferSlot.wrap(uint256(toBody) | (uint256(end) << _UNTIL) | (uint256(atHop) << _HOP));
    }

    function to(OfferSlot slot) internal pure returns (uint32) {
        return uint32(OfferSlot.unwrap(slot));
    }

    function until(OfferSlot slot) internal pure returns (uint40) {
        return uint40(OfferSlot.unwrap(slot) >> _UNTIL);
    }

    function hop(OfferSlot slot) internal pure returns (uint16) {
        return uint16(OfferSlot.unwrap(slot) >> _HOP);
    }

    function unpack(OfferSlot slot) internal pure returns (IEvidenceRegistry.Offer memory) {
        return IEvidenceRegistry.Offer({to: slot.to(), until: slot.until(), hop: slot.hop()});
    }
}
