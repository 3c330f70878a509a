// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAttestationRegistry} from "./IAttestationRegistry.sol";

/// @dev An `IAttestationRegistry.Record` in one word: what is written at issue and read at each check costs a few
/// shifts, where a struct in memory would cost more than the checks on it. From the least significant bit:
/// issuedAt40 | expiresAt40 | endedAt40 | suspendedAt40 | issuer32 | key32 | role8 | reason8 | superseded8 | 8 free.
type RecordSlot is uint256;

using RecordSlots for RecordSlot global;

/// @title RecordSlots
/// @notice Reads and packs records of the attestation registry.
library RecordSlots {
    uint256 private constant _EXPIRES_AT = 40;
    uint256 private constant _ENDED_AT = 80;
    uint256 private constant _SUSPENDED_AT = 120;
    uint256 private constant _ISSUER = 160;
    uint256 private constant _KEY = 192;
    uint256 private constant _ROLE = 224;
    uint256 private constant _REASON = 232;
    uint256 private constant _SUPERSEDED = 240;

    /// @dev What a record holds at its issue, but for the end of its validity.
    function issued(uint256 time, uint32 byBody, uint32 byKey, uint8 inRole) internal pure returns (RecordSlot) {
        uint256 by = (uint256(byBody) << _ISSUER) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        return RecordSlot.wrap(uint40(time) | by);
    }

    function unpack(RecordSlot slot) internal pure returns (IAttestationRegistry.Record memory) {
        return
            IAttestationRegistry.Record({
                issuedAt: slot.issuedAt(),
                expiresAt: slot.expiresAt(),
                endedAt: slot.endedAt(),
                suspendedAt: slot.suspendedAt(),
                issuer: slot.issuer(),
                key: slot.key(),
                role: slot.role(),
                reason: slot.reason(),
                superseded: slot.superseded()
            });
    }

    function issuedAt(RecordSlot slot) internal pure returns (uint40) {
        return uint40(RecordSlot.unwrap(slot));
    }

    function expiresAt(RecordSlot slot) internal pure returns (uint40) {
        return uint40(RecordSlot.unwrap(slot) >> _EXPIRES_AT);
    }

    function endedAt(RecordSlot slot) internal pure returns (uint40) {
        return uint40(RecordSlot.unwrap(slot) >> _ENDED_AT);
    }

    function suspendedAt(RecordSlot slot) internal pure returns (uint40) {
        return uint40(RecordSlot.unwrap(slot) >> _SUSPENDED_AT);
    }

    function issuer(RecordSlot slot) internal pure returns (uint32) {
        return uint32(RecordSlot.unwrap(slot) >> _ISSUER);
    }

    function key(RecordSlot slot) internal pure returns (uint32) {
        return uint32(RecordSlot.unwrap(slot) >> _KEY);
    }

    function role(RecordSlot slot) internal pure returns (uint8) {
        return uint8(RecordSlot.unwrap(slot) >> _ROLE);
    }

    /// @dev The issuer and the role together, to compare records by; never 0 in a record.
    function issuerAndRole(RecordSlot slot) internal pure returns (uint256) {
        return (uint256(slot.issuer()) << 8) | slot.role();
    }

    function reason(RecordSlot slot) internal pure returns (IAttestationRegistry.Reason) {
        return IAttestationRegistry.Reason(uint8(RecordSlot.unwrap(slot) >> _REASON));
    }

    function superseded(RecordSlot slot) internal pure returns (bool) {
        return (RecordSlot.unwrap(slot) >> _SUPERSEDED) & 1 == 1;
    }

    /// @dev Whether it neither ended nor is suspended nor expired; the record alone, for the hot path.
    function inForce(RecordSlot slot, uint256 time) internal pure returns (bool) {
        uint256 changes = ((1 << 80) - 1) << _ENDED_AT;
        return RecordSlot.unwrap(slot) & changes == 0 && time < slot.expiresAt();
    }

    /// @dev Sets the end of validity of a record that has none yet.
    function withExpiry(RecordSlot slot, uint40 time) internal pure returns (RecordSlot) {
        return RecordSlot.wrap(RecordSlot.unwrap(slot) | (uint256(time) << _EXPIRES_AT));
    }

    /// @dev Ends a record that has not ended.
    function ended(
        RecordSlot slot,
        uint256 time,
        IAttestationRegistry.Reason why,
        bool replaced
    ) internal pure returns (RecordSlot) {
        uint256 end = (uint256(uint40(time)) << _ENDED_AT) | (replaced ? 1 << _SUPERSEDED : 0);
        return RecordSlot.wrap(RecordSlot.unwrap(slot.because(why)) | end);
    }

    /// @dev Suspends a record, or lifts its suspension where the time is 0.
    function suspended(
        RecordSlot slot,
        uint256 time,
        IAttestationRegistry.Reason why
    ) internal pure returns (RecordSlot) {
        uint256 rest = RecordSlot.unwrap(slot.because(why)) & ~(uint256(type(uint40).max) << _SUSPENDED_AT);
        return RecordSlot.wrap(rest | (uint256(uint40(time)) << _SUSPENDED_AT));
    }

    /// @dev Sets the reason of the last change.
    function because(RecordSlot slot, IAttestationRegistry.Reason why) internal pure returns (RecordSlot) {
        uint256 rest = RecordSlot.unwrap(slot) & ~(uint256(type(uint8).max) << _REASON);
        return RecordSlot.wrap(rest | (uint256(why) << _REASON));
    }
}
