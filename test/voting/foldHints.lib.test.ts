import { expect } from "chai";
import { hexlify, id } from "ethers";

import { computeHints } from "../../src/voting/computeHints.js";
import { Point } from "../../src/voting/curve.js";
import { foldHints } from "../../src/voting/foldHints.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { ballotOf, questionOf, statementOf, withWord, wordAt } from "./ballots.js";
import { forge } from "./forge.js";

const questions = [questionOf(3, { groups: 2 }), questionOf(4, { approval: true })];

function batchOf(size: number) {
  return Array.from({ length: size }, (_, i) => {
    const statement = statementOf(questions, { slotKey: id(`voter ${i}`), weight: BigInt(i + 1) });
    return { statement, bytes: ballotOf(statement, i).bytes };
  });
}

describe("computeHints", () => {
  it("gives a point for each product but the first and the last, and an inverse", () => {
    for (const [options, groups] of [
      [2, 1],
      [5, 1],
      [5, 5],
      [32, 3],
    ] as const) {
      const statement = statementOf([questionOf(options, { groups })]);
      const { hints, closes } = computeHints([{ statement, bytes: ballotOf(statement).bytes }]);
      expect(closes).to.equal(true);
      expect(hints.length).to.equal(32 * (2 * (2 * groups + 2 - 1 + 1 + (options - 1)) + 1));
    }
  });

  it("shares the generators of a batch", () => {
    const { hints, closes } = computeHints(batchOf(3));
    expect(closes).to.equal(true);
    expect(hints.length).to.equal(32 * (2 * (3 * (2 * 3 + 4) - 1 + 1 + 3) + 1));
  });

  it("starts with x·C2, the first product of the fold", () => {
    // With one ballot the first weight is 1, so that this is the challenge that the equations hold under.
    const statement = statementOf([questionOf(2)]);
    const forgery = forge(statement, { m: [1n, 0n] });
    const { hints } = computeHints([{ statement, bytes: forgery.bytes }]);
    const c2 = Point.fromAffine({ x: wordAt(forgery.bytes, 2), y: wordAt(forgery.bytes, 3) });
    const { x, y } = c2.multiply(forgery.x).toAffine();
    expect([wordAt(hints, 0), wordAt(hints, 1)]).to.deep.equal([x, y]);
  });

  it("does not close over a wrong ballot", () => {
    const statement = statementOf([questionOf(2)]);
    const { closes } = computeHints([{ statement, bytes: forge(statement, { m: [2n, -1n] }).bytes }]);
    expect(closes).to.equal(false);
  });

  it("refuses what has no hint: a generator that is multiplied by zero", () => {
    const statement = statementOf([questionOf(2)]);
    const { bytes } = ballotOf(statement);
    expect(() => computeHints([{ statement, bytes: withWord(bytes, 7 + 4 + 1, 0n) }]))
      .to.throw(VotingError)
      .with.property("code", "HINT_IMPOSSIBLE");
  });

  it("refuses two elections in one batch, and a batch of nothing", () => {
    const [first] = batchOf(1);
    const other = statementOf(questions, { key: Point.BASE.multiply(3n).toAffine() });
    for (const batch of [[], [first!, { statement: other, bytes: ballotOf(other).bytes }]]) {
      expect(() => computeHints(batch))
        .to.throw(VotingError)
        .with.property("code", "BATCH_MIXED");
    }
  });
});

describe("foldHints", () => {
  it("gives the hints of a batch that is right", () => {
    const batch = batchOf(3);
    const { hints, accepted, refused } = foldHints(batch);
    expect(accepted).to.deep.equal([0, 1, 2]);
    expect(refused).to.deep.equal([]);
    expect(hexlify(hints)).to.equal(hexlify(computeHints(batch).hints));
  });

  it("leaves out each ballot that is wrong, and says why", () => {
    const batch = batchOf(6);
    batch[1]!.bytes = batch[0]!.bytes;
    batch[3]!.bytes = batch[3]!.bytes.slice(32);
    const last = batch[4]!.bytes.length / 32 - 1;
    batch[4]!.bytes = withWord(batch[4]!.bytes, last, 1n);
    const { hints, accepted, refused } = foldHints(batch);
    expect(accepted).to.deep.equal([0, 2, 5]);
    expect(refused.map(({ index, error }) => [index, error.code])).to.deep.equal([
      [1, "PROOF_RANDOMNESS"],
      [3, "BALLOT_LENGTH"],
      [4, "PROOF_VOTE"],
    ]);
    const { closes, hints: expected } = computeHints([batch[0]!, batch[2]!, batch[5]!]);
    expect(closes).to.equal(true);
    expect(hexlify(hints)).to.equal(hexlify(expected));
  });

  it("gives no hints where all are wrong", () => {
    const [ballot] = batchOf(1);
    expect(foldHints([{ ...ballot!, bytes: new Uint8Array(32) }]).hints.length).to.equal(0);
    expect(foldHints([]).hints.length).to.equal(0);
  });

  it("does not take the caller's own mistake for a wrong ballot", () => {
    const [ballot] = batchOf(1);
    expect(() => foldHints([{ ...ballot!, statement: { ...ballot!.statement, weight: 0n } }]))
      .to.throw(VotingError)
      .with.property("code", "STATEMENT_MALFORMED");
  });
});
