import { expect } from "chai";
import { getBytes, hexlify, id } from "ethers";

import { LedgerError } from "../../src/ledger/LedgerError.js";
import { leafHash, nodeHash } from "../../src/ledger/logHashes.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { verifyConsistency } from "../../src/ledger/verifyConsistency.js";
import { verifyInclusion } from "../../src/ledger/verifyInclusion.js";

function treeOf(size: number): LogTree {
  const tree = new LogTree();
  for (let i = 0; i < size; i++) tree.append(getBytes(id(`entry ${i}`)));
  return tree;
}

function flipped(hash: Uint8Array): Uint8Array {
  return hash.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
}

describe("LogTree", () => {
  describe("append", () => {
    it("counts entries from 0", () => {
      const tree = new LogTree();
      expect(tree.append(new Uint8Array(32))).to.equal(0);
      expect(tree.append(new Uint8Array(32))).to.equal(1);
      expect(tree.size).to.equal(2);
    });
  });

  describe("leaf", () => {
    it("gives a copy that does not change the tree", () => {
      const tree = treeOf(2);
      const root = hexlify(tree.root());
      tree.leaf(0).fill(0);
      for (const node of tree.inclusionProof(1)) node.fill(0);
      expect(hexlify(tree.root())).to.equal(root);
    });
  });

  describe("out of range", () => {
    const tree = treeOf(5);
    const refused: [what: string, code: string, call: () => unknown][] = [
      ["a root of a size to come", "LOG_SIZE_OUT_OF_RANGE", () => tree.root(6)],
      ["a root of a negative size", "LOG_SIZE_OUT_OF_RANGE", () => tree.root(-1)],
      ["a root of half an entry", "LOG_SIZE_OUT_OF_RANGE", () => tree.root(1.5)],
      ["a leaf past the end", "LOG_INDEX_OUT_OF_RANGE", () => tree.leaf(5)],
      ["a proof past the end", "LOG_INDEX_OUT_OF_RANGE", () => tree.inclusionProof(5)],
      ["a proof past an earlier end", "LOG_INDEX_OUT_OF_RANGE", () => tree.inclusionProof(3, 3)],
      ["a proof of nothing", "LOG_SIZE_OUT_OF_RANGE", () => tree.inclusionProof(0, 0)],
      ["consistency from the empty log", "LOG_SIZE_OUT_OF_RANGE", () => tree.consistencyProof(0)],
      ["consistency backwards", "LOG_SIZE_OUT_OF_RANGE", () => tree.consistencyProof(4, 3)],
      ["consistency with a size to come", "LOG_SIZE_OUT_OF_RANGE", () => tree.consistencyProof(4, 6)],
    ];
    for (const [what, code, call] of refused) {
      it(`refuses ${what}`, () => expect(call).to.throw(LedgerError).with.property("code", code));
    }
  });
});

describe("verifyInclusion", () => {
  const tree = treeOf(11);
  const claim = { leaf: tree.leaf(6), index: 6, size: 11, path: tree.inclusionProof(6), root: tree.root() };

  it("accepts the proof, with numbers and with bigints", () => {
    expect(verifyInclusion(claim)).to.equal(true);
    expect(verifyInclusion({ ...claim, index: 6n, size: 11n })).to.equal(true);
  });

  it("accepts the only entry of a log by an empty path", () => {
    const one = treeOf(1);
    expect(verifyInclusion({ leaf: one.leaf(0), index: 0, size: 1, path: [], root: one.root() })).to.equal(true);
  });

  const refused: [what: string, change: Partial<typeof claim>][] = [
    ["a path too short", { path: claim.path.slice(1) }],
    ["a path cut at its end", { path: claim.path.slice(0, -1) }],
    ["a path too long", { path: [...claim.path, claim.root] }],
    ["an empty path", { path: [] }],
    ["a changed node", { path: claim.path.map((node, i) => (i === 1 ? flipped(node) : node)) }],
    ["a node of 31 bytes", { path: claim.path.map((node, i) => (i === 0 ? node.slice(1) : node)) }],
    ["a node of 33 bytes", { path: [new Uint8Array(33), ...claim.path.slice(1)] }],
    ["another leaf", { leaf: tree.leaf(5) }],
    ["another index", { index: 7 }],
    ["a smaller size", { size: 7 }],
    ["a larger size", { size: 17 }],
    ["an index past the end", { index: 11 }],
    ["a negative index", { index: -1 }],
    ["half an index", { index: 6.5 }],
    ["a size that is no number", { size: Number.NaN }],
    ["size 0", { index: 0, size: 0 }],
    ["another root", { root: flipped(claim.root) }],
    ["a root cut short", { root: claim.root.slice(1) }],
  ];
  for (const [what, change] of refused) {
    it(`refuses ${what}`, () => expect(verifyInclusion({ ...claim, ...change })).to.equal(false));
  }

  it("cannot tell sizes apart whose trees have the same path, so size and root come from one checkpoint", () => {
    expect(verifyInclusion({ ...claim, size: 12 })).to.equal(true);
  });

  it("refuses a node that passes for an entry", () => {
    const four = treeOf(4);
    const left = nodeHash(four.leaf(0), four.leaf(1));
    const right = nodeHash(four.leaf(2), four.leaf(3));
    const base = { index: 0, path: [right], root: four.root() };
    expect(verifyInclusion({ ...base, leaf: left, size: 4 })).to.equal(false);
    expect(verifyInclusion({ ...base, leaf: leafHash(left), size: 2 })).to.equal(false);
    // Unhashed and with a false size it fits: so the size is the checkpoint's and the leaf is hashed by the verifier.
    expect(verifyInclusion({ ...base, leaf: left, size: 2 })).to.equal(true);
  });
});

describe("verifyConsistency", () => {
  const tree = treeOf(11);
  const claim = {
    firstSize: 6,
    firstRoot: tree.root(6),
    secondSize: 11,
    secondRoot: tree.root(),
    path: tree.consistencyProof(6),
  };

  it("accepts the proof, with numbers and with bigints", () => {
    expect(verifyConsistency(claim)).to.equal(true);
    expect(verifyConsistency({ ...claim, firstSize: 6n, secondSize: 11n })).to.equal(true);
  });

  it("accepts a log with itself by an empty path, of the same root only", () => {
    const same = { ...claim, firstSize: 11, firstRoot: tree.root(), path: tree.consistencyProof(11) };
    expect(same.path).to.deep.equal([]);
    expect(verifyConsistency(same)).to.equal(true);
    expect(verifyConsistency({ ...same, firstRoot: tree.root(6) })).to.equal(false);
    expect(verifyConsistency({ ...same, path: claim.path })).to.equal(false);
  });

  const refused: [what: string, change: Partial<typeof claim>][] = [
    ["a path too short", { path: claim.path.slice(1) }],
    ["a path cut at its end", { path: claim.path.slice(0, -1) }],
    ["a path too long", { path: [...claim.path, claim.secondRoot] }],
    ["an empty path", { path: [] }],
    ["an empty path from a perfect tree", { firstSize: 8, firstRoot: tree.root(8), path: [] }],
    ["a changed node", { path: claim.path.map((node, i) => (i === 1 ? flipped(node) : node)) }],
    ["a node of 31 bytes", { path: claim.path.map((node, i) => (i === 0 ? node.slice(1) : node)) }],
    ["another first root", { firstRoot: tree.root(5) }],
    ["another second root", { secondRoot: tree.root(10) }],
    ["another first size", { firstSize: 5 }],
    ["a smaller second size", { secondSize: 8 }],
    ["a larger second size", { secondSize: 17 }],
    ["sizes the wrong way round", { firstSize: 11, secondSize: 6 }],
    ["the empty log", { firstSize: 0 }],
    ["a negative size", { firstSize: -1 }],
    ["half a size", { firstSize: 6.5 }],
    ["a size without end", { secondSize: Number.POSITIVE_INFINITY }],
  ];
  for (const [what, change] of refused) {
    it(`refuses ${what}`, () => expect(verifyConsistency({ ...claim, ...change })).to.equal(false));
  }
});
