import { getBytes } from "ethers";

import { sameBytes } from "../ledger/sameBytes.js";
import { claimLeaf } from "./claims.js";
import type { Disclosure } from "./discloseClaims.js";
import { merkleRootOfMultiProof } from "./merkleMultiProof.js";

/**
 * Whether all disclosed claims are among those that a commitment binds, each under a name of its own. Never throws for
 * what others sent: what is malformed proves nothing.
 *
 * @param commitment The attestation's commitment.
 * @param disclosure As `discloseClaims` gives it; of one claim its proof is that of `claimProof`, of none the commitment.
 * @example
 * ```ts
 * const isProven = verifyDisclosure(attestation.commitment, disclosure);
 * ```
 */
export function verifyDisclosure(commitment: string, disclosure: Disclosure): boolean {
  try {
    const { claims, proof, proofFlags } = disclosure;
    if (new Set(claims.map(({ name }) => name)).size !== claims.length) return false;
    const isBoolean = proofFlags.every((flag) => typeof flag === "boolean");
    const leaves = claims.map((claim) => getBytes(claimLeaf(claim)));
    const multiProof = { proof: proof.map((node) => getBytes(node)), proofFlags };
    return isBoolean && sameBytes(merkleRootOfMultiProof(leaves, multiProof), getBytes(commitment));
  } catch {
    return false;
  }
}
