// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";

/// @dev An `IEvidenceRegistry.Deposit` in one word. From the least significant bit:
/// depositedAt40 | depositor32 | first64 | key32 | role8 | tool32 | 48 free.
type DepositSlot is uint256;

using DepositSlots for DepositSlot global;

/// @title DepositSlots
/// @notice Reads and packs batches of exhibits.
library DepositSlots {
    uint256 private constant _DEPOSITOR = 40;
    uint256 private constant _FIRST = 72;
    uint256 private constant _KEY = 136;
    uint256 private constant _ROLE = 168;
    uint256 private constant _TOOL = 176;

    function deposited(
        uint256 time,
        uint32 byBody,
        uint64 from,
        uint32 byKey,
        uint8 inRole,
        uint32 withTool
    ) internal pure returns (DepositSlot) {
        uint256 by = (uint256(byBody) << _DEPOSITOR) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        return DepositSlot.wrap(uint40(time) | by | (uint256(from) << _FIRST) | (uint256(withTool) << _TOOL));
    }

    function depositedAt(DepositSlot slot) internal pure returns (uint40) {
        return uint40(DepositSlot.unwrap(slot));
    }

    function depositor(DepositSlot slot) internal pure returns (uint32) {
        return uint32(DepositSlot.unwrap(slot) >> _DEPOSITOR);
    }

    function first(DepositSlot slot) internal pure returns (uint64) {
        return uint64(DepositSlot.unwrap(slot) >> _FIRST);
    }

    function key(DepositSlot slot) internal pure returns (uint32) {
        return uint32(DepositSlot.unwrap(slot) >> _KEY);
    }

    function role(DepositSlot slot) internal pure returns (uint8) {
        return uint8(DepositSlot.unwrap(slot) >> _ROLE);
    }

    function tool(DepositSlot slot) internal pure returns (uint32) {
        return uint32(DepositSlot.unwrap(slot) >> _TOOL);
    }

    function unpack(DepositSlot slot) internal pure returns (IEvidenceRegistry.Deposit memory) {
        return
            IEvidenceRegistry.Deposit({
                depositedAt: slot.depositedAt(),
                depositor: slot.depositor(),
                first: slot.first(),
                key: slot.key(),
                role: slot.role(),
                tool: slot.tool()
            });
    }
}
