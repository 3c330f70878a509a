import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { getAddress, id, sha256, toUtf8Bytes } from "ethers";

import { isOnRoll } from "../../src/voting/election/isOnRoll.js";
import { buildRoll, rollProof, type RollEntry } from "../../src/voting/election/roll.js";
import { parseRoll, serializeRoll } from "../../src/voting/election/rollFile.js";

const entries: RollEntry[] = Array.from({ length: 7 }, (_, i) => ({
  slotKey: id(`slot ${i}`),
  voter: getAddress(id(`voter ${i}`).slice(0, 42)),
  weight: BigInt(1 + (i % 3)),
}));

describe("a roll and its file", () => {
  it("has the proofs of OpenZeppelin's tree", () => {
    const roll = buildRoll(entries, { minimum: 1 });
    const values = entries.map(({ slotKey, voter, weight }) => [slotKey, voter, weight]);
    const tree = StandardMerkleTree.of(values, ["bytes32", "address", "uint64"], { sortLeaves: false });
    expect(roll.root).to.equal(tree.root);
    for (const [i, entry] of entries.entries()) {
      expect(rollProof(roll, entry.slotKey)).to.deep.equal(tree.getProof(i));
      expect(isOnRoll(tree.root, entry, tree.getProof(i))).to.equal(true);
      expect(isOnRoll(tree.root, { ...entry, weight: 9n }, tree.getProof(i))).to.equal(false);
    }
  });

  it("is read back as it was written, and has its hash", () => {
    const { bytes, hash } = serializeRoll(entries);
    expect(hash).to.equal(sha256(bytes));
    expect(parseRoll(bytes, hash)).to.deep.equal(entries);
  });

  const text = new TextDecoder().decode(serializeRoll(entries.slice(0, 2)).bytes);
  const hostile: Record<string, string> = {
    "a space": text.replace(",", ", "),
    "a byte order mark": `\ufeff${text}`,
    "a slot in upper case": text.replace(entries[0]!.slotKey, `0x${entries[0]!.slotKey.slice(2).toUpperCase()}`),
    "an address without its checksum": text.replace(entries[0]!.voter, entries[0]!.voter.toLowerCase()),
    "a number for a weight": text.replace('"1"', "1"),
    "a weight of zero": text.replace('"1"', '"0"'),
    "a weight with a leading zero": text.replace('"1"', '"01"'),
    "a weight of 2^64": text.replace('"1"', '"18446744073709551616"'),
    "a name twice": text.replace('"entries"', '"entries":[],"entries"'),
    "another name": text.replace("{", '{"x":1,'),
    "another type": text.replace("v1", "v2"),
    "something behind": `${text}\n`,
    null: "null",
    "a list": "[]",
    "no JSON": "{",
  };
  for (const [name, changed] of Object.entries(hostile)) {
    it(`refuses a file with ${name}`, () => {
      expect(() => parseRoll(toUtf8Bytes(changed)))
        .to.throw()
        .with.property("code", "ROLL_FILE_MALFORMED");
    });
  }

  it("refuses a file with another hash, and bytes that are no UTF-8", () => {
    const { bytes } = serializeRoll(entries);
    expect(() => parseRoll(bytes, id("other")))
      .to.throw()
      .with.property("code", "ROLL_FILE_MALFORMED");
    expect(() => parseRoll(new Uint8Array([0xff, 0xfe])))
      .to.throw()
      .with.property("code", "ROLL_FILE_MALFORMED");
  });
});
