import { createHash } from "node:crypto";

import { expect } from "chai";

import { proveAll } from "../../src/justice/evidence/proveAll.js";
import { LogTree } from "../../src/ledger/LogTree.js";

function hash(prefix: number, ...parts: Uint8Array[]): Buffer {
  return createHash("sha256")
    .update(Buffer.concat([Buffer.from([prefix]), ...parts]))
    .digest();
}

function entry(i: number): Buffer {
  return createHash("sha256").update(`entry ${i}`).digest();
}

/** RFC 9162, section 2.1.1, word for word: MTH(D[n]). */
function treeHash(entries: Buffer[]): Buffer {
  if (entries.length === 1) return hash(0, entries[0]!);
  let k = 1;
  while (2 * k < entries.length) k *= 2;
  return hash(1, treeHash(entries.slice(0, k)), treeHash(entries.slice(k)));
}

/** RFC 9162, section 2.1.3.1, word for word: PATH(m, D[n]). */
function pathOf(m: number, entries: Buffer[]): Buffer[] {
  if (entries.length === 1) return [];
  let k = 1;
  while (2 * k < entries.length) k *= 2;
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return m < k ? [...pathOf(m, left), treeHash(right)] : [...pathOf(m - k, right), treeHash(left)];
}

function treeOf(entries: Buffer[]): LogTree {
  const tree = new LogTree();
  for (const one of entries) tree.append(one);
  return tree;
}

describe("proveAll", () => {
  it("gives the paths of RFC 9162 for trees of 0 to 33 entries", () => {
    for (let size = 0; size <= 33; size++) {
      const entries = Array.from({ length: size }, (_, i) => entry(i));
      const proved = [...proveAll(treeOf(entries))];
      expect(proved.map(({ index }) => index)).to.deep.equal([...entries.keys()]);
      for (const { index, path } of proved) {
        expect(path.map((node) => Buffer.from(node))).to.deep.equal(pathOf(index, entries));
      }
    }
  });

  it("proves a range of a log against an earlier size", () => {
    const entries = Array.from({ length: 20 }, (_, i) => entry(i));
    const proved = [...proveAll(treeOf(entries), { first: 5, size: 11 })];
    expect(proved.map(({ index }) => index)).to.deep.equal([5, 6, 7, 8, 9, 10]);
    for (const { index, path } of proved) {
      expect(path.map((node) => Buffer.from(node))).to.deep.equal(pathOf(index, entries.slice(0, 11)));
    }
  });

  it("refuses indices and sizes that the tree has not", () => {
    const tree = treeOf([entry(0)]);
    expect(() => [...proveAll(tree, { size: 2 })]).to.throw("size 2");
    expect(() => [...proveAll(tree, { end: 2 })]).to.throw("index 1");
  });
});
