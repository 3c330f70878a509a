import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { blockWords } from "./ballotBytes.js";
import { modOrder } from "./curve.js";
import type { BallotStatement } from "./statement.js";
import { VotingError } from "./VotingError.js";
import { toWords, WORD_BYTES, wordOf } from "./words.js";

const TAG = utf8ToBytes("diwan/ballot/v1");

/** One answer as it enters a fold. */
export interface FoldPart {
  /** What the answer's challenge is, before it is taken modulo the order. */
  readonly digest: Uint8Array;
  /** The answer's responses. */
  readonly responses: Uint8Array;
}

/**
 * Hashes what an answer's challenge depends on: the election, the voter, the question, and all that the prover committed to.
 *
 * @param statement The ballot's statement.
 * @param index The question's index.
 * @param block The answer's bytes, with or without its responses.
 * @example
 * ```ts
 * const digest = challengeDigest(statement, 0, block);
 * ```
 */
export function challengeDigest(statement: BallotStatement, index: number, block: Uint8Array): Uint8Array {
  const question = statement.questions[index]!;
  const header = toWords([
    statement.chainId,
    BigInt(statement.contract),
    BigInt(statement.configuration),
    BigInt(index),
    BigInt(statement.slotKey),
    statement.weight,
    BigInt(question.options),
    BigInt(question.groups),
    BigInt(question.selections),
    question.approval ? 1n : 0n,
  ]);
  const committed = block.subarray(0, blockWords(question).committed * WORD_BYTES);
  return keccak_256(concatBytes(keccak_256(TAG), header, committed));
}

/**
 * The challenge of a digest.
 *
 * @throws VotingError CHALLENGE_ZERO, once in 2^256.
 * @example
 * ```ts
 * const x = challengeOf(challengeDigest(statement, 0, block));
 * ```
 */
export function challengeOf(digest: Uint8Array): bigint {
  const challenge = modOrder(wordOf(digest, 0));
  if (challenge === 0n) throw new VotingError("CHALLENGE_ZERO", "the challenge is zero");
  return challenge;
}

/**
 * The seed of a fold's weights. It hashes all responses too, so that no response can be chosen after the weights.
 *
 * @example
 * ```ts
 * const seed = foldSeed(parts);
 * ```
 */
export function foldSeed(parts: readonly FoldPart[]): Uint8Array {
  return keccak_256(concatBytes(...parts.flatMap(({ digest, responses }) => [digest, responses])));
}

/**
 * The weight of an equation in a fold.
 *
 * @param seed The fold's seed.
 * @param item The answer's index in the fold.
 * @param equation The group of an equation (2); the number of groups for equation (3).
 * @example
 * ```ts
 * const rho = foldWeight(seed, 0, question.groups);
 * ```
 */
export function foldWeight(seed: Uint8Array, item: number, equation: number): bigint {
  if (item === 0 && equation === 0) return 1n;
  return modOrder(wordOf(keccak_256(concatBytes(seed, toWords([BigInt(item), BigInt(equation)]))), 0));
}
