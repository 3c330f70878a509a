// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice As much of EAS as a contract asks that relies on it.
interface IEas {
    struct Attestation {
        bytes32 uid;
        bytes32 schema;
        uint64 time;
        uint64 expirationTime;
        uint64 revocationTime;
        bytes32 refUID;
        address recipient;
        address attester;
        bool revocable;
        bytes data;
    }

    function isAttestationValid(bytes32 uid) external view returns (bool);

    function getAttestation(bytes32 uid) external view returns (Attestation memory);
}

/// @title EasConsumer
/// @notice A contract that relies on attestations of EAS; the transaction's gas is what that costs.
contract EasConsumer {
    /// @notice The attestation does not hold.
    error NotValid(bytes32 uid);

    IEas private immutable _EAS;

    constructor(IEas eas) {
        _EAS = eas;
    }

    /// @notice What many consumers ask; it only means that the attestation exists.
    function relyOnExistence(bytes32 uid) external view {
        require(_EAS.isAttestationValid(uid), NotValid(uid));
    }

    /// @notice All that a consumer of EAS must look at itself: schema, attester, subject, answer, expiry and revocation.
    function rely(bytes32 uid, bytes32 schema, address attester, address recipient, bytes32 answer) external view {
        IEas.Attestation memory a = _EAS.getAttestation(uid);
        bool isMeant = a.schema == schema && a.attester == attester && a.recipient == recipient;
        bool isLive = a.revocationTime == 0 && (a.expirationTime == 0 || a.expirationTime > block.timestamp);
        require(isMeant && isLive && keccak256(a.data) == keccak256(abi.encode(answer)), NotValid(uid));
    }
}
