import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";

import { generatorPoint } from "../../src/voting/verifier/generatorPoints.js";
import type { Replay } from "../../src/voting/verifier/Replay.js";
import { beginStep, type Step } from "../../src/voting/verifier/Report.js";
import { verifyResults } from "../../src/voting/verifier/verifyResults.js";

const { Point } = secp256k1;

/** The steps of a question's result whose counts are known, from events alone: what the sums hide is zero, so each opens itself. */
function verify(
  groups: number,
  counts: readonly bigint[],
  blanks: number,
  reported: readonly bigint[],
  weight: bigint,
  approval = false,
) {
  const words = Array.from({ length: groups }, (_, group) => {
    const [first, end] = [group, group + 1].map((i) => Math.floor((i * counts.length) / groups)) as [number, number];
    const sum = counts.slice(first, end).reduce((total, count, i) => {
      const generator = Point.fromAffine(generatorPoint(String(first + i + 1))!);
      return count === 0n ? total : total.add(generator.multiply(count));
    }, Point.ZERO);
    const { x, y } = sum.toAffine();
    return sum.is0() ? [0n, 0n, 0n, 0n] : [0n, 0n, x, y];
  }).flat();
  const fixed = { name: "TallyFixed", place: 0, args: { ballots: weight, weight, sums: words } };
  const published = {
    ...{ name: "ResultPublished", place: 1, log: { transactionHash: "0x" } },
    args: { question: 0n, ballots: weight, weight, counts: reported },
  };
  const replay = {
    events: [fixed, published],
    questions: [{ options: counts.length, groups, selections: approval ? 0 : blanks, approval }],
    blanks: [blanks],
    trustees: { threshold: 1 },
    transcript: { calls: [] },
  };
  const steps: Step[] = [];
  const none = new Map([[1, Array<undefined>(groups).fill(undefined)]]);
  const context = { fixed: fixed as never, partials: [none] as never };
  const results = verifyResults(replay as unknown as Replay, context, beginStep(steps, "results"));
  return { results, faults: steps.filter(({ ok }) => !ok).map(({ detail }) => detail) };
}

describe("verifyResults, with blank options whose counts are in no call at hand", () => {
  const VOTES = 2_000n;
  const NAMED = [900n, 1_700n, 800n];
  const BLANK = [1_300n, 700n, 600n];
  const REPORTED = [...NAMED, 2_600n];

  for (const groups of [1, 2, 3, 6]) {
    it(`finds the result right: three of six options, of 2,000 votes in ${groups} groups`, function () {
      // A group of three blank options is searched for a square of the votes, so there are fewer.
      const few = groups < 3;
      const [counts, reported, votes] = few
        ? [[9n, 17n, 8n, 13n, 7n, 6n], [9n, 17n, 8n, 26n], 20n]
        : [[...NAMED, ...BLANK], REPORTED, VOTES];
      expect(verify(groups, counts, 3, reported, votes)).to.deep.equal({
        results: [{ question: 0, counts: reported }],
        faults: [],
      });
      const moved = [reported[0]! - 1n, ...reported.slice(1, 3), reported[3]! + 1n];
      const { faults } = verify(groups, counts, 3, moved, votes);
      expect(faults.join()).to.match(/the counts are not what the sum of group 0 decrypts to/);
    });
  }

  // Nothing else tells: where any number may be chosen, no sum is known before.
  it("finds a wrong total of blank options in approval voting", () => {
    const counts = [9n, 17n, 6n, 7n];
    expect(verify(2, counts, 2, [9n, 17n, 13n], 20n, true).faults).to.deep.equal([]);
    expect(verify(2, counts, 2, [9n, 17n, 14n], 20n, true).faults.join()).to.match(/do not add up to what is reported/);
  });

  it("says what it cannot search", () => {
    const { faults } = verify(1, [...NAMED, ...BLANK], 3, REPORTED, VOTES);
    expect(faults.join()).to.match(/too many to be searched/);
  });
});
