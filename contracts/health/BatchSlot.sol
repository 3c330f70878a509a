// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRecordRegistry} from "./IRecordRegistry.sol";

/// @dev An `IRecordRegistry.Batch` in one word. From the least significant bit:
/// anchoredAt40 | first64 | key32 | role8 | kind16 | 96 free.
type BatchSlot is uint256;

using BatchSlots for BatchSlot global;

/// @title BatchSlots
/// @notice Reads and packs batches of health records.
library BatchSlots {
    uint256 private constant _FIRST = 40;
    uint256 private constant _KEY = 104;
    uint256 private constant _ROLE = 136;
    uint256 private constant _KIND = 144;

    function anchored(
        uint256 time,
        uint64 from,
        uint32 byKey,
        uint8 inRole,
        uint16 ofKind
    ) internal pure returns (BatchSlot) {
        uint256 by = (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        return BatchSlot.wrap(uint40(time) | (uint256(from) << _FIRST) | by | (uint256(ofKind) << _KIND));
    }

    function anchoredAt(BatchSlot slot) internal pure returns (uint40) {
        return uint40(BatchSlot.unwrap(slot));
    }

    function first(BatchSlot slot) internal pure returns (uint64) {
        return uint64(BatchSlot.unwrap(slot) >> _FIRST);
    }

    function key(BatchSlot slot) internal pure returns (uint32) {
        return uint32(BatchSlot.unwrap(slot) >> _KEY);
    }

    function role(BatchSlot slot) internal pure returns (uint8) {
        return uint8(BatchSlot.unwrap(slot) >> _ROLE);
    }

    function kind(BatchSlot slot) internal pure returns (uint16) {
        return uint16(BatchSlot.unwrap(slot) >> _KIND);
    }

    function unpack(BatchSlot slot) internal pure returns (IRecordRegistry.Batch memory) {
        return
            IRecordRegistry.Batch({
                anchoredAt: slot.anchoredAt(),
                first: slot.first(),
                key: slot.key(),
                role: slot.role(),
                kind: slot.kind()
            });
    }
}
