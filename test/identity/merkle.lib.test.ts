import { SimpleMerkleTree, StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { concat, getBytes, hexlify, id, keccak256 } from "ethers";

import { NO_END, type Item } from "../../src/identity/attestation.js";
import { buildBatch, membershipOf } from "../../src/identity/buildBatch.js";
import { IdentityError } from "../../src/identity/IdentityError.js";
import { leavesWords } from "../../src/identity/leaves.js";
import { LedgerError } from "../../src/ledger/LedgerError.js";
import { loadKeccak } from "../../src/ledger/loadKeccak.js";
import { makeMerkleTree, merkleProof, merkleRoot, merkleRootOfProof } from "../../src/ledger/merkleTree.js";
import { rejection } from "../helpers/events.js";

const itemsOf = (count: number): Item[] => {
  return Array.from({ length: count }, (_, i) => ({ content: id(`item ${i}`), expiresAt: NO_END - i }));
};
const SIZES = [...Array.from({ length: 40 }, (_, i) => i + 1), 63, 64, 65, 127, 128, 129, 1_000];

describe("Merkle batches", () => {
  describe("makeMerkleTree", () => {
    it("agrees with OpenZeppelin's SimpleMerkleTree, root and every proof, in JavaScript and WebAssembly", async () => {
      const wasm = await loadKeccak();
      for (const size of SIZES) {
        const leaves = Array.from({ length: size }, (_, i) => id(`leaf ${i}`));
        const peer = SimpleMerkleTree.of(leaves, { sortLeaves: false });
        for (const keccak of [undefined, wasm]) {
          const tree = makeMerkleTree(getBytes(concat(leaves)), keccak);
          expect(hexlify(merkleRoot(tree))).to.equal(peer.root);
          for (let i = 0; i < size; i += size > 200 ? 37 : 1) {
            const proof = merkleProof(tree, i);
            expect(proof.map((node) => hexlify(node))).to.deep.equal(peer.getProof(i));
            expect(hexlify(merkleRootOfProof(getBytes(leaves[i]!), proof))).to.equal(peer.root);
          }
        }
      }
    });

    it("orders a pair in which the left hash is the larger, or both are equal", () => {
      const [low, high] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
      const sorted = keccak256(concat([low, high]));
      for (const [a, b] of [
        [low, high],
        [high, low],
      ]) {
        expect(hexlify(merkleRoot(makeMerkleTree(getBytes(concat([a!, b!])))))).to.equal(sorted);
      }
      expect(hexlify(merkleRoot(makeMerkleTree(getBytes(concat([low, low])))))).to.equal(keccak256(concat([low, low])));
    });

    it("refuses no leaves, half a leaf and a leaf that is not there", () => {
      const code = (act: () => unknown, expected: string) => {
        expect(act).to.throw(LedgerError).with.property("code", expected);
      };
      code(() => makeMerkleTree(new Uint8Array()), "TREE_EMPTY");
      code(() => makeMerkleTree(new Uint8Array(33)), "LEAF_OUT_OF_RANGE");
      const tree = makeMerkleTree(new Uint8Array(96));
      for (const index of [-1, 3, 0.5, NaN]) code(() => merkleProof(tree, index), "LEAF_OUT_OF_RANGE");
      code(() => merkleRootOfProof(new Uint8Array(32), [new Uint8Array(31)]), "LEAF_OUT_OF_RANGE");
    });
  });

  describe("loadKeccak", () => {
    it("agrees with ethers on inputs around the block size", async () => {
      const keccak = await loadKeccak();
      for (const length of [0, 1, 31, 32, 64, 96, 135, 136, 137, 272, 1_000]) {
        const bytes = new Uint8Array(length).map((_, i) => i * 7);
        expect(hexlify(keccak(bytes))).to.equal(keccak256(bytes));
      }
    });
  });

  describe("buildBatch", () => {
    it("agrees with OpenZeppelin's StandardMerkleTree over (index, content, end)", async () => {
      for (const size of [1, 2, 3, 5, 8, 100]) {
        const items = itemsOf(size);
        const rows = items.map(({ content, expiresAt }, i) => [i, content, expiresAt]);
        const peer = StandardMerkleTree.of(rows, ["uint32", "bytes32", "uint40"], { sortLeaves: false });
        const batch = await buildBatch(items, 2);
        expect(batch.root).to.equal(peer.root);
        for (let i = 0; i < size; i++) {
          const { proof, ...place } = membershipOf(batch, i);
          expect(proof).to.deep.equal(peer.getProof(i));
          expect(place).to.deep.equal({ root: peer.root, size, bits: 2, index: i });
        }
      }
    });

    it("refuses an empty batch and an item that the contract could not have", async () => {
      const [item] = itemsOf(1) as [Item];
      const codes = [
        [[], "BATCH_EMPTY"],
        // Longer than any array can be.
        [{ length: 2 ** 32 } as Item[], "BATCH_TOO_LARGE"],
        [[{ ...item, content: "0x12" }], "ATTESTATION_MALFORMED"],
        [[item, { ...item, expiresAt: 2 ** 40 }], "ATTESTATION_MALFORMED"],
        [[{ ...item, expiresAt: -1 }], "ATTESTATION_MALFORMED"],
        [[{ ...item, expiresAt: 1.5 }], "ATTESTATION_MALFORMED"],
      ] as const;
      for (const [items, code] of codes) {
        expect(await rejection(buildBatch(items, 1)))
          .to.be.instanceOf(IdentityError)
          .with.property("code", code);
      }
    });
  });

  describe("leavesWords", () => {
    it("puts each leaf into its word, the first in the most significant bits", () => {
      expect(leavesWords([0, 255, 256, 0], 1)).to.deep.equal([
        { wordIndex: 0n, mask: (1n << 255n) | 1n },
        { wordIndex: 1n, mask: 1n << 255n },
      ]);
      expect(leavesWords([300, 127, 1, 128], 2)).to.deep.equal([
        { wordIndex: 0n, mask: (3n << 252n) | 3n },
        { wordIndex: 1n, mask: 3n << 254n },
        { wordIndex: 2n, mask: 3n << 166n },
      ]);
      expect(leavesWords([], 1)).to.deep.equal([]);
      for (const index of [-1, 0.5, 2 ** 32]) expect(() => leavesWords([index], 1)).to.throw(IdentityError);
    });
  });
});
