import { concat, getBytes, hexlify, id, keccak256, toBeHex } from "ethers";

import { Point } from "../../src/voting/curve.js";
import type { RandomSource } from "../../src/voting/hedgedScalars.js";
import { type PreparedBallot, prepareBallot } from "../../src/voting/prepareBallot.js";
import type { Question } from "../../src/voting/question.js";
import type { BallotStatement } from "../../src/voting/statement.js";
import { randomOf } from "../helpers/random.js";

/** The order of the curve's group. */
export const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The logarithm of the tests' election key, which in an election nobody knows. */
export const KEY_LOGARITHM = BigInt(id("key")) % ORDER;

/** The tests' election key. */
const KEY = Point.BASE.multiply(KEY_LOGARITHM).toAffine();

/** Stands for the secret of a voter's device. */
export const SECRET = getBytes(id("secret"));

/** A statement about questions; the rest is some election's. */
export function statementOf(
  questions: readonly Question[],
  change: Partial<Omit<BallotStatement, "questions">> = {},
): BallotStatement {
  return {
    chainId: 31_337n,
    contract: `0x${id("contract").slice(26)}`,
    configuration: id("configuration"),
    slotKey: id("slot"),
    weight: 1n,
    key: KEY,
    questions,
    ...change,
  };
}

/** A question whose options make one group, one of them to be chosen, where nothing else is said. */
export function questionOf(options: number, change: Partial<Question> = {}): Question {
  return { options, selections: change.approval ? 0 : 1, groups: 1, approval: false, ...change };
}

/** A system's generator that says the same in every run. */
function sourceOf(seed: string): RandomSource {
  let counter = 0;
  return (length) => {
    counter += 1;
    return getBytes(keccak256(concat([id(seed), toBeHex(counter, 32)]))).slice(0, length);
  };
}

/** A vote that a question allows, the same for the same seed. */
export function voteOf({ options, selections, approval }: Question, seed: number): boolean[] {
  const random = randomOf(seed);
  if (approval) return Array.from({ length: options }, () => random.below(2) === 1);
  const order = Array.from({ length: options }, (_, j) => j);
  for (let j = options - 1; j > 0; j--) {
    const other = random.below(j + 1);
    [order[j], order[other]] = [order[other]!, order[j]!];
  }
  return Array.from({ length: options }, (_, j) => order.indexOf(j) < selections);
}

/** A ballot of some vote, the same for the same seed. */
export function ballotOf(statement: BallotStatement, seed = 1): PreparedBallot {
  const votes = statement.questions.map((question, i) => voteOf(question, seed + i));
  return prepareBallot({ statement, votes, secret: SECRET }, sourceOf(`${seed}`));
}

/** Bytes with one word written anew. */
export function withWord(bytes: Uint8Array, index: number, word: bigint): Uint8Array {
  const changed = bytes.slice();
  changed.set(getBytes(toBeHex(word, 32)), 32 * index);
  return changed;
}

/** One word of bytes. */
export function wordAt(bytes: Uint8Array, index: number): bigint {
  return BigInt(hexlify(bytes.subarray(32 * index, 32 * (index + 1))));
}
