// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IBillRegistry} from "./IBillRegistry.sol";

/// @dev An `IBillRegistry.Record` in one word. From the least significant bit:
/// submittedAt40 | provider32 | key32 | role8 | changedAt40 | payer32 | payerKey32 | payerRole8 | state8 | reason8 | 16 free.
type BillSlot is uint256;

using BillSlots for BillSlot global;

/// @title BillSlots
/// @notice Reads and packs bills.
library BillSlots {
    uint256 private constant _PROVIDER = 40;
    uint256 private constant _KEY = 72;
    uint256 private constant _ROLE = 104;
    uint256 private constant _CHANGED_AT = 112;
    uint256 private constant _PAYER = 152;
    uint256 private constant _PAYER_KEY = 184;
    uint256 private constant _PAYER_ROLE = 216;
    uint256 private constant _STATE = 224;
    uint256 private constant _REASON = 232;

    /// @dev What a submission writes, which the payers leave as it is.
    uint256 private constant _SUBMISSION = (1 << _CHANGED_AT) - 1;
    /// @dev When and to what the bill last changed.
    uint256 private constant _CHANGE =
        (uint256(type(uint40).max) << _CHANGED_AT) | (uint256(type(uint16).max) << _STATE);

    /// @dev What a bill holds when it is submitted.
    function submitted(uint256 time, uint32 byBody, uint32 byKey, uint8 inRole) internal pure returns (BillSlot) {
        uint256 by = (uint256(byBody) << _PROVIDER) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        return BillSlot.wrap(uint40(time) | by).changed(time, IBillRegistry.State.SUBMITTED);
    }

    /// @dev After a payer paid, for no reason, or rejected.
    function decided(
        BillSlot slot,
        uint256 time,
        uint32 byBody,
        uint32 byKey,
        uint8 inRole,
        IBillRegistry.State next,
        IBillRegistry.RejectReason why
    ) internal pure returns (BillSlot) {
        uint256 by = (uint256(byBody) << _PAYER) | (uint256(byKey) << _PAYER_KEY) | (uint256(inRole) << _PAYER_ROLE);
        uint256 word = (BillSlot.unwrap(slot) & _SUBMISSION) | by | (uint256(why) << _REASON);
        return BillSlot.wrap(word | (uint256(uint40(time)) << _CHANGED_AT) | (uint256(next) << _STATE));
    }

    /// @dev Another state, and no reason.
    function changed(BillSlot slot, uint256 time, IBillRegistry.State next) internal pure returns (BillSlot) {
        uint256 change = (uint256(uint40(time)) << _CHANGED_AT) | (uint256(next) << _STATE);
        return BillSlot.wrap((BillSlot.unwrap(slot) & ~_CHANGE) | change);
    }

    function submittedAt(BillSlot slot) internal pure returns (uint40) {
        return uint40(BillSlot.unwrap(slot));
    }

    function provider(BillSlot slot) internal pure returns (uint32) {
        return uint32(BillSlot.unwrap(slot) >> _PROVIDER);
    }

    function key(BillSlot slot) internal pure returns (uint32) {
        return uint32(BillSlot.unwrap(slot) >> _KEY);
    }

    function role(BillSlot slot) internal pure returns (uint8) {
        return uint8(BillSlot.unwrap(slot) >> _ROLE);
    }

    function changedAt(BillSlot slot) internal pure returns (uint40) {
        return uint40(BillSlot.unwrap(slot) >> _CHANGED_AT);
    }

    function payer(BillSlot slot) internal pure returns (uint32) {
        return uint32(BillSlot.unwrap(slot) >> _PAYER);
    }

    function payerKey(BillSlot slot) internal pure returns (uint32) {
        return uint32(BillSlot.unwrap(slot) >> _PAYER_KEY);
    }

    function payerRole(BillSlot slot) internal pure returns (uint8) {
        return uint8(BillSlot.unwrap(slot) >> _PAYER_ROLE);
    }

    function state(BillSlot slot) internal pure returns (IBillRegistry.State) {
        return IBillRegistry.State(uint8(BillSlot.unwrap(slot) >> _STATE));
    }

    function reason(BillSlot slot) internal pure returns (IBillRegistry.RejectReason) {
        return IBillRegistry.RejectReason(uint8(BillSlot.unwrap(slot) >> _REASON));
    }

    function unpack(BillSlot slot) internal pure returns (IBillRegistry.Record memory) {
        return
            IBillRegistry.Record({
                submittedAt: slot.submittedAt(),
                provider: slot.provider(),
                key: slot.key(),
                role: slot.role(),
                changedAt: slot.changedAt(),
                payer: slot.payer(),
                payerKey: slot.payerKey(),
                payerRole: slot.payerRole(),
                state: slot.state(),
                reason: slot.reason()
            });
    }
}
