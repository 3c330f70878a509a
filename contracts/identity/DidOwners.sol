// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {Governed} from "../trust/Governed.sol";

import {DidSlot} from "./DidSlot.sol";
import {IDidRegistry} from "./IDidRegistry.sol";

/// @title DidOwners
/// @notice Who controls a DID, now and in the past.
abstract contract DidOwners is IDidRegistry, Governed, EIP712 {
    using Checkpoints for Checkpoints.Trace160;

    mapping(address identity => DidSlot) internal _dids;
    mapping(address identity => Checkpoints.Trace160) private _owners;

    // VIEWS

    /// @inheritdoc IDidRegistry
    function identityOwner(address identity) external view returns (address) {
        DidSlot did = _dids[identity];
        return did.state() == State.ACTIVE ? did.owner(identity) : address(0);
    }

    /// @inheritdoc IDidRegistry
    function changed(address identity) external view returns (uint256) {
        return _dids[identity].changed();
    }

    /// @inheritdoc IDidRegistry
    function nonce(address identity) external view returns (uint256) {
        return _dids[identity].nonce();
    }

    /// @inheritdoc IDidRegistry
    function stateOf(address identity) external view returns (State, address) {
        DidSlot did = _dids[identity];
        return (did.state(), did.owner(identity));
    }

    /// @inheritdoc IDidRegistry
    function ownerAt(address identity, uint40 time) public view returns (address) {
        address owner = address(_owners[identity].upperLookupRecent(time));
        if (owner != address(0)) return owner;
        // Before the first change, or after the last: nothing follows a deactivation. Its time alone matters.
        // slither-disable-next-line unused-return
        (, uint96 last, ) = _owners[identity].latestCheckpoint();
        bool ended = _dids[identity].state() == State.DEACTIVATED && time >= last;
        return ended ? address(0) : identity;
    }

    // INTERNAL: WRITES

    /// @dev Stores the DID under another owner and tells; the slot's `changed` and `link` are set before.
    function _setOwner(address identity, DidSlot did, address owner) internal {
        _dids[identity] = did.withOwner(owner).withNextNonce();
        // Both returned values are the caller's to ignore: nothing here depends on the owner before.
        // slither-disable-next-line unused-return
        _owners[identity].push(uint96(block.timestamp), uint160(owner));
        emit DIDOwnerChanged(identity, owner, did.link());
    }

    // INTERNAL: RULES

    function _activeDid(address identity) internal view returns (DidSlot did) {
        did = _livingDid(identity);
        require(did.state() == State.ACTIVE, DidIsFrozen(identity));
    }

    function _livingDid(address identity) internal view returns (DidSlot did) {
        did = _dids[identity];
        require(did.state() != State.DEACTIVATED, DidIsDeactivated(identity));
    }

    function _requireOwner(address identity, DidSlot did) internal view returns (address sender) {
        sender = _msgSender();
        require(sender == did.owner(identity), NotDidOwner(identity, sender));
    }
}
