// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";
import {Signatures} from "../trust/Signatures.sol";

import {IPowerOfAttorneyRegistry} from "./IPowerOfAttorneyRegistry.sol";
import {PowerSlot, PowerSlots} from "./PowerSlot.sol";

/// @title PowerOfAttorneyRegistry
/// @notice Keeps what principals let agents do, and tells whether it holds.
contract PowerOfAttorneyRegistry is IPowerOfAttorneyRegistry, Governed, EIP712 {
    // TYPES

    /// @dev What is kept of a power: itself, and a notary's attestation, which counts for the version that it names.
    struct Entry {
        PowerSlot slot;
        Attested attested;
    }

    // CONSTANTS

    bytes32 private constant _NOTARY = keccak256("diwan.role.notary");
    bytes32 private constant _GRANT = keccak256(
        "PowerGrant(address principal,address agent,bytes32 scope,uint40 from,uint40 until,uint32 version,uint256 deadline)"
    );
    bytes32 private constant _REVOCATION = keccak256(
        "PowerRevocation(address principal,address agent,bytes32 scope,uint32 version,uint256 deadline)"
    );

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;

    // STORAGE

    mapping(address principal => mapping(address agent => mapping(bytes32 scope => Entry))) private _powers;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param trustList who is a notary
    /// @param relays the relays to trust
    constructor(
        address authority,
        ITrustList trustList,
        Relays memory relays
    ) Governed(authority, relays) EIP712("Diwan PowerOfAttorneyRegistry", "1") {
        _TRUST_LIST = trustList;
    }

    // THE PRINCIPAL

    /// @inheritdoc IPowerOfAttorneyRegistry
    function grant(Grant calldata given) external whileOpen {
        address principal = _msgSender();
        Entry storage entry = _powers[principal][given.agent][given.scope];
        _grant(entry, principal, given, entry.slot.version(), false);
    }

    /// @inheritdoc IPowerOfAttorneyRegistry
    function grantBySignature(
        address principal,
        Grant calldata given,
        uint32 version,
        uint256 deadline,
        bytes calldata signature
    ) external whileOpen {
        Entry storage entry = _powers[principal][given.agent][given.scope];
        uint32 current = entry.slot.version();
        require(version == current, PowerVersionMismatch(version, current));
        bytes32 signed = keccak256(abi.encode(_GRANT, principal, given, version, deadline));
        Signatures.requireValid(principal, _hashTypedDataV4(signed), signature, deadline);
        _grant(entry, principal, given, version, true);
    }

    /// @inheritdoc IPowerOfAttorneyRegistry
    function revoke(address agent, bytes32 scope) external {
        address principal = _msgSender();
        Entry storage entry = _powers[principal][agent][scope];
        _revoke(entry, principal, agent, scope, entry.slot.version(), false);
    }

    /// @inheritdoc IPowerOfAttorneyRegistry
    function revokeBySignature(
        address principal,
        address agent,
        bytes32 scope,
        uint32 version,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 signed = keccak256(abi.encode(_REVOCATION, principal, agent, scope, version, deadline));
        Signatures.requireValid(principal, _hashTypedDataV4(signed), signature, deadline);
        Entry storage entry = _powers[principal][agent][scope];
        uint32 current = entry.slot.version();
        // The next version counts too: it is that of a grant which was signed for the present one.
        require(version == current || version == current + 1, PowerVersionMismatch(version, current));
        _revoke(entry, principal, agent, scope, version, true);
    }

    // THE AGENT

    /// @inheritdoc IPowerOfAttorneyRegistry
    function renounce(address principal, bytes32 scope) external {
        address agent = _msgSender();
        Entry storage entry = _powers[principal][agent][scope];
        _requireAlive(entry.slot, principal, agent, scope);
        uint32 version = _after(entry.slot.version());
        entry.slot = entry.slot.ended(block.timestamp, version, State.RENOUNCED, false);
        emit PowerRenounced(principal, agent, scope, version);
    }

    // THE NOTARY

    /// @inheritdoc IPowerOfAttorneyRegistry
    function attest(address principal, address agent, bytes32 scope, uint32 version) external whileOpen {
        // What the notary's role is called within its body is of no use here.
        // slither-disable-next-line unused-return
        (uint32 notary, uint32 key, ) = _TRUST_LIST.requireAccredited(_NOTARY, _msgSender());
        Entry storage entry = _powers[principal][agent][scope];
        uint32 current = entry.slot.version();
        require(version == current, PowerVersionMismatch(version, current));
        _requireAlive(entry.slot, principal, agent, scope);
        entry.attested = Attested(uint40(block.timestamp), notary, key, version);
        emit PowerAttested(principal, agent, scope, notary, key, version);
    }

    // VIEWS

    /// @inheritdoc IPowerOfAttorneyRegistry
    function statusOf(address principal, address agent, bytes32 scope) external view returns (Status) {
        return _statusOf(_powers[principal][agent][scope].slot);
    }

    /// @inheritdoc IPowerOfAttorneyRegistry
    function attestedBy(
        address principal,
        address agent,
        bytes32 scope
    ) public view returns (Attested memory attested, ITrustList.Standing standing) {
        Entry storage entry = _powers[principal][agent][scope];
        Attested memory last = entry.attested;
        if (last.attestedAt == 0 || last.version != entry.slot.version()) return (attested, standing);
        return (last, _TRUST_LIST.standingOf(_NOTARY, last.notary, last.key, last.attestedAt));
    }

    /// @inheritdoc IPowerOfAttorneyRegistry
    function requirePower(address principal, address agent, bytes32 scope) public view {
        Status status = _statusOf(_powers[principal][agent][scope].slot);
        require(status == Status.IN_FORCE, PowerNotInForce(principal, agent, scope, status));
    }

    /// @inheritdoc IPowerOfAttorneyRegistry
    function requireAttestedPower(address principal, address agent, bytes32 scope) external view {
        requirePower(principal, agent, scope);
        // Who it was does not matter here.
        // slither-disable-next-line unused-return
        (, ITrustList.Standing standing) = attestedBy(principal, agent, scope);
        bool stood = standing == ITrustList.Standing.IN_FORCE;
        require(stood, PowerNotAttested(principal, agent, scope, standing));
    }

    /// @inheritdoc IPowerOfAttorneyRegistry
    function powerOf(address principal, address agent, bytes32 scope) external view returns (Power memory) {
        return _powers[principal][agent][scope].slot.unpack();
    }

    // INTERNAL

    function _grant(
        Entry storage entry,
        address principal,
        Grant calldata given,
        uint32 version,
        bool isBySignature
    ) private {
        (address agent, bytes32 scope, uint40 from, uint40 until) = (given.agent, given.scope, given.from, given.until);
        require(agent != address(0) && agent != principal, PowerAgentInvalid(principal, agent));
        require(scope != 0, PowerScopeMissing(principal, agent));
        // A power has a period that it was given; nobody gains by moving a block's time within its tolerance.
        // slither-disable-next-line timestamp
        bool sound = from < until && block.timestamp < until;
        require(sound, PowerPeriodInvalid(from, until, uint40(block.timestamp)));

        version = _after(version);
        entry.slot = PowerSlots.granted(from, until, block.timestamp, version, isBySignature);
        emit PowerGranted(principal, agent, scope, from, until, version, isBySignature);
    }

    function _revoke(
        Entry storage entry,
        address principal,
        address agent,
        bytes32 scope,
        uint32 version,
        bool isBySignature
    ) private {
        version = _after(version);
        entry.slot = entry.slot.ended(block.timestamp, version, State.REVOKED, isBySignature);
        emit PowerRevoked(principal, agent, scope, version, isBySignature);
    }

    /// @dev It would start again after 4 billion changes, some 130 trillion gas.
    function _after(uint32 version) private pure returns (uint32) {
        unchecked {
            return version + 1;
        }
    }

    function _requireAlive(PowerSlot slot, address principal, address agent, bytes32 scope) private view {
        Status status = _statusOf(slot);
        bool isAlive = status == Status.IN_FORCE || status == Status.PENDING;
        require(isAlive, PowerNotInForce(principal, agent, scope, status));
    }

    function _statusOf(PowerSlot slot) private view returns (Status) {
        State state = slot.state();
        if (state == State.NONE) return Status.NONE;
        if (state == State.REVOKED) return Status.REVOKED;
        if (state == State.RENOUNCED) return Status.RENOUNCED;
        if (block.timestamp < slot.from()) return Status.PENDING;
        return block.timestamp < slot.until() ? Status.IN_FORCE : Status.EXPIRED;
    }
}
