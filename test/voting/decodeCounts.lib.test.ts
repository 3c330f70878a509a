import { expect } from "chai";

import { type CurvePoint, Point } from "../../src/voting/curve.js";
import { decodeCounts } from "../../src/voting/decodeCounts.js";
import { optionGenerator } from "../../src/voting/generators.js";
import { optionsOfGroup, type Question } from "../../src/voting/question.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { randomOf } from "../helpers/random.js";
import { questionOf } from "./ballots.js";

/** What a group's sum decrypts to. */
function sumsOf(question: Question, counts: readonly bigint[]): (CurvePoint | undefined)[] {
  return Array.from({ length: question.groups }, (_, group) => {
    const [from, end] = optionsOfGroup(question, group);
    const sum = counts.slice(from, end).reduce((point, count, j) => {
      return point.add(optionGenerator(from + j + 1).multiplyUnsafe(count));
    }, Point.ZERO);
    return sum.is0() ? undefined : sum.toAffine();
  });
}

describe("decodeCounts", () => {
  it("finds random counts in every layout, with the total known and not", () => {
    const random = randomOf(7);
    for (let options = 2; options <= 6; options++) {
      for (let groups = 1; groups <= options; groups++) {
        for (const approval of [false, true]) {
          const totalWeight = options - groups > 3 ? 12 : 60;
          const question = questionOf(options, { groups, approval });
          const counts = Array.from({ length: options }, () => 0);
          for (let vote = 0; vote < totalWeight; vote++) {
            if (!approval) counts[random.below(options)]! += 1;
            else for (let j = 0; j < options; j++) counts[j]! += random.below(2);
          }
          const expected = counts.map(BigInt);
          const request = { question, sums: sumsOf(question, expected), totalWeight: BigInt(totalWeight) };
          expect(decodeCounts(request), JSON.stringify(question)).to.deep.equal(expected);
        }
      }
    }
  });

  const extremes: [what: string, question: Question, weight: bigint, counts: bigint[]][] = [
    ["an option with all votes", questionOf(3), 50n, [50n, 0n, 0n]],
    ["all votes for the last", questionOf(3), 50n, [0n, 0n, 50n]],
    ["all votes for each", questionOf(3, { approval: true }), 50n, [50n, 50n, 50n]],
    ["all chosen by all", questionOf(3, { selections: 3 }), 50n, [50n, 50n, 50n]],
    ["no approval at all", questionOf(3, { approval: true }), 50n, [0n, 0n, 0n]],
    ["a group without votes", questionOf(4, { groups: 2 }), 50n, [0n, 0n, 20n, 30n]],
    ["no ballot at all", questionOf(4), 0n, [0n, 0n, 0n, 0n]],
    ["counts beyond one piece", questionOf(2, { approval: true }), 9_000n, [8_192n, 4_096n]],
    ["a hundred million for one", questionOf(2, { groups: 2 }), 100_000_000n, [99_999_999n, 1n]],
    ["two of three chosen", questionOf(3, { selections: 2 }), 50n, [50n, 49n, 1n]],
  ];
  for (const [what, question, totalWeight, counts] of extremes) {
    it(`finds ${what}`, () => {
      expect(decodeCounts({ question, sums: sumsOf(question, counts), totalWeight })).to.deep.equal(counts);
    });
  }

  it("finds the result of 100,000 ballots with three options", () => {
    const question = questionOf(3);
    const counts = [1_234n, 98_765n, 1n];
    expect(decodeCounts({ question, sums: sumsOf(question, counts), totalWeight: 100_000n })).to.deep.equal(counts);
  });

  it("reports its progress up to the end, never backwards", () => {
    const reports: [number, number][] = [];
    const question = questionOf(2, { approval: true });
    decodeCounts({
      question,
      sums: sumsOf(question, [9_999n, 9_999n]),
      totalWeight: 10_000n,
      onProgress: (done, total) => reports.push([done, total]),
    });
    expect(reports.length).to.be.greaterThan(3);
    expect(reports[0]).to.deep.equal([0, 20_002]);
    for (const [i, [done, total]] of reports.entries()) {
      expect(total).to.equal(20_002);
      if (i > 0) expect(done).to.be.greaterThan(reports[i - 1]![0]);
    }
  });

  const refused: [what: string, code: string, request: Parameters<typeof decodeCounts>[0]][] = [
    [
      "a count above the total weight",
      "COUNTS_NOT_FOUND",
      {
        question: questionOf(2, { groups: 2 }),
        sums: sumsOf(questionOf(2, { groups: 2 }), [11n, 0n]),
        totalWeight: 10n,
      },
    ],
    [
      "a count of approvals above the total weight",
      "COUNTS_NOT_FOUND",
      {
        question: questionOf(2, { groups: 2, approval: true }),
        sums: sumsOf(questionOf(2, { groups: 2 }), [11n, 0n]),
        totalWeight: 10n,
      },
    ],
    [
      "a last count below zero",
      "COUNTS_NOT_FOUND",
      {
        question: questionOf(3, { groups: 2 }),
        sums: sumsOf(questionOf(3, { groups: 2 }), [6n, 5n, Point.Fn.ORDER - 1n]),
        totalWeight: 10n,
      },
    ],
    [
      "a sum beside the curve",
      "COUNTS_NOT_FOUND",
      { question: questionOf(2), sums: [{ x: 1n, y: 1n }], totalWeight: 10n },
    ],
    [
      "counts of another total",
      "COUNTS_NOT_FOUND",
      { question: questionOf(3), sums: sumsOf(questionOf(3), [3n, 3n, 3n]), totalWeight: 10n },
    ],
    [
      "a negative count",
      "COUNTS_NOT_FOUND",
      {
        question: questionOf(2),
        sums: sumsOf(questionOf(2), [Point.Fn.ORDER - 1n, 11n]),
        totalWeight: 10n,
      },
    ],
    [
      "a last count above the total weight",
      "COUNTS_NOT_FOUND",
      {
        question: questionOf(3, { selections: 2 }),
        sums: sumsOf(questionOf(3), [5n, 4n, 11n]),
        totalWeight: 10n,
      },
    ],
    [
      "a sum that is no result",
      "COUNTS_NOT_FOUND",
      { question: questionOf(2), sums: [{ ...Point.BASE.multiply(2n ** 200n).toAffine() }], totalWeight: 10n },
    ],
    ["a sum too few", "COUNTS_NOT_FOUND", { question: questionOf(2), sums: [], totalWeight: 10n }],
    [
      "ten options of a million ballots in one group",
      "COUNTS_OUT_OF_REACH",
      { question: questionOf(10), sums: [undefined], totalWeight: 1_000_000n },
    ],
    [
      "a weight of 60 bits",
      "COUNTS_OUT_OF_REACH",
      { question: questionOf(2), sums: [undefined], totalWeight: 2n ** 60n },
    ],
  ];
  for (const [what, code, request] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => decodeCounts(request))
        .to.throw(VotingError)
        .with.property("code", code);
    });
  }
});
