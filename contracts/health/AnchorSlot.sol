// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRecordRegistry} from "./IRecordRegistry.sol";

/// @dev An `IRecordRegistry.Record` in one word. From the least significant bit:
/// anchoredAt40 | changedAt40 | provider32 | key32 | role8 | kind16 | version16 | state8 | reason8 | 56 free.
type AnchorSlot is uint256;

using AnchorSlots for AnchorSlot global;

/// @title AnchorSlots
/// @notice Reads and packs health records that were anchored alone.
library AnchorSlots {
    uint256 private constant _CHANGED_AT = 40;
    uint256 private constant _PROVIDER = 80;
    uint256 private constant _KEY = 112;
    uint256 private constant _ROLE = 144;
    uint256 private constant _KIND = 152;
    uint256 private constant _VERSION = 168;
    uint256 private constant _STATE = 184;
    uint256 private constant _REASON = 192;

    /// @dev What changes with a record's state: its time, the state and the reason.
    uint256 private constant _CHANGE =
        (uint256(type(uint40).max) << _CHANGED_AT) | (uint256(type(uint16).max) << _STATE);

    /// @dev What a record holds at first.
    function anchored(
        uint256 time,
        uint32 byProvider,
        uint32 byKey,
        uint8 inRole,
        uint16 ofKind,
        uint16 number
    ) internal pure returns (AnchorSlot) {
        uint256 by = (uint256(byProvider) << _PROVIDER) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        uint256 what = (uint256(ofKind) << _KIND) | (uint256(number) << _VERSION);
        return AnchorSlot.wrap(uint40(time) | by | what | (uint256(IRecordRegistry.State.CURRENT) << _STATE));
    }

    /// @dev The record in another state.
    function changed(
        AnchorSlot slot,
        uint256 time,
        IRecordRegistry.State to,
        IRecordRegistry.Reason why
    ) internal pure returns (AnchorSlot) {
        uint256 change = (uint256(uint40(time)) << _CHANGED_AT) | (uint256(to) << _STATE) | (uint256(why) << _REASON);
        return AnchorSlot.wrap((AnchorSlot.unwrap(slot) & ~_CHANGE) | change);
    }

    function anchoredAt(AnchorSlot slot) internal pure returns (uint40) {
        return uint40(AnchorSlot.unwrap(slot));
    }

    function changedAt(AnchorSlot slot) internal pure returns (uint40) {
        return uint40(AnchorSlot.unwrap(slot) >> _CHANGED_AT);
    }

    function provider(AnchorSlot slot) internal pure returns (uint32) {
        return uint32(AnchorSlot.unwrap(slot) >> _PROVIDER);
    }

    function key(AnchorSlot slot) internal pure returns (uint32) {
        return uint32(AnchorSlot.unwrap(slot) >> _KEY);
    }

    function role(AnchorSlot slot) internal pure returns (uint8) {
        return uint8(AnchorSlot.unwrap(slot) >> _ROLE);
    }

    function kind(AnchorSlot slot) internal pure returns (uint16) {
        return uint16(AnchorSlot.unwrap(slot) >> _KIND);
    }

    function version(AnchorSlot slot) internal pure returns (uint16) {
        return uint16(AnchorSlot.unwrap(slot) >> _VERSION);
    }

    function state(AnchorSlot slot) internal pure returns (IRecordRegistry.State) {
        return IRecordRegistry.State(uint8(AnchorSlot.unwrap(slot) >> _STATE));
    }

    function reason(AnchorSlot slot) internal pure returns (IRecordRegistry.Reason) {
        return IRecordRegistry.Reason(uint8(AnchorSlot.unwrap(slot) >> _REASON));
    }

    function unpack(AnchorSlot slot) internal pure returns (IRecordRegistry.Record memory) {
        return
            IRecordRegistry.Record({
                anchoredAt: slot.anchoredAt(),
                changedAt: slot.changedAt(),
                provider: slot.provider(),
                key: slot.key(),
                role: slot.role(),
                kind: slot.kind(),
                version: slot.version(),
                state: slot.state(),
                reason: slot.reason()
            });
    }
}
