// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAttestationRegistry} from "./IAttestationRegistry.sol";
import {SchemaId} from "./SchemaId.sol";

/// @notice Whether disclosed claims are an attestation's, and whether a policy's conditions are met by several
/// attestations together.
/// @dev All that takes a claim or its salt answers in `eth_call` alone, asked from the zero address, so that no
/// transaction of the suite carries one. All times are Unix seconds.
interface IEligibility {
    /// @notice A claim with the salt that hides it.
    /// @param salt 32 random bytes, of this claim alone
    /// @param name what it is about
    /// @param value RFC 8785 JSON, as it was committed to
    struct Claim {
        bytes32 salt;
        string name;
        string value;
    }

    /// @notice Claims of one attestation, and their OpenZeppelin multi-proof.
    /// @param claims in the order of the proof, names unique
    /// @param proof nodes of the tree
    /// @param proofFlags for each pair, whether its second half is known or taken from `proof`
    struct Disclosure {
        Claim[] claims;
        bytes32[] proof;
        bool[] proofFlags;
    }

    /// @notice What one disclosed claim must say.
    /// @param name the claim's name
    /// @param value the RFC 8785 JSON that it must have; empty for any
    /// @param party 0, or the party whose subject the value must be, as earlier evidence of it that was found MET has it:
    /// the JSON string of `0x` and 64 lower-case digits
    struct ClaimRule {
        string name;
        string value;
        uint8 party;
    }

    /// @notice What one attestation must be.
    /// @param schema its kind, and the scope in which its issuer was accredited when it was issued
    /// @param issuerScope a scope in which its issuer must be accredited now besides; 0 for none
    /// @param party whose it is: those of one party have one subject, those of different parties different ones
    /// @param maxAge the most seconds since it was issued, or became valid, whichever is later; 0 for any
    /// @param claims what it must say
    struct Requirement {
        SchemaId schema;
        bytes32 issuerScope;
        uint8 party;
        uint40 maxAge;
        ClaimRule[] claims;
    }

    /// @notice A policy's conditions.
    /// @param grounds SHA-256 of the published regulation
    /// @param requirements at most 256, referred to by their bits
    /// @param clauses bitmaps of requirements: all of one clause must be met, of any clause; an empty one never is
    struct Rules {
        bytes32 grounds;
        Requirement[] requirements;
        uint256[] clauses;
    }

    /// @notice How often something can be claimed.
    /// @param start first second of the period numbered 0
    /// @param length seconds of each period; 0 for a single one without end
    struct Period {
        uint40 start;
        uint40 length;
    }

    /// @notice A policy: its conditions and its periods.
    /// @param rules its conditions
    /// @param period its periods
    struct Policy {
        Rules rules;
        Period period;
    }

    /// @notice An attestation that is to meet a requirement.
    /// @param requirement the requirement's number, from 0
    /// @param attestation what its holder presents
    /// @param membership where it stands in its Merkle batch; size 0 when it was issued singly
    /// @param disclosure its disclosed claims; all empty when there are none
    struct Evidence {
        uint8 requirement;
        IAttestationRegistry.Attestation attestation;
        IAttestationRegistry.Membership membership;
        Disclosure disclosure;
    }

    /// @notice What was found on a requirement: the first of these that applies, in this order; else MET.
    /// NO_EVIDENCE: nothing was presented. OTHER_SCHEMA: an attestation of another kind. NOT_VALID: `status` says why.
    /// ISSUER_OUT_OF_SCOPE: its issuer is not accredited in the requirement's scope now. STALE: older than `maxAge`.
    /// SUBJECT_MISMATCH: another subject than earlier evidence of its party, or that of another party, whatever was found
    /// on that: all that is shown for a party must be about one person, so that nothing shown beside can lend a name.
    /// CLAIMS_NOT_PROVEN: the disclosed claims are not this attestation's. CLAIM_MISSING: the claim of rule `rule` is
    /// not disclosed. CLAIM_DIFFERS: it says something else.
    enum Finding {
        NO_EVIDENCE,
        MET,
        OTHER_SCHEMA,
        NOT_VALID,
        ISSUER_OUT_OF_SCOPE,
        STALE,
        SUBJECT_MISMATCH,
        CLAIMS_NOT_PROVEN,
        CLAIM_MISSING,
        CLAIM_DIFFERS
    }

    /// @notice What was found on a requirement, and why.
    /// @param finding what was found
    /// @param status how the attestation stands; UNKNOWN where it was not asked
    /// @param rule number of the claim rule that is not met, for CLAIM_MISSING and CLAIM_DIFFERS
    struct Outcome {
        Finding finding;
        IAttestationRegistry.Status status;
        uint256 rule;
    }

    /// @notice What `decide` answers.
    /// @param eligible whether all requirements of some clause are met
    /// @param clause number of the first such clause; the number of clauses when there is none
    /// @param outcomes what was found, by requirement
    struct Decision {
        bool eligible;
        uint256 clause;
        Outcome[] outcomes;
    }

    /// @notice Claims are shown to a node's view from the zero address, never to a transaction.
    /// @param origin who started the call
    error OnlyInCall(address origin);

    /// @notice The policy is not the one that was asked for.
    /// @param expected the hash asked for
    /// @param actual the hash of the policy given
    error PolicySubstituted(bytes32 expected, bytes32 actual);

    /// @notice Evidence comes in the order of the requirements, at most one for each.
    /// @param index its place
    /// @param requirement the requirement that it names
    error EvidenceOutOfOrder(uint256 index, uint256 requirement);

    /// @notice Whether the disclosed claims are among those that a commitment binds, each under a name of its own.
    /// @param commitment root of an attestation's claims
    /// @param disclosure any number of them; of none, the proof is the commitment itself
    /// @return whether they are
    function verifyClaims(bytes32 commitment, Disclosure calldata disclosure) external view returns (bool);

    /// @notice Whether a policy's conditions are met now, and what was found on each.
    /// @dev Reverts for evidence that no policy could have asked for: EvidenceOutOfOrder, the registry's LeafNotInBatch.
    /// @param policyHash the policy asked for
    /// @param policy the policy itself
    /// @param evidence in the order of the requirements, at most one for each
    /// @return the decision
    function decide(
        bytes32 policyHash,
        Policy calldata policy,
        Evidence[] calldata evidence
    ) external view returns (Decision memory);

    /// @notice A policy's hash, which is also the scope in which its deciders are accredited.
    /// @dev `keccak256(abi.encode(keccak256(abi.encode(rules)), start, length))`.
    /// @param policy the policy
    /// @return its hash
    function hashOf(Policy calldata policy) external pure returns (bytes32);
}
