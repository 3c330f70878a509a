// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";

/// @dev An `IEvidenceRegistry.Exhibit` in one word. From the least significant bit:
/// depositedAt40 | depositor32 | key32 | tool32 | custodian32 | custodianRole8 | court32 | hop16 | state8 | sealed1 | held1 | 22 free.
type ExhibitSlot is uint256;

using ExhibitSlots for ExhibitSlot global;

/// @title ExhibitSlots
/// @notice Reads and packs exhibits.
library ExhibitSlots {
    uint256 private constant _DEPOSITOR = 40;
    uint256 private constant _KEY = 72;
    uint256 private constant _TOOL = 104;
    uint256 private constant _CUSTODIAN = 136;
    uint256 private constant _CUSTODIAN_ROLE = 168;
    uint256 private constant _COURT = 176;
    uint256 private constant _HOP = 208;
    uint256 private constant _STATE = 224;
    uint256 private constant _SEALED = 232;
    uint256 private constant _HELD = 233;

    /// @dev Custodian and role, which change together.
    uint256 private constant _HOLDER = ((1 << (_COURT - _CUSTODIAN)) - 1) << _CUSTODIAN;

    /// @dev What an exhibit holds at first: its depositor is its custodian.
    function deposited(
        uint256 time,
        uint32 byBody,
        uint32 byKey,
        uint8 inRole,
        uint32 withTool
    ) internal pure returns (ExhibitSlot) {
        uint256 by = (uint256(byBody) << _DEPOSITOR) | (uint256(byKey) << _KEY) | (uint256(withTool) << _TOOL);
        uint256 holder = (uint256(byBody) << _CUSTODIAN) | (uint256(inRole) << _CUSTODIAN_ROLE);
        uint256 how = uint256(IEvidenceRegistry.State.DEPOSITED) << _STATE;
        return ExhibitSlot.wrap(uint40(time) | by | holder | how);
    }

    /// @dev One hop further; there is room for another.
    function handedTo(ExhibitSlot slot, uint32 body, uint8 inRole) internal pure returns (ExhibitSlot) {
        uint256 holder = (uint256(body) << _CUSTODIAN) | (uint256(inRole) << _CUSTODIAN_ROLE);
        // No carry into the state: who calls saw to it that the hop is not the last.
        unchecked {
            return ExhibitSlot.wrap(((ExhibitSlot.unwrap(slot) & ~_HOLDER) | holder) + (1 << _HOP));
        }
    }

    function withState(ExhibitSlot slot, IEvidenceRegistry.State next) internal pure returns (ExhibitSlot) {
        uint256 rest = ExhibitSlot.unwrap(slot) & ~(uint256(type(uint8).max) << _STATE);
        return ExhibitSlot.wrap(rest | (uint256(next) << _STATE));
    }

    function withCourt(ExhibitSlot slot, uint32 body) internal pure returns (ExhibitSlot) {
        uint256 rest = ExhibitSlot.unwrap(slot) & ~(uint256(type(uint32).max) << _COURT);
        return ExhibitSlot.wrap(rest | (uint256(body) << _COURT));
    }

    /// @dev Seals what is not sealed, and the other way round.
    function withOtherSeal(ExhibitSlot slot) internal pure returns (ExhibitSlot) {
        return ExhibitSlot.wrap(ExhibitSlot.unwrap(slot) ^ (1 << _SEALED));
    }

    /// @dev Holds what is not held, and the other way round.
    function withOtherHold(ExhibitSlot slot) internal pure returns (ExhibitSlot) {
        return ExhibitSlot.wrap(ExhibitSlot.unwrap(slot) ^ (1 << _HELD));
    }

    function depositedAt(ExhibitSlot slot) internal pure returns (uint40) {
        return uint40(ExhibitSlot.unwrap(slot));
    }

    function depositor(ExhibitSlot slot) internal pure returns (uint32) {
        return uint32(ExhibitSlot.unwrap(slot) >> _DEPOSITOR);
    }

    function key(ExhibitSlot slot) internal pure returns (uint32) {
        return uint32(ExhibitSlot.unwrap(slot) >> _KEY);
    }

    function tool(ExhibitSlot slot) internal pure returns (uint32) {
        return uint32(ExhibitSlot.unwrap(slot) >> _TOOL);
    }

    function custodian(ExhibitSlot slot) internal pure returns (uint32) {
        return uint32(ExhibitSlot.unwrap(slot) >> _CUSTODIAN);
    }

    function custodianRole(ExhibitSlot slot) internal pure returns (uint8) {
        return uint8(ExhibitSlot.unwrap(slot) >> _CUSTODIAN_ROLE);
    }

    function court(ExhibitSlot slot) internal pure returns (uint32) {
        return uint32(ExhibitSlot.unwrap(slot) >> _COURT);
    }

    function hop(ExhibitSlot slot) internal pure returns (uint16) {
        return uint16(ExhibitSlot.unwrap(slot) >> _HOP);
    }

    function state(ExhibitSlot slot) internal pure returns (IEvidenceRegistry.State) {
        return IEvidenceRegistry.State(uint8(ExhibitSlot.unwrap(slot) >> _STATE));
    }

    /// @dev `state` as a number, for the hot paths.
    function stateNumber(ExhibitSlot slot) internal pure returns (uint256) {
        return uint8(ExhibitSlot.unwrap(slot) >> _STATE);
    }

    /// @dev Seal and hold as a number: 1 for sealed, 2 for held, 3 for both.
    function situation(ExhibitSlot slot) internal pure returns (uint256) {
        return (ExhibitSlot.unwrap(slot) >> _SEALED) & 3;
    }

    function isSealed(ExhibitSlot slot) internal pure returns (bool) {
        return (ExhibitSlot.unwrap(slot) >> _SEALED) & 1 == 1;
    }

    function isHeld(ExhibitSlot slot) internal pure returns (bool) {
        return (ExhibitSlot.unwrap(slot) >> _HELD) & 1 == 1;
    }

    function unpack(ExhibitSlot slot) internal pure returns (IEvidenceRegistry.Exhibit memory) {
        return
            IEvidenceRegistry.Exhibit({
                depositedAt: slot.depositedAt(),
                depositor: slot.depositor(),
                key: slot.key(),
                tool: slot.tool(),
                custodian: slot.custodian(),
                custodianRole: slot.custodianRole(),
                court: slot.court(),
                hop: slot.hop(),
                state: slot.state(),
                isSealed: slot.isSealed(),
                isHeld: slot.isHeld()
            });
    }
}
