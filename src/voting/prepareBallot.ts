import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, randomBytes } from "@noble/hashes/utils.js";

import { type AnswerBlock, encodeBallot, encodeCommitted, hashBallot } from "./ballotBytes.js";
import { addressOfPoint, modOrder, Point } from "./curve.js";
import { blindingGenerator, keyWithTable, optionGenerator } from "./generators.js";
import { hedgedScalars, type RandomSource } from "./hedgedScalars.js";
import { optionsOfGroup, type Question } from "./question.js";
import { type BallotStatement, checkStatement } from "./statement.js";
import { challengeDigest, challengeOf } from "./transcript.js";
import { VotingError } from "./VotingError.js";
import { toWords } from "./words.js";

/** What a ballot is made of. */
export interface BallotRequest {
  readonly statement: BallotStatement;
  /** For each question, whether each of its options is chosen. */
  readonly votes: readonly (readonly boolean[])[];
  /**
   * At least 16 bytes that only the voter's device knows and that do not change, as of its key. They guard the vote should the
   * system's generator fail.
   */
  readonly secret: Uint8Array;
}

/** What opens an answer's ciphertexts. Whoever has it knows the vote. */
export interface AnswerOpening {
  /** The randomness of each group's ciphertext. */
  readonly randomness: readonly bigint[];
  /** Whether each option is chosen. */
  readonly vote: readonly boolean[];
}

/** A ballot, ready to be cast or audited. */
export interface PreparedBallot {
  /** What is cast: ciphertexts and proofs. */
  readonly bytes: Uint8Array;
  /** What the voter signs, and the slot keeps. */
  readonly ballotHash: string;
  /** For an audit of a ballot that is then not cast. To be forgotten with a ballot that is. */
  readonly openings: readonly AnswerOpening[];
}

const SECRET_BYTES = 16;

/**
 * Encrypts a vote and proves that it is one: the bit commitments of Bootle, Cerulli, Chaidos, Ghadafi, Groth and Petit
 * ("Short accountable ring signatures based on DDH", ESORICS 2015) over ElGamal. All randomness is fresh in each call. To send a
 * ballot again, send the same bytes again: two proofs with one randomness would reveal the vote, so none is ever kept.
 *
 * @param request Statement, vote and the device's secret.
 * @param random The system's generator; another only in tests that must repeat themselves.
 * @throws VotingError VOTE_INVALID; SECRET_TOO_SHORT; STATEMENT_MALFORMED; QUESTION_INVALID
 * @example
 * ```ts
 * const ballot = prepareBallot({ statement, votes: [[false, true, false]], secret });
 * const { hints } = foldHints([{ statement, bytes: ballot.bytes }]);
 * const key = { x: statement.key.x, parity: statement.key.y & 1n };
 * await election.cast(key, entry.slotKey, entry.weight, rollProof(roll, entry.slotKey), ballot.bytes, hints);
 * ```
 */
export function prepareBallot(request: BallotRequest, random: RandomSource = randomBytes): PreparedBallot {
  const { statement, votes, secret } = request;
  checkStatement(statement);
  checkVotes(statement.questions, votes);
  if (secret.length < SECRET_BYTES) {
    throw new VotingError("SECRET_TOO_SHORT", `the secret has ${secret.length} bytes, ${SECRET_BYTES} are the least`);
  }

  const draw = hedgedScalars(random, contextOf(request));
  const answers = votes.map((vote, index) => {
    for (;;) {
      const answer = tryAnswer(statement, index, vote, draw);
      if (answer !== undefined) return answer;
    }
  });
  const bytes = encodeBallot(answers.map(({ block }) => block));
  return {
    bytes,
    ballotHash: hashBallot(bytes, statement.questions, statement.weight),
    openings: answers.map(({ opening }) => opening),
  };
}

function checkVotes(questions: readonly Question[], votes: BallotRequest["votes"]): void {
  if (votes.length !== questions.length) {
    throw new VotingError("VOTE_INVALID", `${votes.length} votes do not answer ${questions.length} questions`);
  }
  for (const [i, { options, selections, approval }] of questions.entries()) {
    const vote = votes[i]!;
    if (vote.length !== options) {
      throw new VotingError("VOTE_INVALID", `question ${i} has ${options} options, its vote ${vote.length}`);
    }
    const chosen = vote.filter(Boolean).length;
    if (!approval && chosen !== selections) {
      throw new VotingError("VOTE_INVALID", `question ${i} wants ${selections} of its options chosen, not ${chosen}`);
    }
  }
}

/** All that tells this ballot from another, hashed with the device's secret. */
function contextOf({ statement, votes, secret }: BallotRequest): Uint8Array {
  const { chainId, contract, configuration, slotKey, weight, key, questions } = statement;
  const rules = questions.flatMap((question) => {
    return [question.options, question.selections, question.groups, Number(question.approval)].map(BigInt);
  });
  const words = [chainId, BigInt(contract), BigInt(configuration), BigInt(slotKey), weight, key.x, key.y, ...rules];
  const bits = votes.map((vote) => BigInt(`0b1${vote.map(Number).join("")}`));
  return sha512(concatBytes(toWords([BigInt(secret.length)]), secret, toWords(words), toWords(bits)));
}

/** One answer, or nothing where a scalar came out as zero or a point as infinity, which no ballot can hold. */
function tryAnswer(
  statement: BallotStatement,
  index: number,
  vote: readonly boolean[],
  draw: () => bigint,
): { block: AnswerBlock; opening: AnswerOpening } | undefined {
  const question = statement.questions[index]!;
  const H = keyWithTable(statement.key);
  const K = blindingGenerator();
  const groups = Array.from({ length: question.groups }, (_, group) => optionsOfGroup(question, group));
  const bits = vote.map((isChosen) => (isChosen ? 1n : 0n));

  const r = groups.map(draw);
  const alpha = groups.map(draw);
  const [gamma, delta] = [draw(), draw()];
  const a = drawMasks(question, draw);
  const squares = a.map((mask) => modOrder(mask * mask));
  if ([...r, ...alpha, gamma, delta, ...a].includes(0n)) return undefined;

  const masks = a.map((mask, j) => optionGenerator(j + 1).multiply(mask));
  // A point is added for each option, chosen or not, so that the time taken does not tell which.
  const votes = vote.map((isChosen, j) => (isChosen ? optionGenerator(j + 1) : Point.ZERO));
  const products = masks.map((mask, j) => (vote[j] ? mask.negate() : mask));

  const c2 = groups.map(([from, end], i) => sumOf([H.multiply(r[i]!), ...votes.slice(from, end)]));
  const a2 = groups.map(([from, end], i) => sumOf([H.multiply(alpha[i]!), ...masks.slice(from, end)]));
  const d = sumOf([K.multiply(gamma), ...products]);
  const e = sumOf([
    K.multiply(delta),
    ...squares.map((square, j) =>
      optionGenerator(j + 1)
        .multiply(square)
        .negate(),
    ),
  ]);
  if ([...c2, ...a2, d, e].some((point) => point.is0())) return undefined;

  const committed = {
    c1: r.map((scalar) => Point.BASE.multiply(scalar).toAffine()),
    c2: c2.map((point) => point.toAffine()),
    a1: alpha.map((scalar) => addressOfPoint(Point.BASE.multiply(scalar).toAffine())),
    a2: a2.map((point) => point.toAffine()),
    d: d.toAffine(),
    e: e.toAffine(),
  };
  const x = challengeOf(challengeDigest(statement, index, encodeCommitted(committed)));
  const f = bits.map((bit, j) => modOrder(bit * x + a[j]!));
  const z = groups.map((_, i) => modOrder(r[i]! * x + alpha[i]!));
  const w = modOrder(gamma * x + delta);
  if ([...f, ...z, w].includes(0n)) return undefined;
  return { block: { ...committed, f, z, w }, opening: { randomness: r, vote: [...vote] } };
}

/**
 * The masks of the votes. Their sum is zero where the number of votes is proved. In approval voting it must not be: the
 * responses' sum would tell how many options were approved.
 */
function drawMasks({ options, approval }: Question, draw: () => bigint): bigint[] {
  const masks = Array.from({ length: options }, draw);
  if (approval) return masks;
  const others = masks.slice(0, -1);
  return [...others, modOrder(-others.reduce((sum, mask) => sum + mask, 0n))];
}

function sumOf(points: readonly Point[]): Point {
  return points.reduce((sum, point) => sum.add(point));
}
