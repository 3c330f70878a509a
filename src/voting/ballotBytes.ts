import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";

import { type CurvePoint, isCurvePoint, ORDER } from "./curve.js";
import type { Question } from "./question.js";
import { VotingError } from "./VotingError.js";
import { toWords, WORD_BYTES, wordOf } from "./words.js";

/** A ballot's answer to one question with its proof. Lists have an entry a group, `f` one an option. */
export interface AnswerBlock {
  /** First halves of the ciphertexts. */
  readonly c1: readonly CurvePoint[];
  /** Second halves of the ciphertexts. */
  readonly c2: readonly CurvePoint[];
  /** Addresses that stand for the commitments to the randomness. */
  readonly a1: readonly bigint[];
  /** Commitments to the masks. */
  readonly a2: readonly CurvePoint[];
  /** Commitment to the products of masks and votes. */
  readonly d: CurvePoint;
  /** Commitment to the squares of the masks. */
  readonly e: CurvePoint;
  /** Masked votes. */
  readonly f: readonly bigint[];
  /** Masked randomness of the ciphertexts. */
  readonly z: readonly bigint[];
  /** Masked blinding of the commitments. */
  readonly w: bigint;
}

/**
 * How many words the block of a question has: ciphertexts, then commitments, both hashed to the challenge; then responses.
 *
 * @example
 * ```ts
 * const { committed, responses } = blockWords(question);
 * ```
 */
export function blockWords({ options, groups }: Question): {
  ciphertexts: number;
  committed: number;
  responses: number;
} {
  return { ciphertexts: 4 * groups, committed: 7 * groups + 4, responses: options + groups + 1 };
}

/**
 * Writes what a block's challenge is hashed from: ciphertexts and commitments.
 *
 * @example
 * ```ts
 * const bytes = encodeCommitted({ c1, c2, a1, a2, d, e });
 * ```
 */
export function encodeCommitted(block: Omit<AnswerBlock, "f" | "z" | "w">): Uint8Array {
  const ciphertexts = block.c1.flatMap((c1, group) => [c1, block.c2[group]!]);
  return concatBytes(
    toWords(ciphertexts.flatMap(coordinates)),
    toWords(block.a1),
    toWords([...block.a2, block.d, block.e].flatMap(coordinates)),
  );
}

/**
 * Writes the blocks of a ballot, in the order of the questions.
 *
 * @example
 * ```ts
 * const bytes = encodeBallot(decodeBallot(ballot, questions));
 * ```
 */
export function encodeBallot(blocks: readonly AnswerBlock[]): Uint8Array {
  return concatBytes(
    ...blocks.flatMap((block) => [encodeCommitted(block), toWords([...block.f, ...block.z, block.w])]),
  );
}

/**
 * Splits a ballot into the bytes of its questions.
 *
 * @throws VotingError BALLOT_LENGTH
 * @example
 * ```ts
 * const [first] = splitBallot(ballot, questions);
 * ```
 */
export function splitBallot(ballot: Uint8Array, questions: readonly Question[]): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  let at = 0;
  for (const question of questions) {
    const { committed, responses } = blockWords(question);
    const end = at + (committed + responses) * WORD_BYTES;
    blocks.push(ballot.subarray(at, end));
    at = end;
  }
  if (ballot.length !== at) {
    throw new VotingError("BALLOT_LENGTH", `the ballot has ${ballot.length} bytes, its questions take ${at}`);
  }
  return blocks;
}

/**
 * Reads a ballot. Every number has one encoding only: scalars are below the order, coordinates below the prime.
 *
 * @throws VotingError BALLOT_LENGTH; BALLOT_POINT; BALLOT_ADDRESS; BALLOT_SCALAR
 * @example
 * ```ts
 * const [block] = decodeBallot(ballot, questions);
 * ```
 */
export function decodeBallot(ballot: Uint8Array, questions: readonly Question[]): AnswerBlock[] {
  return splitBallot(ballot, questions).map((block, i) => decodeBlock(block, questions[i]!));
}

/**
 * The hash that the voter's slot keeps: of all ciphertexts and the weight.
 *
 * @param ballot The ballot's bytes.
 * @param questions The election's questions.
 * @param weight The voter's weight.
 * @returns 32 bytes in hexadecimal, with 0x.
 * @throws VotingError BALLOT_LENGTH
 * @example
 * ```ts
 * const isRecorded = (await election.ballotOf(slotKey)) === hashBallot(ballot, questions, weight);
 * ```
 */
export function hashBallot(ballot: Uint8Array, questions: readonly Question[], weight: bigint): string {
  return `0x${bytesToHex(keccak_256(concatBytes(ciphertextsOf(ballot, questions), toWords([weight]))))}`;
}

/**
 * The ciphertexts of a ballot, which come first in the answer to each question.
 *
 * @param ballot The ballot's bytes.
 * @param questions The election's questions.
 * @returns For each group of each question C1 and C2, two words each.
 * @throws VotingError BALLOT_LENGTH
 * @example
 * ```ts
 * const recorded = { slotKey, weight, ciphertexts: ciphertextsOf(ballot, questions) };
 * ```
 */
export function ciphertextsOf(ballot: Uint8Array, questions: readonly Question[]): Uint8Array {
  const parts = splitBallot(ballot, questions).map((block, i) => {
    return block.subarray(0, blockWords(questions[i]!).ciphertexts * WORD_BYTES);
  });
  return concatBytes(...parts);
}

function decodeBlock(bytes: Uint8Array, { options, groups }: Question): AnswerBlock {
  let at = 0;
  const many = <T>(count: number, read: () => T): T[] => Array.from({ length: count }, read);
  const point = (): CurvePoint => {
    const read = { x: wordOf(bytes, at), y: wordOf(bytes, at + 1) };
    if (!isCurvePoint(read)) throw new VotingError("BALLOT_POINT", `words ${at} and ${at + 1} are no point`);
    at += 2;
    return read;
  };
  const address = (): bigint => {
    const read = wordOf(bytes, at);
    if (read === 0n || read >= 2n ** 160n) throw new VotingError("BALLOT_ADDRESS", `word ${at} is no address`);
    at += 1;
    return read;
  };
  const scalar = (): bigint => {
    const read = wordOf(bytes, at);
    if (read >= ORDER) throw new VotingError("BALLOT_SCALAR", `word ${at} is not below the order`);
    at += 1;
    return read;
  };

  const ciphertexts = many(groups, () => [point(), point()] as const);
  return {
    c1: ciphertexts.map(([c1]) => c1),
    c2: ciphertexts.map(([, c2]) => c2),
    a1: many(groups, address),
    a2: many(groups, point),
    d: point(),
    e: point(),
    f: many(options, scalar),
    z: many(groups, scalar),
    w: scalar(),
  };
}

function coordinates({ x, y }: CurvePoint): [bigint, bigint] {
  return [x, y];
}
