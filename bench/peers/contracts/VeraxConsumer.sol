// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice As much of Verax as a contract asks that relies on it.
interface IVerax {
    struct Attestation {
        bytes32 attestationId;
        bytes32 schemaId;
        bytes32 replacedBy;
        address attester;
        address portal;
        uint64 attestedDate;
        uint64 expirationDate;
        uint64 revocationDate;
        uint16 version;
        bool revoked;
        bytes subject;
        bytes attestationData;
    }

    function getAttestation(bytes32 id) external view returns (Attestation memory);
}

/// @title VeraxConsumer
/// @notice A contract that relies on attestations of Verax; the transaction's gas is what that costs.
contract VeraxConsumer {
    /// @notice The attestation does not hold, or is another one than was meant.
    error NotValid(bytes32 id);

    IVerax private immutable _VERAX;
    bytes32 private immutable _SCHEMA;
    address private immutable _PORTAL;

    constructor(IVerax verax, bytes32 schema, address portal) {
        _VERAX = verax;
        _SCHEMA = schema;
        _PORTAL = portal;
    }

    /// @notice All that a consumer of Verax must look at itself.
    function rely(bytes32 id, bytes32 subject, bytes32 answer) external view {
        IVerax.Attestation memory a = _VERAX.getAttestation(id);
        bool isMeant = a.schemaId == _SCHEMA && a.portal == _PORTAL;
        bool isLive = !a.revoked && a.expirationDate > block.timestamp;
        bool isSaid = bytes32(a.subject) == subject && bytes32(a.attestationData) == answer;
        require(isMeant && isLive && isSaid, NotValid(id));
    }
}
