import { expect } from "chai";
import { getAddress, id } from "ethers";

import { buildRoll, type RollEntry } from "../../src/voting/election/roll.js";

/** Voters of these weights. */
function entriesOf(weights: readonly bigint[]): RollEntry[] {
  return weights.map((weight, i) => {
    return { slotKey: id(`slot ${i}`), voter: getAddress(id(`voter ${i}`).slice(0, 42)), weight };
  });
}

function codeOf(entries: readonly RollEntry[], rules: Parameters<typeof buildRoll>[1] = { minimum: 1 }): unknown {
  try {
    buildRoll(entries, rules);
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
  return "none";
}

describe("buildRoll", () => {
  it("refuses a weight that fewer voters have than the minimum", () => {
    const entries = entriesOf([1n, 1n, 1n, 5n, 5n]);
    expect(codeOf(entries, { minimum: 3 })).to.equal("ROLL_CLASS_TOO_SMALL");
    expect(codeOf(entries, { minimum: 2 })).to.equal("none");
    expect(() => buildRoll(entries, { minimum: 3 })).to.throw("only 2 of the 3 voters");
  });

  it("looks at each class, wherever its voters stand", () => {
    expect(codeOf(entriesOf([2n, 1n, 2n, 1n, 2n, 1n]), { minimum: 3 })).to.equal("none");
    expect(codeOf(entriesOf([7n, 1n, 1n, 1n]), { minimum: 2 })).to.equal("ROLL_CLASS_TOO_SMALL");
    expect(codeOf(entriesOf([1n, 1n, 1n, 7n]), { minimum: 2 })).to.equal("ROLL_CLASS_TOO_SMALL");
  });

  it("refuses a roll of one class that is smaller than the minimum", () => {
    expect(codeOf(entriesOf([1n, 1n]), { minimum: 3 })).to.equal("ROLL_CLASS_TOO_SMALL");
  });

  it("lets small classes through where they are allowed, and only then", () => {
    const entries = entriesOf([1n, 1n, 9n]);
    expect(codeOf(entries, { minimum: 2, allowSmallClasses: false })).to.equal("ROLL_CLASS_TOO_SMALL");
    const roll = buildRoll(entries, { minimum: 2, allowSmallClasses: true });
    expect(roll.weight).to.equal(11n);
  });

  it("refuses entries that are there twice or malformed, and weights that add up to too much", () => {
    const [one, two] = entriesOf([1n, 1n]) as [RollEntry, RollEntry];
    const wrong: Record<string, RollEntry[]> = {
      "no entry": [],
      "a slot twice": [one, { ...two, slotKey: one.slotKey.toUpperCase().replace("0X", "0x") }],
      "a voter twice": [one, { ...two, voter: one.voter.toLowerCase() }],
      "a short slot": [{ ...one, slotKey: "0x12" }],
      "no address": [{ ...one, voter: "0x12" }],
      "no weight": [{ ...one, weight: 0n }],
      "a weight of 2^64": [{ ...one, weight: 2n ** 64n }],
      "2^64 together": [
        { ...one, weight: 2n ** 63n },
        { ...two, weight: 2n ** 63n },
      ],
    };
    for (const [name, entries] of Object.entries(wrong)) expect(codeOf(entries), name).to.equal("ROLL_INVALID");
  });
});
