// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IBenefits} from "./IBenefits.sol";

/// @dev An `IBenefits.Record` in one word. From the least significant bit:
/// claimedAt40 | deadline40 | revokedAt40 | body32 | key32 | role8 | reason8 | 56 free.
type BenefitSlot is uint256;

using BenefitSlots for BenefitSlot global;

/// @title BenefitSlots
/// @notice Reads and packs claims of benefits.
library BenefitSlots {
    uint256 private constant _DEADLINE = 40;
    uint256 private constant _REVOKED_AT = 80;
    uint256 private constant _BODY = 120;
    uint256 private constant _KEY = 152;
    uint256 private constant _ROLE = 184;
    uint256 private constant _REASON = 192;

    /// @dev What a claim holds at first.
    function claimed(
        uint256 time,
        uint40 until,
        uint32 byBody,
        uint32 byKey,
        uint8 inRole
    ) internal pure returns (BenefitSlot) {
        uint256 by = (uint256(byBody) << _BODY) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        return BenefitSlot.wrap(uint40(time) | (uint256(until) << _DEADLINE) | by);
    }

    /// @dev Revokes a claim that is not revoked.
    function revoked(BenefitSlot slot, uint256 time, IBenefits.Reason why) internal pure returns (BenefitSlot) {
        uint256 end = (uint256(uint40(time)) << _REVOKED_AT) | (uint256(why) << _REASON);
        return BenefitSlot.wrap(BenefitSlot.unwrap(slot) | end);
    }

    function claimedAt(BenefitSlot slot) internal pure returns (uint40) {
        return uint40(BenefitSlot.unwrap(slot));
    }

    function deadline(BenefitSlot slot) internal pure returns (uint40) {
        return uint40(BenefitSlot.unwrap(slot) >> _DEADLINE);
    }

    function revokedAt(BenefitSlot slot) internal pure returns (uint40) {
        return uint40(BenefitSlot.unwrap(slot) >> _REVOKED_AT);
    }

    function body(BenefitSlot slot) internal pure returns (uint32) {
        return uint32(BenefitSlot.unwrap(slot) >> _BODY);
    }

    function key(BenefitSlot slot) internal pure returns (uint32) {
        return uint32(BenefitSlot.unwrap(slot) >> _KEY);
    }

    function role(BenefitSlot slot) internal pure returns (uint8) {
        return uint8(BenefitSlot.unwrap(slot) >> _ROLE);
    }

    function reason(BenefitSlot slot) internal pure returns (IBenefits.Reason) {
        return IBenefits.Reason(uint8(BenefitSlot.unwrap(slot) >> _REASON));
    }

    function unpack(BenefitSlot slot) internal pure returns (IBenefits.Record memory) {
        return
            IBenefits.Record({
                claimedAt: slot.claimedAt(),
                deadline: slot.deadline(),
                revokedAt: slot.revokedAt(),
                body: slot.body(),
                key: slot.key(),
                role: slot.role(),
                reason: slot.reason()
            });
    }
}
