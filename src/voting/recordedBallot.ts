import { type CurvePoint, isCurvePoint } from "./curve.js";
import { checkQuestion, type Question } from "./question.js";
import { VotingError } from "./VotingError.js";
import { WORD_BYTES, wordOf } from "./words.js";

/** A ballot as the slot of its voter holds it after the close: the last that was cast. */
export interface RecordedBallot {
  /** The voter's slot: 32 bytes in hexadecimal, with 0x. */
  readonly slotKey: string;
  /** The voter's weight. */
  readonly weight: bigint;
  /** The ciphertexts of all questions: for each group of each question C1 and C2, two words each. */
  readonly ciphertexts: Uint8Array;
}

const MOST_WEIGHT = 2n ** 64n;

/**
 * Reads a recorded ballot's points: C1 and C2 of each group of each question.
 *
 * @throws VotingError BALLOT_LENGTH; BALLOT_POINT; STATEMENT_MALFORMED when the slot is no 32 bytes or the weight not below 2^64
 * @example
 * ```ts
 * const [c1, c2] = pointsOfBallot(ballot, questions);
 * ```
 */
export function pointsOfBallot(
  { slotKey, weight, ciphertexts }: RecordedBallot,
  questions: readonly Question[],
): CurvePoint[] {
  if (!/^0x[0-9a-f]{64}$/i.test(slotKey) || weight < 0n || weight >= MOST_WEIGHT) {
    throw new VotingError("STATEMENT_MALFORMED", `the slot ${slotKey} or its weight ${weight} is malformed`);
  }
  const points = 2 * countGroups(questions);
  if (ciphertexts.length !== 2 * points * WORD_BYTES) {
    const expected = 2 * points * WORD_BYTES;
    throw new VotingError(
      "BALLOT_LENGTH",
      `the ciphertexts of ${slotKey} take ${expected} bytes, not ${ciphertexts.length}`,
    );
  }
  return Array.from({ length: points }, (_, i) => {
    const point = { x: wordOf(ciphertexts, 2 * i), y: wordOf(ciphertexts, 2 * i + 1) };
    if (!isCurvePoint(point)) throw new VotingError("BALLOT_POINT", `point ${i} of the ballot of ${slotKey} is none`);
    return point;
  });
}

/**
 * How many groups all questions have together.
 *
 * @throws VotingError QUESTION_INVALID
 * @example
 * ```ts
 * const groups = countGroups(questions);
 * ```
 */
export function countGroups(questions: readonly Question[]): number {
  return questions.reduce((sum, question) => {
    checkQuestion(question);
    return sum + question.groups;
  }, 0);
}

/**
 * Sorts ballots by their slots, ascending as the contract wants them.
 *
 * @throws VotingError BALLOT_REPEATED when two are of one slot
 * @example
 * ```ts
 * const sorted = sortBallots(ballots);
 * ```
 */
export function sortBallots(ballots: readonly RecordedBallot[]): RecordedBallot[] {
  const keyed = ballots.map((ballot) => ({ ballot, key: ballot.slotKey.toLowerCase() }));
  keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
  for (const [i, { key }] of keyed.entries()) {
    if (i > 0 && key === keyed[i - 1]!.key) throw new VotingError("BALLOT_REPEATED", `the slot ${key} has two ballots`);
  }
  return keyed.map(({ ballot }) => ballot);
}
