// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

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

    function getRevokeOffchain(address revoker, bytes32 data) external view returns (uint64);
}

/// @title EasConsumer
/// @notice A contract that relies on attestations of EAS; the transaction's gas is what that costs.
contract EasConsumer {
    /// @notice The attestation does not hold, or is another one than was meant.
    error NotValid(bytes32 uid);

    IEas private immutable _EAS;
    bytes32 private immutable _SCHEMA;
    address private immutable _ATTESTER;

    constructor(IEas eas, bytes32 schema, address attester) {
        _EAS = eas;
        _SCHEMA = schema;
        _ATTESTER = attester;
    }

    /// @notice What many consumers ask; it only means that the attestation exists.
    function relyOnExistence(bytes32 uid) external view {
        require(_EAS.isAttestationValid(uid), NotValid(uid));
    }

    /// @notice All that a consumer of EAS must look at itself: schema, attester, subject, answer, expiry and revocation.
    function rely(bytes32 uid, address recipient, bytes32 answer) external view {
        IEas.Attestation memory a = _requireLive(uid);
        require(a.recipient == recipient && bytes32(a.data) == answer, NotValid(uid));
    }

    /// @notice One of many whose Merkle root was attested as private data, and whose attester did not revoke it.
    function relyOnLeaf(bytes32 uid, bytes32 leaf, bytes32[] calldata proof) external view {
        IEas.Attestation memory a = _requireLive(uid);
        bool isIn = MerkleProof.verifyCalldata(proof, bytes32(a.data), leaf);
        require(isIn && _EAS.getRevokeOffchain(_ATTESTER, leaf) == 0, NotValid(uid));
    }

    function _requireLive(bytes32 uid) private view returns (IEas.Attestation memory a) {
        a = _EAS.getAttestation(uid);
        bool isMeant = a.schema == _SCHEMA && a.attester == _ATTESTER;
        bool isLive = a.revocationTime == 0 && (a.expirationTime == 0 || a.expirationTime > block.timestamp);
        require(isMeant && isLive, NotValid(uid));
    }
}
