// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Governed} from "../trust/Governed.sol";
import {Signatures} from "../trust/Signatures.sol";

import {DidGuardians} from "./DidGuardians.sol";
import {DidRecovery} from "./DidRecovery.sol";
import {DidSlot} from "./DidSlot.sol";
import {IDidRegistry} from "./IDidRegistry.sol";
import {PeriodSlot} from "./PeriodSlot.sol";

/// @title DidRegistry
/// @notice Keeps the keys, delegates and services of decentralised identifiers.
/// @dev One slot a DID and one a delegate; attributes live in events alone.
contract DidRegistry is DidRecovery {
    // CONSTANTS

    bytes32 private constant _CHANGE_OWNER = keccak256(
        "ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant _CHANGE = keccak256("Change(uint8 kind,bytes32 name,bytes value,uint256 validity)");
    bytes32 private constant _CHANGE_MANY = keccak256(
        "ChangeMany(address identity,Change[] changes,uint256 nonce,uint256 deadline)"
        "Change(uint8 kind,bytes32 name,bytes value,uint256 validity)"
    );

    // STORAGE

    mapping(bytes32 key => PeriodSlot) private _delegates;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param exitDelay seconds between the scheduling of a freeze's end and its execution
    /// @param guardiansDelay seconds between the scheduling of other guardians and their setting
    /// @param relays the relays to trust
    constructor(
        address authority,
        uint40 exitDelay,
        uint40 guardiansDelay,
        Relays memory relays
    ) Governed(authority, relays) EIP712("Diwan DidRegistry", "1") DidGuardians(exitDelay, guardiansDelay) {}

    // OWNER

    /// @inheritdoc IDidRegistry
    function changeOwner(address identity, address newOwner) external {
        _changeOwner(identity, _ownDid(identity), newOwner);
    }

    /// @inheritdoc IDidRegistry
    function changeOwnerBySignature(
        address identity,
        address newOwner,
        uint256 deadline,
        bytes calldata signature
    ) external {
        DidSlot did = _activeDid(identity);
        bytes32 structHash = keccak256(abi.encode(_CHANGE_OWNER, identity, newOwner, did.nonce(), deadline));
        Signatures.requireValid(did.owner(identity), _hashTypedDataV4(structHash), signature, deadline);
        _changeOwner(identity, did, newOwner);
    }

    // KEYS AND SERVICES

    /// @inheritdoc IDidRegistry
    function addDelegate(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 validity
    ) external whileOpen {
        _addDelegate(identity, delegateType, delegate, validity, _touch(identity, _ownDid(identity)));
    }

    /// @inheritdoc IDidRegistry
    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external {
        _revokeDelegate(identity, delegateType, delegate, _touch(identity, _ownDid(identity)));
    }

    /// @inheritdoc IDidRegistry
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity) external whileOpen {
        uint256 previous = _touch(identity, _ownDid(identity));
        emit DIDAttributeChanged(identity, name, value, _end(validity), previous);
    }

    /// @inheritdoc IDidRegistry
    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external {
        emit DIDAttributeChanged(identity, name, value, 0, _touch(identity, _ownDid(identity)));
    }

    /// @inheritdoc IDidRegistry
    function changeMany(address identity, Change[] calldata changes) external {
        _changeMany(identity, _ownDid(identity), changes);
    }

    /// @inheritdoc IDidRegistry
    function changeManyBySignature(
        address identity,
        Change[] calldata changes,
        uint256 deadline,
        bytes calldata signature
    ) external {
        DidSlot did = _activeDid(identity);
        bytes32 structHash = keccak256(
            abi.encode(_CHANGE_MANY, identity, _hashChanges(changes), did.nonce(), deadline)
        );
        Signatures.requireValid(did.owner(identity), _hashTypedDataV4(structHash), signature, deadline);
        _changeMany(identity, did.withNextNonce(), changes);
    }

    // VIEWS

    /// @inheritdoc IDidRegistry
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool) {
        // A validity has an end that it was given; nobody gains by moving a block's time within its tolerance.
        // slither-disable-next-line timestamp
        return
            _dids[identity].state() == State.ACTIVE &&
            block.timestamp < _delegates[_key(identity, delegateType, delegate)].until();
    }

    /// @inheritdoc IDidRegistry
    function delegateAt(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint40 time
    ) external view returns (bool) {
        PeriodSlot period = _delegates[_key(identity, delegateType, delegate)];
        return period.contains(time) && ownerAt(identity, time) != address(0);
    }

    // INTERNAL: WRITES

    function _changeOwner(address identity, DidSlot did, address newOwner) private {
        if (newOwner == address(0)) _deactivateNow(identity, did);
        else {
            _requireOpen();
            // Slither would have its answer read: there may be nothing to drop.
            // slither-disable-next-line unused-return
            _dropGuardiansChange(identity);
            _setOwner(identity, did.touched(block.number), newOwner);
        }
    }

    function _changeMany(address identity, DidSlot did, Change[] calldata changes) private {
        require(changes.length != 0, ChangesEmpty(identity));
        uint256 previous = _touch(identity, did);
        bool adds = false;
        for (uint256 i = 0; i < changes.length; ++i) {
            Change calldata change = changes[i];
            Kind kind = change.kind;
            if (kind == Kind.ADD_DELEGATE) {
                _addDelegate(identity, change.name, _delegateOf(identity, change), change.validity, previous);
                adds = true;
            } else if (kind == Kind.SET_ATTRIBUTE) {
                emit DIDAttributeChanged(identity, change.name, change.value, _end(change.validity), previous);
                adds = true;
            } else if (kind == Kind.REVOKE_ATTRIBUTE) {
                emit DIDAttributeChanged(identity, change.name, change.value, 0, previous);
            } else {
                _revokeDelegate(identity, change.name, _delegateOf(identity, change), previous);
            }
        }
        if (adds) _requireOpen();
    }

    /// @dev Of many changes only some add something: reverts when the council stopped new writes.
    // solhint-disable-next-line no-empty-blocks
    function _requireOpen() private view whileOpen {}

    function _addDelegate(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 validity,
        uint256 previous
    ) private {
        bytes32 key = _key(identity, delegateType, delegate);
        uint256 validTo = _end(validity);
        _delegates[key] = _delegates[key].extended(block.timestamp, validTo);
        emit DIDDelegateChanged(identity, delegateType, delegate, validTo, previous);
    }

    function _revokeDelegate(address identity, bytes32 delegateType, address delegate, uint256 previous) private {
        bytes32 key = _key(identity, delegateType, delegate);
        PeriodSlot period = _delegates[key];
        if (block.timestamp < period.until()) _delegates[key] = period.extended(block.timestamp, block.timestamp);
        emit DIDDelegateChanged(identity, delegateType, delegate, 0, previous);
    }

    /// @dev Notes that the DID changes in this block, and tells where its events point to.
    function _touch(address identity, DidSlot did) private returns (uint256) {
        did = did.touched(block.number);
        _dids[identity] = did;
        return did.link();
    }

    // INTERNAL: RULES AND HASHES

    /// @dev An active DID that the caller controls.
    function _ownDid(address identity) private view returns (DidSlot did) {
        did = _activeDid(identity);
        _requireOwner(identity, did);
    }

    /// @dev When a validity ends that starts now; the type's maximum where it would be later.
    function _end(uint256 validity) private view returns (uint256) {
        // The clock stays below the maximum for 34,000 years, and no sum is above it.
        unchecked {
            uint256 longest = type(uint40).max - block.timestamp;
            return block.timestamp + (validity < longest ? validity : longest);
        }
    }

    function _delegateOf(address identity, Change calldata change) private pure returns (address) {
        bytes calldata value = change.value;
        require(value.length == 20, DelegateInvalid(identity, value.length));
        return address(bytes20(value));
    }

    function _key(address identity, bytes32 delegateType, address delegate) private pure returns (bytes32) {
        return keccak256(abi.encode(identity, delegateType, delegate));
    }

    function _hashChanges(Change[] calldata changes) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](changes.length);
        for (uint256 i = 0; i < changes.length; ++i) {
            Change calldata c = changes[i];
            hashes[i] = keccak256(abi.encode(_CHANGE, c.kind, c.name, keccak256(c.value), c.validity));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
