// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAttestationRegistry} from "../identity/IAttestationRegistry.sol";
import {SchemaId} from "../identity/SchemaId.sol";
import {Uid} from "../identity/Uid.sol";

import {IVoterGate} from "./IVoterGate.sol";

/// @title AttestationGate
/// @notice Lets those vote who hold a valid attestation for the election.
/// @dev The attestation's subject is `keccak256(abi.encode(TAG, chain, election, slotKey, voter))`: its issuer makes the
/// slot's key as a pseudonym of the person for this election alone, as by an HMAC of the person's number, and names the
/// address that is to vote. An attestation issued again, for another address too, has the same pseudonym and so the same slot: no
/// second ballot. Who took part is public under that pseudonym, and says nothing in another election.
/// The scope names the schema and the one body whose attestations count (`scopeOf`): another that is accredited for the
/// schema could make other pseudonyms, and so second slots, or name itself for anybody's slot.
/// The attestation must be valid when the ballot is recorded, and issued by the freeze.
contract AttestationGate is IVoterGate {
    /// @notice What a voter shows.
    /// @param issuer the issuing body's index in the trust list
    /// @param schema the schema's id
    /// @param commitment root of the salted claims, none of which is shown
    /// @param validFrom first second of validity
    /// @param expiresAt first second no longer valid
    /// @param membership where it stands in a Merkle batch; of size 0 for one issued singly
    struct Evidence {
        uint32 issuer;
        SchemaId schema;
        bytes32 commitment;
        uint40 validFrom;
        uint40 expiresAt;
        IAttestationRegistry.Membership membership;
    }

    bytes32 private constant _TAG = keccak256("diwan/voter/v1");

    IAttestationRegistry private immutable _REGISTRY;

    /// @notice The attestation was issued after the roll's freeze.
    /// @param issuedAt when it was issued
    /// @param freeze the last second that counts
    error VoterAttestedTooLate(uint40 issuedAt, uint40 freeze);

    /// @notice The attestation is of another schema or issuer than the election asks for.
    /// @param shown the scope of what was shown
    /// @param expected the election's
    error VoterScopeWrong(bytes32 shown, bytes32 expected);

    /// @param registry where attestations are judged
    constructor(IAttestationRegistry registry) {
        _REGISTRY = registry;
    }

    /// @inheritdoc IVoterGate
    function requireVoter(
        bytes32 scope,
        uint40 freeze,
        bytes32 slotKey,
        address voter,
        bytes calldata evidence
    ) external view {
        Evidence memory shown = abi.decode(evidence, (Evidence));
        bytes32 ofShown = scopeOf(shown.schema, shown.issuer);
        require(ofShown == scope, VoterScopeWrong(ofShown, scope));
        IAttestationRegistry.Attestation memory attestation = IAttestationRegistry.Attestation({
            issuer: shown.issuer,
            schema: shown.schema,
            subject: subjectOf(msg.sender, slotKey, voter),
            commitment: shown.commitment,
            validFrom: shown.validFrom,
            expiresAt: shown.expiresAt
        });
        Uid uid;
        if (shown.membership.size == 0) {
            _REGISTRY.requireValid(attestation);
            uid = _REGISTRY.uidOf(attestation);
        } else {
            _REGISTRY.requireValidLeaf(attestation, shown.membership);
            uid = _REGISTRY.uidOfBatch(
                IAttestationRegistry.Batch({
                    issuer: shown.issuer,
                    schema: attestation.schema,
                    root: shown.membership.root,
                    size: shown.membership.size,
                    bits: shown.membership.bits
                })
            );
        }
        uint40 issuedAt = _REGISTRY.recordOf(uid).issuedAt;
        require(issuedAt <= freeze, VoterAttestedTooLate(issuedAt, freeze));
    }

    /// @notice What an election asks for, its terms' `gateScope`.
    /// @param schema the schema's id
    /// @param issuer the body's index in the trust list
    /// @return the scope
    function scopeOf(SchemaId schema, uint32 issuer) public pure returns (bytes32) {
        return keccak256(abi.encode(schema, issuer));
    }

    /// @notice The subject that a voter's attestation names.
    /// @param election the election
    /// @param slotKey the voter's pseudonym in it
    /// @param voter the address that is to vote
    /// @return the subject
    function subjectOf(address election, bytes32 slotKey, address voter) public view returns (bytes32) {
        return keccak256(abi.encode(_TAG, block.chainid, election, slotKey, voter));
    }
}
