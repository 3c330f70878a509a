import { keccak_256 } from "@noble/hashes/sha3.js";
import { SimpleMerkleTree, StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { hexlify } from "ethers";
import { MerkleTree } from "merkletreejs";

import { NO_END } from "../../../src/identity/attestation.js";
import { buildBatch, membershipOf } from "../../../src/identity/buildBatch.js";
import { type Keccak, makeMerkleTree, merkleProof, merkleRoot } from "../../../src/ledger/merkleTree.js";
import { loadKeccak } from "../../../src/ledger/loadKeccak.js";

/** A tree, as far as it is compared. */
export interface Built {
  root: string;
  /** The siblings of a leaf as hexadecimal text, which a contract is called with. */
  proof: (index: number) => string[];
}

/** Prepares its input, which is not timed, and gives what is timed. */
interface Builder {
  prepare: (size: number) => () => Promise<Built> | Built;
}

const fromBytes = (size: number, load: () => Promise<Keccak> | undefined) => {
  const leaves = leafBytes(size);
  return async (): Promise<Built> => {
    const tree = makeMerkleTree(leaves, await load());
    return { root: hexlify(merkleRoot(tree)), proof: (at) => merkleProof(tree, at).map((node) => hexlify(node)) };
  };
};

/** Whoever builds trees, of 32 bytes a leaf that are there already; diwanBatch and standard of items whose hash is the leaf. */
export const BUILDERS = {
  diwan: { prepare: (size) => fromBytes(size, loadKeccak) },
  diwanJavaScript: { prepare: (size) => fromBytes(size, () => undefined) },
  simple: {
    prepare: (size) => {
      const leaves = Array.from({ length: size }, (_, i) => leaf(i));
      return () => {
        // Leaves that are not sorted are faster for the peer, and give the tree that a batch of ours is.
        const tree = SimpleMerkleTree.of(leaves, { sortLeaves: false });
        return { root: tree.root, proof: (at) => tree.getProof(at) };
      };
    },
  },
  merkletreejs: {
    prepare: (size) => {
      const leaves = Array.from({ length: size }, (_, i) => Buffer.from(leaf(i).slice(2), "hex"));
      return () => {
        const tree = new MerkleTree(leaves, keccak_256, { sortPairs: true });
        return { root: tree.getHexRoot(), proof: (at) => tree.getHexProof(leaves[at]!, at) };
      };
    },
  },
  diwanBatch: {
    prepare: (size) => {
      const items = Array.from({ length: size }, (_, i) => ({ content: leaf(i), expiresAt: NO_END }));
      return async () => {
        const batch = await buildBatch(items, 2);
        return { root: batch.root, proof: (at) => [...membershipOf(batch, at).proof] };
      };
    },
  },
  standard: {
    prepare: (size) => {
      const rows = Array.from({ length: size }, (_, i) => [i, leaf(i), NO_END]);
      return () => {
        const tree = StandardMerkleTree.of(rows, ["uint32", "bytes32", "uint40"], { sortLeaves: false });
        return { root: tree.root, proof: (at) => tree.getProof(at) };
      };
    },
  },
} as const satisfies Record<string, Builder>;

/** A builder's short name. */
export type BuilderName = keyof typeof BUILDERS;

/** The same leaves on every machine: numbers multiplied by an odd constant, so that half of the pairs must be turned. */
function leaf(index: number): string {
  const mixed = (BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251f86c6a11d0c18e95n) % 2n ** 256n;
  return `0x${mixed.toString(16).padStart(64, "0")}`;
}

function leafBytes(count: number): Uint8Array {
  const bytes = Buffer.alloc(count * 32);
  for (let i = 0; i < count; i++) bytes.write(leaf(i).slice(2), i * 32, "hex");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
