import { IdentityError } from "./IdentityError.js";
import { merkleRoot, merkleRootOfProof, type MerkleTree } from "../ledger/merkleTree.js";

const HASH_BYTES = 32;

/** What proves several leaves at once, as OpenZeppelin's `MerkleProof.processMultiProof` takes it. */
export interface MultiProof {
  /** The nodes that cannot be computed from the leaves, 32 bytes each, in the order in which they are needed. */
  proof: Uint8Array[];
  /** For each pair that is hashed, whether its second half is a leaf or a hash made before (true) or from `proof`. */
  proofFlags: boolean[];
}

/**
 * The proof of any number of leaves: of one it is `merkleProof`'s, of none it is the root alone.
 *
 * @param tree The tree.
 * @param indices The leaves' indices, counted from 0, in ascending order: the order in which they are checked.
 * @throws IdentityError LEAF_OUT_OF_RANGE, also when the order is another or an index comes twice
 * @example
 * ```ts
 * const { proof, proofFlags } = merkleMultiProof(tree, [0, 3, 4]);
 * ```
 */
export function merkleMultiProof(tree: MerkleTree, indices: readonly number[]): MultiProof {
  const isInOrder = indices.every((index, i) => {
    return Number.isSafeInteger(index) && index > (indices[i - 1] ?? -1) && index < tree.size;
  });
  if (!isInOrder) throw new IdentityError("LEAF_OUT_OF_RANGE", "the leaves are not in ascending order in the tree");
  if (indices.length === 0) return { proof: [merkleRoot(tree)], proofFlags: [] };

  const result: MultiProof = { proof: [], proofFlags: [] };
  // Nodes that are known, from the far end of the array to the root: level by level, as parents come after.
  const known = indices.map((index) => 2 * tree.size - 2 - index);
  for (let i = 0; known[i]! > 0; i++) {
    const node = known[i]!;
    const sibling = node % 2 === 1 ? node + 1 : node - 1;
    const isKnown = known[i + 1] === sibling;
    result.proofFlags.push(isKnown);
    if (isKnown) i++;
    else result.proof.push(tree.nodes.slice(sibling * HASH_BYTES, (sibling + 1) * HASH_BYTES));
    known.push(Math.floor((node - 1) / 2));
  }
  return result;
}

/**
 * The root that leaves and their proof lead to; compare it with the root that is known (OpenZeppelin's
 * `MerkleProof.processMultiProof`).
 *
 * @param leaves 32 bytes each, hashed by whoever checks, in the order of the proof.
 * @param multiProof As `merkleMultiProof` gives it.
 * @throws IdentityError LEAF_OUT_OF_RANGE when the numbers of leaves, nodes and flags do not fit each other.
 * @example
 * ```ts
 * const areMembers = sameBytes(merkleRootOfMultiProof(leaves, { proof, proofFlags }), root);
 * ```
 */
export function merkleRootOfMultiProof(leaves: readonly Uint8Array[], multiProof: MultiProof): Uint8Array {
  const { proof, proofFlags } = multiProof;
  const taken = proofFlags.filter((isKnown) => !isKnown).length;
  const isWhole = leaves.length + proof.length === proofFlags.length + 1;
  if (!isWhole || (proofFlags.length > 0 && taken !== proof.length)) {
    throw new IdentityError("LEAF_OUT_OF_RANGE", "the proof is too long or too short for its leaves");
  }
  // Each flag that is true uses up one of the leaves or hashes, and there is one less of them than of leaves: nothing is
  // needed before it is made.
  const known = [...leaves];
  let at = 0;
  let from = 0;
  for (const isKnown of proofFlags) {
    const node = known[at++]!;
    known.push(merkleRootOfProof(node, [isKnown ? known[at++]! : proof[from++]!]));
  }
  return known.at(-1) ?? proof[0]!;
}
