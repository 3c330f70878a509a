import { expect } from "chai";

import { type AccumulationProgress, accumulationChunks, NO_PROGRESS } from "../../src/voting/accumulationChunks.js";
import { type CurvePoint, Point } from "../../src/voting/curve.js";
import { blindingGenerator } from "../../src/voting/generators.js";
import type { Question } from "../../src/voting/question.js";
import type { RecordedBallot } from "../../src/voting/recordedBallot.js";
import { sumBallots } from "../../src/voting/sumBallots.js";
import { VotingError } from "../../src/voting/VotingError.js";
import { randomOf } from "../helpers/random.js";
import { questionOf } from "./ballots.js";
import { ballotIn, slotKeyOf } from "./tallies.js";

const QUESTIONS = [questionOf(3, { groups: 2 }), questionOf(2)];

function ballotsOf(count: number, weight: (i: number) => bigint = () => 1n): RecordedBallot[] {
  return Array.from({ length: count }, (_, i) => ballotIn(i, QUESTIONS, [[i % 3], [i % 2]], weight(i)));
}

/** The points that a progress stands for, K taken off. */
function pointsOf({ sums }: AccumulationProgress): Point[] {
  return Array.from({ length: sums.length / 3 }, (_, i) => {
    const [x, y, z] = sums.slice(3 * i, 3 * i + 3) as [bigint, bigint, bigint];
    const inverse = Point.Fp.inv(z);
    const square = Point.Fp.sqr(inverse);
    const point = { x: Point.Fp.mul(x, square), y: Point.Fp.mul(y, Point.Fp.mul(square, inverse)) };
    return Point.fromAffine(point).subtract(blindingGenerator());
  });
}

function toPoint(point: CurvePoint | undefined): Point {
  return point === undefined ? Point.ZERO : Point.fromAffine(point);
}

describe("accumulationChunks", () => {
  it("sorts ballots, and sums them up chunk by chunk", () => {
    const random = randomOf(3);
    const ballots = ballotsOf(7, () => BigInt(random.below(5)));
    const shuffled = [...ballots].sort(() => random.below(3) - 1);
    const chunks = [...accumulationChunks({ questions: QUESTIONS, ballots: shuffled, size: 3 })];
    expect(chunks.map(({ next }) => next.count)).to.deep.equal([3n, 6n, 7n]);
    expect(chunks[0]!.progress).to.equal(NO_PROGRESS);
    for (const [i, { next }] of chunks.entries()) {
      const summed = ballots.slice(0, 3 * (i + 1));
      const { weight, questions } = sumBallots(summed, QUESTIONS);
      const expected = questions.flatMap(({ c1, c2 }) => c1.flatMap((first, group) => [first, c2[group]]));
      expect(next.weight).to.equal(weight);
      expect(next.last).to.equal(summed.at(-1)!.slotKey);
      expect(pointsOf(next).map((point, j) => point.equals(toPoint(expected[j])))).to.deep.equal(
        expected.map(() => true),
      );
      if (i > 0) expect(chunks[i]!.progress).to.equal(chunks[i - 1]!.next);
    }
  });

  it("writes multiples only for a weight above 1", () => {
    const length = (weight: bigint) => {
      const [chunk] = accumulationChunks({ questions: QUESTIONS, ballots: ballotsOf(1, () => weight), size: 1 });
      return chunk!.entries.length;
    };
    // Three groups in all.
    expect([0n, 1n, 2n].map(length)).to.deep.equal([64 + 384, 64 + 384, 64 + 768]);
  });

  it("goes on from a progress as if it had never stopped", () => {
    const ballots = ballotsOf(5);
    const all = [...accumulationChunks({ questions: QUESTIONS, ballots, size: 2 })];
    const rest = accumulationChunks({ questions: QUESTIONS, ballots, size: 2, progress: all[0]!.next });
    expect([...rest]).to.deep.equal(all.slice(1));
    const none = accumulationChunks({ questions: QUESTIONS, ballots, size: 2, progress: all[2]!.next });
    expect([...none]).to.deep.equal([]);
  });

  it("begins with the slot zero, and passes it over when it was summed", () => {
    const ballots = ballotsOf(2);
    expect(ballots[0]!.slotKey).to.equal(NO_PROGRESS.last);
    const [first, second] = [...accumulationChunks({ questions: QUESTIONS, ballots, size: 1 })];
    expect(first!.next.count).to.equal(1n);
    const rest = [...accumulationChunks({ questions: QUESTIONS, ballots, size: 1, progress: first!.next })];
    expect(rest).to.deep.equal([second]);
  });

  it("takes keys in upper case", () => {
    const ballots = ballotsOf(2).map((ballot, i) => ({
      ...ballot,
      slotKey: i === 0 ? `0x${"AB".repeat(32)}` : `0x${"aa".repeat(32)}`,
    }));
    const [chunk] = accumulationChunks({ questions: QUESTIONS, ballots, size: 2 });
    expect(chunk!.next.last).to.equal(ballots[0]!.slotKey);
  });

  const [ballot] = ballotsOf(1) as [RecordedBallot];
  const refused: [what: string, code: string, ballots: RecordedBallot[], size?: number, questions?: Question[]][] = [
    [
      "two ballots of a slot",
      "BALLOT_REPEATED",
      [ballot, { ...ballot, slotKey: ballot.slotKey.toUpperCase().replace("X", "x") }],
    ],
    ["chunks of nothing", "CHUNK_SIZE", [ballot], 0],
    ["chunks of half a ballot", "CHUNK_SIZE", [ballot], 0.5],
    ["ciphertexts of other questions", "BALLOT_LENGTH", [ballot], 1, [questionOf(2)]],
    ["ciphertexts that are no points", "BALLOT_POINT", [{ ...ballot, ciphertexts: new Uint8Array(384) }]],
    ["a slot that is no word", "STATEMENT_MALFORMED", [{ ...ballot, slotKey: "0x01" }]],
    ["a weight of 65 bits", "STATEMENT_MALFORMED", [{ ...ballot, weight: 2n ** 64n }]],
    ["a negative weight", "STATEMENT_MALFORMED", [{ ...ballot, weight: -1n }]],
    ["a question of one option", "QUESTION_INVALID", [ballot], 1, [questionOf(1)]],
  ];
  for (const [what, code, ballots, size = 1, questions = QUESTIONS] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => [...accumulationChunks({ questions, ballots, size })])
        .to.throw(VotingError)
        .with.property("code", code);
    });
  }
});

describe("sumBallots", () => {
  it("adds ballots up as often as their weights say, in any order", () => {
    const ballots = ballotsOf(4, (i) => BigInt(i));
    const total = sumBallots(ballots, QUESTIONS);
    expect(total.count).to.equal(4);
    expect(total.weight).to.equal(6n);
    expect(sumBallots([...ballots].reverse(), QUESTIONS)).to.deep.equal(total);
    // A weight of 3 is three ballots of weight 1.
    const apart = [1, 2, 2, 3, 3, 3].map((i, at) => ({ ...ballots[i]!, weight: 1n, slotKey: slotKeyOf(at) }));
    expect(sumBallots(apart, QUESTIONS).questions).to.deep.equal(total.questions);
  });

  it("says nothing for infinity", () => {
    const { questions, count } = sumBallots([], QUESTIONS);
    expect(count).to.equal(0);
    expect(questions).to.deep.equal([
      { c1: [undefined, undefined], c2: [undefined, undefined] },
      { c1: [undefined], c2: [undefined] },
    ]);
  });

  it("refuses two ballots of a slot", () => {
    const [ballot] = ballotsOf(1) as [RecordedBallot];
    expect(() => sumBallots([ballot, ballot], QUESTIONS))
      .to.throw(VotingError)
      .with.property("code", "BALLOT_REPEATED");
  });
});
