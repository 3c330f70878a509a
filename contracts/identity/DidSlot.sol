// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IDidRegistry} from "./IDidRegistry.sol";

/// @dev All that a change of a DID reads and writes, in one word. From the least significant bit:
/// owner160 | changed32 | link32 | nonce30 | state2. An owner of 0 stands for the identity itself. `changed` is the
/// block of the last ERC-1056 event, `link` the block of the last one before that block: events point there.
type DidSlot is uint256;

using DidSlots for DidSlot global;

/// @title DidSlots
/// @notice Reads and packs what the registry keeps of a DID.
library DidSlots {
    uint256 private constant _CHANGED = 160;
    uint256 private constant _LINK = 192;
    uint256 private constant _NONCE = 224;
    uint256 private constant _STATE = 254;

    uint256 private constant _OWNER_MASK = type(uint160).max;
    uint256 private constant _BLOCK_MASK = type(uint32).max;
    uint256 private constant _NONCE_MASK = (1 << 30) - 1;

    /// @dev Whoever controls the DID, even while it is frozen; nobody once it is deactivated.
    function owner(DidSlot slot, address identity) internal pure returns (address) {
        if (slot.state() == IDidRegistry.State.DEACTIVATED) return address(0);
        address given = address(uint160(DidSlot.unwrap(slot)));
        return given == address(0) ? identity : given;
    }

    function changed(DidSlot slot) internal pure returns (uint32) {
        return uint32(DidSlot.unwrap(slot) >> _CHANGED);
    }

    function link(DidSlot slot) internal pure returns (uint32) {
        return uint32(DidSlot.unwrap(slot) >> _LINK);
    }

    function nonce(DidSlot slot) internal pure returns (uint32) {
        return uint32((DidSlot.unwrap(slot) >> _NONCE) & _NONCE_MASK);
    }

    function state(DidSlot slot) internal pure returns (IDidRegistry.State) {
        return IDidRegistry.State(DidSlot.unwrap(slot) >> _STATE);
    }

    /// @dev Moves `changed` to this block, unless it is there, and `link` behind it.
    function touched(DidSlot slot, uint256 blockNumber) internal pure returns (DidSlot) {
        uint256 before = slot.changed();
        if (before == uint32(blockNumber)) return slot;
        uint256 rest = DidSlot.unwrap(slot) & ~((_BLOCK_MASK << _CHANGED) | (_BLOCK_MASK << _LINK));
        return DidSlot.wrap(rest | (uint256(uint32(blockNumber)) << _CHANGED) | (before << _LINK));
    }

    /// @dev Moves `changed` to this block and leaves `link`, so that the block of a freeze falls out of the chain.
    function relinked(DidSlot slot, uint256 blockNumber) internal pure returns (DidSlot) {
        uint256 rest = DidSlot.unwrap(slot) & ~(_BLOCK_MASK << _CHANGED);
        return DidSlot.wrap(rest | (uint256(uint32(blockNumber)) << _CHANGED));
    }

    function withOwner(DidSlot slot, address to) internal pure returns (DidSlot) {
        return DidSlot.wrap((DidSlot.unwrap(slot) & ~_OWNER_MASK) | uint160(to));
    }

    function withState(DidSlot slot, IDidRegistry.State to) internal pure returns (DidSlot) {
        uint256 rest = DidSlot.unwrap(slot) & ~(uint256(3) << _STATE);
        return DidSlot.wrap(rest | (uint256(to) << _STATE));
    }

    /// @dev What was signed before counts no more. After 2^30 steps, some 40 trillion gas, the nonce starts again.
    function withNextNonce(DidSlot slot) internal pure returns (DidSlot) {
        uint256 next = (uint256(slot.nonce()) + 1) & _NONCE_MASK;
        return DidSlot.wrap((DidSlot.unwrap(slot) & ~(_NONCE_MASK << _NONCE)) | (next << _NONCE));
    }
}
