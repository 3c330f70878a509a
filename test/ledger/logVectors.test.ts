import { readFileSync } from "node:fs";

import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import { getBytes, hexlify, toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";

import { leafHash } from "../../src/ledger/logHashes.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { verifyConsistency } from "../../src/ledger/verifyConsistency.js";
import { verifyInclusion } from "../../src/ledger/verifyInclusion.js";
import { read, send } from "../helpers/harness.js";

/** Made by another implementation: see test/vectors/transparency-log/README.md. */
interface Vectors {
  leaves: string[];
  leafRoots: string[];
  inclusion: { index: number; size: number; path: string[] }[];
  consistency: { first: number; second: number; path: string[] }[];
  roots: string[];
  inclusionDigests: string[];
  consistencyDigests: string[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/transparency-log/vectors.json", import.meta.url), "utf8"),
) as Vectors;

const hex = (bytes: Uint8Array) => hexlify(bytes).slice(2);
const bytes = (text: string) => getBytes(`0x${text}`);

/** The digest that the vectors hold of many paths. */
function digest(paths: Uint8Array[][]): string {
  const hash = sha256.create();
  for (const path of paths) {
    hash.update(Uint8Array.of(path.length));
    for (const node of path) hash.update(node);
  }
  return hex(hash.digest());
}

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
const counted = (index: number) => sha256(getBytes(toBeHex(index, 8)));

async function deploy() {
  const { ethers } = await network.create();
  return ethers.deployContract("TransparencyLogHarness");
}

describe("Log vectors of transparency-dev/merkle", () => {
  let harness: Awaited<ReturnType<typeof deploy>>;
  let standard: LogTree;
  let tree: LogTree;

  before(async () => {
    harness = await deploy();
    standard = new LogTree();
    for (const leaf of vectors.leaves) standard.append(bytes(leaf));
    tree = new LogTree();
    for (const index of range(0, 257)) tree.append(counted(index));
  });

  it("are all there", () => {
    expect(vectors.leafRoots).to.have.length(9);
    expect(vectors.inclusion).to.have.length(36);
    expect(vectors.consistency).to.have.length(28);
    expect(vectors.roots).to.have.length(258);
    expect(vectors.inclusionDigests).to.have.length(258);
    expect(vectors.consistencyDigests).to.have.length(66);
  });

  describe("the eight leaves of Certificate Transparency", () => {
    it("have the known roots", () => {
      expect(range(0, 9).map((size) => hex(standard.root(size)))).to.deep.equal(vectors.leafRoots);
    });

    it("have the known inclusion proofs, which the library and the contract accept", async () => {
      for (const { index, size, path } of vectors.inclusion) {
        expect(standard.inclusionProof(index, size).map(hex)).to.deep.equal(path);
        const claim = {
          leaf: leafHash(bytes(vectors.leaves[index] ?? "none")),
          path: path.map(bytes),
          root: standard.root(size),
        };
        expect(verifyInclusion({ ...claim, index, size })).to.equal(true);
        const args = [claim.leaf, index, size, claim.path, claim.root];
        expect(await harness.getFunction("verifyInclusion")(...args)).to.equal(true);
      }
    });

    it("have the known consistency proofs, which the library and the contract accept", async () => {
      for (const { first, second, path } of vectors.consistency) {
        expect(standard.consistencyProof(first, second).map(hex)).to.deep.equal(path);
        const [firstRoot, secondRoot] = [standard.root(first), standard.root(second)];
        const claim = { firstSize: first, firstRoot, secondSize: second, secondRoot, path: path.map(bytes) };
        expect(verifyConsistency(claim)).to.equal(true);
        const args = [first, firstRoot, second, secondRoot, claim.path];
        expect(await harness.getFunction("verifyConsistency")(...args)).to.equal(true);
      }
    });
  });

  describe("sizes 0 to 257", () => {
    it("have the same roots in the library", () => {
      expect(range(0, 258).map((size) => hex(tree.root(size)))).to.deep.equal(vectors.roots);
    });

    it("have the same roots in the contract, entry by entry", async () => {
      for (const size of range(0, 258)) {
        const [treeSize, root] = await read<[bigint, string]>(harness, "checkpoint", ZeroHash);
        expect([treeSize, root]).to.deep.equal([BigInt(size), `0x${vectors.roots[size]}`]);
        await send(harness, "append", ZeroHash, counted(size));
      }
    });

    it("have the same roots in the contract, in batches", async () => {
      const log = toBeHex(1, 32);
      for (let size = 0, batch = 1; size + batch <= 257; size += batch, batch++) {
        await send(harness, "appendMany", log, range(size, size + batch).map(counted));
        const [, root] = await read<[bigint, string]>(harness, "checkpoint", log);
        expect(root).to.equal(`0x${vectors.roots[size + batch]}`);
      }
    });

    it("have the same inclusion proofs, for every index", () => {
      for (const size of range(0, 258)) {
        const paths = range(0, size).map((index) => tree.inclusionProof(index, size));
        expect(digest(paths), `size ${size}`).to.equal(vectors.inclusionDigests[size]);
        const accepted = paths.filter((path, index) =>
          verifyInclusion({ leaf: tree.leaf(index), index, size, path, root: tree.root(size) }),
        );
        expect(accepted).to.have.length(size);
      }
    });

    it("have inclusion proofs that the contract accepts: every index up to size 65 and about powers of two", async () => {
      for (const size of range(0, 258)) {
        const isWhole = size <= 65 || [127, 128, 129, 255, 256, 257].includes(size);
        const indexes = range(0, size).filter((index) => isWhole || index % 29 === size % 29 || index === size - 1);
        const leaves = indexes.map((index) => tree.leaf(index));
        const paths = indexes.map((index) => tree.inclusionProof(index, size));
        const count = await read<bigint>(harness, "countIncluded", leaves, indexes, paths, size, tree.root(size));
        expect(count, `size ${size}`).to.equal(BigInt(indexes.length));
      }
    });
  });

  describe("pairs of sizes up to 65", () => {
    it("have the same consistency proofs, which the library and the contract accept", async () => {
      for (const second of range(1, 66)) {
        const secondRoot = tree.root(second);
        const roots = range(1, second).map((first) => tree.root(first));
        const paths = range(1, second).map((first) => tree.consistencyProof(first, second));
        expect(digest(paths), `second size ${second}`).to.equal(vectors.consistencyDigests[second]);
        for (const [i, path] of paths.entries()) {
          const firstRoot = tree.root(i + 1);
          const claim = { firstSize: i + 1, firstRoot, secondSize: second, secondRoot, path };
          expect(verifyConsistency(claim), `${i + 1} to ${second}`).to.equal(true);
        }
        const count = await read<bigint>(harness, "countConsistent", roots, paths, second, secondRoot);
        expect(count).to.equal(BigInt(second - 1));
      }
    });
  });
});
