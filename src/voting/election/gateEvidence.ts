import { AbiCoder, id, keccak256 } from "ethers";

import type { Attestation, Membership } from "../../identity/attestation.js";

const EVIDENCE = "tuple(uint32,bytes32,bytes32,uint40,uint40,tuple(bytes32,uint32,uint8,uint32,bytes32[]))";
const NONE: Membership = { root: `0x${"0".repeat(64)}`, size: 0, bits: 1, index: 0, proof: [] };

/**
 * What a voter shows at an AttestationGate.
 *
 * @param attestation The voter's attestation for the election, whose subject is `gateSubject`.
 * @param membership Where it stands in its Merkle batch; left out for one that was issued singly.
 * @example
 * ```ts
 * await castBallot(election.connect(voter), { entry, evidence: gateEvidence(attestation), ballot, journal });
 * ```
 */
export function gateEvidence(attestation: Attestation, membership: Membership = NONE): string {
  const { issuer, schema, commitment, validFrom, expiresAt } = attestation;
  const { root, size, bits, index, proof } = membership;
  const evidence = [issuer, schema, commitment, validFrom, expiresAt, [root, size, bits, index, proof]];
  return AbiCoder.defaultAbiCoder().encode([EVIDENCE], [evidence]);
}

/**
 * What an election asks for whose gate is an AttestationGate, as `AttestationGate.scopeOf` computes it: attestations of one body
 * alone count, since another could make other pseudonyms of the same people.
 *
 * @param schema The schema's id, 32 bytes in hexadecimal.
 * @param issuer The body's index in the trust list.
 * @example
 * ```ts
 * const gate = { address: attestationGate, scope: gateScope(schema, office), freeze };
 * ```
 */
export function gateScope(schema: string, issuer: number): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint32"], [schema, issuer]));
}

/**
 * The subject of a voter's attestation, as `AttestationGate.subjectOf` computes it.
 *
 * @param chainId The chain's id.
 * @param election The election.
 * @param slotKey The voter's pseudonym in it.
 * @param voter The address that is to vote.
 * @example
 * ```ts
 * const subject = gateSubject(chainId, election, slotKey, voter);
 * ```
 */
export function gateSubject(chainId: bigint, election: string, slotKey: string, voter: string): string {
  const types = ["bytes32", "uint256", "address", "bytes32", "address"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [id("diwan/voter/v1"), chainId, election, slotKey, voter]));
}
