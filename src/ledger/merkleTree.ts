import { keccak_256 } from "@noble/hashes/sha3.js";

import { LedgerError } from "./LedgerError.js";

const HASH_BYTES = 32;

/** keccak256 of bytes, to 32 bytes. */
export type Keccak = (bytes: Uint8Array) => Uint8Array;

/**
 * A Merkle tree in one array, as OpenZeppelin's `SimpleMerkleTree` orders it: node `i` has the children `2i + 1` and
 * `2i + 2`, the root comes first, the leaves last and in reverse. 64 bytes a leaf.
 */
export interface MerkleTree {
  /** Number of leaves. */
  readonly size: number;
  /** `2 * size - 1` nodes of 32 bytes. */
  readonly nodes: Uint8Array;
}

/**
 * Makes a Merkle tree with the hash of a sorted pair as node, so that OpenZeppelin's `MerkleProof` accepts its proofs.
 *
 * @param leaves 32 bytes each, one after the other, in the order of their indices.
 * @param keccak What hashes; noble's JavaScript, if left out. `loadKeccak` gives a faster one.
 * @throws LedgerError TREE_EMPTY; LEAF_OUT_OF_RANGE when the bytes are no whole number of leaves.
 * @example
 * ```ts
 * const tree = makeMerkleTree(concatenated, await loadKeccak());
 * const root = merkleRoot(tree);
 * ```
 */
export function makeMerkleTree(leaves: Uint8Array, keccak: Keccak = keccak_256): MerkleTree {
  if (leaves.length === 0) throw new LedgerError("TREE_EMPTY", "a Merkle tree needs at least one leaf");
  if (leaves.length % HASH_BYTES !== 0) throw new LedgerError("LEAF_OUT_OF_RANGE", "a leaf has 32 bytes");
  const size = leaves.length / HASH_BYTES;
  const nodes = new Uint8Array((2 * size - 1) * HASH_BYTES);
  for (let i = 0; i < size; i++) {
    nodes.set(leaves.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES), (2 * size - 2 - i) * HASH_BYTES);
  }
  const pair = new Uint8Array(2 * HASH_BYTES);
  for (let i = size - 2; i >= 0; i--) {
    const left = (2 * i + 1) * HASH_BYTES;
    nodes.set(keccak(sortedPair(nodes, left, pair)), i * HASH_BYTES);
  }
  return { size, nodes };
}

/**
 * The tree's root.
 *
 * @returns 32 bytes.
 * @example
 * ```ts
 * const root = hexlify(merkleRoot(tree));
 * ```
 */
export function merkleRoot(tree: MerkleTree): Uint8Array {
  return tree.nodes.slice(0, HASH_BYTES);
}

/**
 * The proof of a leaf: its siblings from the leaf up.
 *
 * @param tree The tree.
 * @param index The leaf's index, counted from 0.
 * @throws LedgerError LEAF_OUT_OF_RANGE
 * @example
 * ```ts
 * const proof = merkleProof(tree, 7).map((node) => hexlify(node));
 * ```
 */
export function merkleProof(tree: MerkleTree, index: number): Uint8Array[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= tree.size) {
    throw new LedgerError("LEAF_OUT_OF_RANGE", `leaf ${index} is not below the size ${tree.size}`);
  }
  const path: Uint8Array[] = [];
  for (let at = 2 * tree.size - 2 - index; at > 0; at = Math.floor((at - 1) / 2)) {
    const sibling = at % 2 === 1 ? at + 1 : at - 1;
    path.push(tree.nodes.slice(sibling * HASH_BYTES, (sibling + 1) * HASH_BYTES));
  }
  return path;
}

/**
 * The root that a leaf and its proof lead to; compare it with the root that is known (OpenZeppelin's
 * `MerkleProof.processProof`).
 *
 * @param leaf 32 bytes, hashed by whoever checks: never take it from whoever brings the proof.
 * @param proof Siblings from the leaf up, 32 bytes each.
 * @example
 * ```ts
 * const isMember = sameBytes(merkleRootOfProof(leaf, proof), root);
 * ```
 */
export function merkleRootOfProof(leaf: Uint8Array, proof: readonly Uint8Array[]): Uint8Array {
  const both = new Uint8Array(2 * HASH_BYTES);
  const pair = new Uint8Array(2 * HASH_BYTES);
  let node = leaf;
  for (const sibling of proof) {
    if (sibling.length !== HASH_BYTES) throw new LedgerError("LEAF_OUT_OF_RANGE", "a node has 32 bytes");
    both.set(node, 0);
    both.set(sibling, HASH_BYTES);
    node = keccak_256(sortedPair(both, 0, pair));
  }
  return node;
}

/** The two hashes that stand at `at`, the smaller first: as they stand, or turned around in `pair`. */
function sortedPair(nodes: Uint8Array, at: number, pair: Uint8Array): Uint8Array {
  const middle = at + HASH_BYTES;
  const end = middle + HASH_BYTES;
  let i = at;
  while (i < middle && nodes[i] === nodes[i + HASH_BYTES]) i++;
  if (i === middle || nodes[i]! < nodes[i + HASH_BYTES]!) return nodes.subarray(at, end);
  pair.set(nodes.subarray(middle, end), 0);
  pair.set(nodes.subarray(at, middle), HASH_BYTES);
  return pair;
}
