import { AbiCoder, id, keccak256, ZeroHash } from "ethers";

import type { Attestation, Membership } from "../../identity/attestation.js";

const coder = AbiCoder.defaultAbiCoder();
const TAG = id("diwan/voter/v1");
const EVIDENCE =
  "tuple(uint32 issuer, bytes32 commitment, uint40 validFrom, uint40 expiresAt, tuple(bytes32 root, uint32 size, uint8 bits, uint32 index, bytes32[] proof) membership)";
const NOT_IN_BATCH = { root: ZeroHash, size: 0, bits: 0, index: 0, proof: [] };

/**
 * The subject that an attestation names which lets somebody vote in one election.
 *
 * @param chainId The election's chain.
 * @param election The election's address.
 * @param slotKey The voter's pseudonym for this election, which the issuer makes: the same however often it attests.
 * @param voter The address that is to vote.
 * @returns 32 bytes in hexadecimal, with 0x: `AttestationGate.subjectOf`.
 * @example
 * ```ts
 * const subject = voterSubject(chainId, election, slotKey, voter);
 * ```
 */
export function voterSubject(chainId: bigint, election: string, slotKey: string, voter: string): string {
  const types = ["bytes32", "uint256", "address", "bytes32", "address"];
  return keccak256(coder.encode(types, [TAG, chainId, election, slotKey, voter]));
}

/**
 * What a voter shows at the gate: an attestation whose subject is `voterSubject`.
 *
 * @param attestation The attestation.
 * @param membership Where it stands in a Merkle batch; nothing for one issued singly.
 * @example
 * ```ts
 * await election.castAtGate(key, slotKey, gateEvidence(attestation), ballot, hints);
 * ```
 */
export function gateEvidence(attestation: Attestation, membership?: Membership): string {
  const { issuer, commitment, validFrom, expiresAt } = attestation;
  const shown = { issuer, commitment, validFrom, expiresAt, membership: membership ?? NOT_IN_BATCH };
  return coder.encode([EVIDENCE], [shown]);
}
