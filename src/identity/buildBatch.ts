import { hexToBytes } from "@noble/hashes/utils.js";
import { hexlify, isHexString } from "ethers";

import type { StatusBits } from "../ledger/statusBits.js";
import type { Item, Membership } from "./attestation.js";
import { IdentityError } from "./IdentityError.js";
import { loadKeccak } from "../ledger/loadKeccak.js";
import { makeMerkleTree, merkleProof, merkleRoot, type Keccak, type MerkleTree } from "../ledger/merkleTree.js";

/** A Merkle batch before or after it is issued: what the registry is told, and the tree that gives the proofs. */
export interface BuiltBatch {
  /** Root over the leaves, 32 bytes in hex. */
  root: string;
  /** Number of leaves. */
  size: number;
  /** Bits a leaf in the batch's status list. */
  bits: StatusBits;
  /** All its nodes. */
  tree: MerkleTree;
}

/**
 * Builds a Merkle batch. The place of an item is its index, in the tree and in the batch's status list. A million
 * leaves take some seconds and 64 bytes each.
 *
 * @param items At least one, as `itemOf` gives them.
 * @param bits Bits a leaf: 1 if leaves are only ever revoked, 2 if they are suspended or superseded too.
 * @throws IdentityError BATCH_EMPTY, BATCH_TOO_LARGE, ATTESTATION_MALFORMED
 * @example
 * ```ts
 * const batch = await buildBatch(attestations.map(itemOf), 2);
 * await issueBatch(registry, { schema, ...batch });
 * const membership = membershipOf(batch, 7);
 * ```
 */
export async function buildBatch(items: readonly Item[], bits: StatusBits): Promise<BuiltBatch> {
  if (items.length === 0) throw new IdentityError("BATCH_EMPTY", "a batch needs at least one item");
  if (items.length >= 2 ** 32) throw new IdentityError("BATCH_TOO_LARGE", "a batch has fewer than 2^32 items");
  const keccak = await loadKeccak();
  const tree = makeMerkleTree(batchLeaves(items, keccak), keccak);
  return { root: hexlify(merkleRoot(tree)), size: tree.size, bits, tree };
}

/**
 * Where an attestation stands in a batch, as its holder keeps it.
 *
 * @param batch The batch.
 * @param index The leaf's number, from 0.
 * @throws LedgerError LEAF_OUT_OF_RANGE
 * @example
 * ```ts
 * const verdict = await statusOfLeaf(registry, attestations[7], membershipOf(batch, 7));
 * ```
 */
export function membershipOf(batch: BuiltBatch, index: number): Membership {
  const { root, size, bits, tree } = batch;
  return { root, size, bits, index, proof: merkleProof(tree, index).map((node) => hexlify(node)) };
}

/** `leafOf` for all items, written into one array without a string or an object a leaf. */
function batchLeaves(items: readonly Item[], keccak: Keccak): Uint8Array {
  const leaves = new Uint8Array(items.length * 32);
  // abi.encode(uint32 index, bytes32 content, uint40 expiresAt)
  const encoded = new Uint8Array(96);
  const view = new DataView(encoded.buffer);
  for (const [index, { content, expiresAt }] of items.entries()) {
    if (!isHexString(content, 32) || !Number.isSafeInteger(expiresAt) || expiresAt < 0 || expiresAt >= 2 ** 40) {
      throw new IdentityError("ATTESTATION_MALFORMED", `item ${index} has no 32-byte content or no 40-bit end`);
    }
    view.setUint32(28, index);
    encoded.set(hexToBytes(content.slice(2)), 32);
    view.setBigUint64(88, BigInt(expiresAt));
    leaves.set(keccak(keccak(encoded)), index * 32);
  }
  return leaves;
}
