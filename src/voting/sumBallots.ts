import { type CurvePoint, Point } from "./curve.js";
import type { Question } from "./question.js";
import { countGroups, pointsOfBallot, type RecordedBallot, sortBallots } from "./recordedBallot.js";

/** The sums of a question's ciphertexts, an entry a group; undefined for infinity. */
export interface QuestionSums {
  /** Sums of the first halves. */
  readonly c1: readonly (CurvePoint | undefined)[];
  /** Sums of the second halves. */
  readonly c2: readonly (CurvePoint | undefined)[];
}

/** The sum of an election's ballots. */
export interface BallotsTotal {
  /** How many ballots. */
  readonly count: number;
  /** The sum of their weights. */
  readonly weight: bigint;
  /** For each question the sums of its ciphertexts. */
  readonly questions: readonly QuestionSums[];
}

/**
 * Adds recorded ballots up, each as often as its weight says. A trustee opens no sum but one computed so, from ballots
 * whose proofs were verified: two partial decryptions of sums that differ by one ballot open that ballot.
 *
 * @throws VotingError BALLOT_REPEATED; what pointsOfBallot throws
 * @example
 * ```ts
 * const { questions: [first] } = sumBallots(ballots, questions);
 * const { partials, proof } = partialDecryption({ ...statement, sums: first.c1 }, share);
 * ```
 */
export function sumBallots(ballots: readonly RecordedBallot[], questions: readonly Question[]): BallotsTotal {
  const sums = Array.from({ length: 2 * countGroups(questions) }, () => Point.ZERO);
  let weight = 0n;
  for (const ballot of sortBallots(ballots)) {
    for (const [i, point] of pointsOfBallot(ballot, questions).entries()) {
      sums[i] = sums[i]!.add(Point.fromAffine({ x: point.x, y: point.y }).multiplyUnsafe(ballot.weight));
    }
    weight += ballot.weight;
  }

  let at = 0;
  const next = () => toPlain(sums[at++]!);
  const ofQuestions = questions.map(({ groups }) => {
    const pairs = Array.from({ length: groups }, () => [next(), next()] as const);
    return { c1: pairs.map(([c1]) => c1), c2: pairs.map(([, c2]) => c2) };
  });
  return { count: ballots.length, weight, questions: ofQuestions };
}

function toPlain(point: Point): CurvePoint | undefined {
  return point.is0() ? undefined : point.toAffine();
}
