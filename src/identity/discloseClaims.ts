import { hexlify } from "ethers";

import { claimLeaf, claimTree, type Claim } from "./claims.js";
import { IdentityError } from "./IdentityError.js";
import { merkleMultiProof } from "./merkleMultiProof.js";

/** Claims that a holder discloses of one attestation, and what proves them against its commitment; plain JSON. */
export interface Disclosure {
  /** The disclosed claims with their salts, in the order of their leaves. */
  claims: Claim[];
  /** Nodes of the tree, 32 bytes each in hex, as OpenZeppelin's `MerkleProof.multiProofVerify` takes them. */
  proof: string[];
  /** For each pair, whether its second half is known (true) or taken from `proof`. */
  proofFlags: boolean[];
}

/**
 * Discloses any number of claims of an attestation: one, several, or none, which shows no more than the commitment. The
 * others stay hidden; of them it tells only how many there may be.
 *
 * A disclosure is for whoever verifies it, never for a transaction: salts that are on a chain hide nothing.
 *
 * @param claims All claims of the attestation.
 * @param names The claims to disclose, in any order.
 * @throws IdentityError CLAIM_UNKNOWN, CLAIM_DUPLICATE when a name comes twice, and as `commitmentOf`
 * @example
 * ```ts
 * const disclosure = discloseClaims(claims, ["over18", "residentIn"]);
 * ```
 */
export function discloseClaims(claims: readonly Claim[], names: readonly string[]): Disclosure {
  const { tree, leaves } = claimTree(claims);
  if (new Set(names).size !== names.length) throw new IdentityError("CLAIM_DUPLICATE", "a name comes twice");
  const chosen = names.map((name) => {
    const claim = claims.find((candidate) => candidate.name === name);
    if (claim === undefined) throw new IdentityError("CLAIM_UNKNOWN", `there is no claim "${name}"`);
    return { claim, index: leaves.indexOf(claimLeaf(claim)) };
  });
  chosen.sort((a, b) => a.index - b.index);

  const indices = chosen.map(({ index }) => index);
  const { proof, proofFlags } = merkleMultiProof(tree, indices);
  return {
    claims: chosen.map(({ claim: { salt, name, value } }) => ({ salt, name, value })),
    proof: proof.map((node) => hexlify(node)),
    proofFlags,
  };
}
