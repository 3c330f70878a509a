import { expect } from "chai";

import { addToSum, EMPTY_SUM, type RunningSum } from "../../src/voting/addToSum.js";
import { combinePartials } from "../../src/voting/combinePartials.js";
import { countArguments } from "../../src/voting/countArguments.js";
import { countHints } from "../../src/voting/countHints.js";
import { modPrime, ORDER, Point } from "../../src/voting/curve.js";
import { decodeCounts } from "../../src/voting/decodeCounts.js";
import { optionGenerator } from "../../src/voting/generators.js";
import { lagrangeCoefficients } from "../../src/voting/lagrangeCoefficients.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { questionOf } from "./ballots.js";
import { ballotIn, partialsOf, scalarOf, times } from "./tallies.js";

const QUESTION = questionOf(4, { groups: 2 });
const VOTES = [[0], [0], [1], [3]];
const COUNTS = [2n, 1n, 0n, 1n];
const SUMS = sumBallots(
  VOTES.map((vote, i) => ballotIn(i, [QUESTION], [vote])),
  [QUESTION],
).questions[0]!;
const PARTIALS = partialsOf(SUMS, [2, 3, 7]);

function throwsCode(act: () => unknown, code: string): void {
  expect(act).to.throw(VotingError).with.property("code", code);
}

describe("combinePartials", () => {
  it("gives each group's sum of generators, from any trustees in any order", () => {
    const expected = [optionGenerator(1).double().add(optionGenerator(2)).toAffine(), optionGenerator(4).toAffine()];
    expect(combinePartials(SUMS, PARTIALS)).to.deep.equal(expected);
    expect(combinePartials(SUMS, [...partialsOf(SUMS, [1, 4, 16])].reverse())).to.deep.equal(expected);
    expect(decodeCounts({ question: QUESTION, sums: expected, totalWeight: 4n })).to.deep.equal(COUNTS);
  });

  it("gives nothing for a group without votes, and takes sums at infinity", () => {
    const empty = { c1: [undefined, SUMS.c1[1]], c2: [undefined, SUMS.c2[1]] };
    expect(combinePartials(empty, partialsOf(empty, [1, 2, 3]))).to.deep.equal([
      undefined,
      optionGenerator(4).toAffine(),
    ]);
  });

  it("refuses a trustee twice, none, and words that are no points", () => {
    const [first, second, third] = PARTIALS as [(typeof PARTIALS)[0], (typeof PARTIALS)[0], (typeof PARTIALS)[0]];
    throwsCode(() => combinePartials(SUMS, [first, second, second]), "TRUSTEES_INVALID");
    throwsCode(() => combinePartials(SUMS, []), "TRUSTEES_INVALID");
    throwsCode(
      () => combinePartials(SUMS, [first, second, { index: 7, partials: [1n, 1n, 0n, 0n] }]),
      "TRUSTEES_INVALID",
    );
    throwsCode(() => combinePartials(SUMS, [first, second, { ...third, partials: [0n, 0n] }]), "TRUSTEES_INVALID");
  });
});

describe("lagrangeCoefficients", () => {
  it("recovers a polynomial's value at 0", () => {
    const polynomial = (x: bigint) => (scalarOf("a") + scalarOf("b") * x + scalarOf("c") * x * x) % ORDER;
    for (const indices of [
      [1, 2, 3],
      [2, 9, 16],
      [255, 1, 100],
    ]) {
      const coefficients = lagrangeCoefficients(indices);
      const sum = indices.reduce((total, index, i) => total + coefficients[i]! * polynomial(BigInt(index)), 0n);
      expect(sum % ORDER).to.equal(scalarOf("a"));
    }
  });

  it("refuses an index of 0, of 256, or that is no whole number", () => {
    for (const index of [0, 256, -1, 1.5]) throwsCode(() => lagrangeCoefficients([1, index]), "TRUSTEES_INVALID");
  });
});

describe("countArguments", () => {
  it("puts the trustees in order, and everything where the contract wants it", () => {
    const made = countArguments({ question: QUESTION, counts: COUNTS, partials: [...PARTIALS].reverse(), sums: SUMS });
    expect(made.partials).to.deep.equal(PARTIALS);
    expect(made.counts).to.deep.equal(COUNTS);
    expect(made.sums).to.have.length(8);
    expect(made.sums[4]).to.equal(SUMS.c1[1]!.x);
    expect(made.sums[6]).to.equal(SUMS.c2[1]!.x);
    // Three coefficients; Γ_2 and two D, Γ_4 and two D; two inverses.
    expect(made.hints).to.have.length(3 + 6 + 1 + 6 + 1);
    const { x } = optionGenerator(2).toAffine();
    expect(made.hints[3]).to.equal(x);
  });

  it("refuses counts that are not what the sums decrypt to", () => {
    for (const counts of [
      [1n, 2n, 0n, 1n],
      [2n, 1n, 1n, 0n],
      [2n, 0n, 0n, 2n],
    ]) {
      const result = { question: QUESTION, counts, partials: PARTIALS, sums: SUMS };
      throwsCode(() => countArguments(result), "COUNTS_NOT_FOUND");
      expect(countHints(result).closes).to.equal(false);
    }
  });

  it("refuses counts too few or negative, and sums of other groups", () => {
    const result = { question: QUESTION, counts: COUNTS, partials: PARTIALS, sums: SUMS };
    throwsCode(() => countHints({ ...result, counts: COUNTS.slice(1) }), "COUNTS_NOT_FOUND");
    throwsCode(() => countHints({ ...result, counts: [3n, -1n, 1n, 1n] }), "COUNTS_NOT_FOUND");
    throwsCode(() => countHints({ ...result, sums: { c1: [], c2: [] } }), "COUNTS_NOT_FOUND");
  });
});

describe("addToSum", () => {
  function isPoint({ x, y, z }: RunningSum, point: Point): boolean {
    if (z === 0n) return x === 0n && y === 0n && point.is0();
    const affine = point.toAffine();
    return !point.is0() && modPrime(affine.x * z * z) === x && modPrime(affine.y * z ** 3n) === y;
  }

  it("is right where points meet: the same, the opposite, infinity", () => {
    let sum = EMPTY_SUM;
    let plain = Point.ZERO;
    for (const factor of [1n, 1n, -2n, 3n, -3n, 5n, 1n, 6n, -12n, 2n, 7n]) {
      const point = times(Point.BASE, factor);
      sum = addToSum(sum, point.toAffine());
      plain = plain.add(point);
      expect(isPoint(sum, plain), `after ${factor}`).to.equal(true);
    }
  });
});
