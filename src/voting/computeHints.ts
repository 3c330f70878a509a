import { normalizeZ } from "@noble/curves/abstract/curve.js";

import { type AnswerBlock, blockWords, decodeBallot, splitBallot } from "./ballotBytes.js";
import { type CurvePoint, modOrder, modPrime, Point } from "./curve.js";
import { blindingGenerator, keyWithTable, optionGenerator } from "./generators.js";
import { optionsOfGroup, type Question } from "./question.js";
import { type BallotStatement, checkStatement } from "./statement.js";
import { challengeDigest, challengeOf, foldSeed, foldWeight } from "./transcript.js";
import { VotingError } from "./VotingError.js";
import { toWords, WORD_BYTES } from "./words.js";

/** A ballot with what it claims to be a ballot of. */
export interface BallotOfVoter {
  readonly statement: BallotStatement;
  readonly bytes: Uint8Array;
}

/** What the contract is given to check a fold, and whether it will find the fold's sum to be infinity. */
export interface ComputedHints {
  /** The points that the contract adds, in its order, then the inverse of the sum's Z. */
  readonly hints: Uint8Array;
  /** Whether equations (2) and (3) of all ballots hold. Equations (1) and (4) are no part of a fold. */
  readonly closes: boolean;
}

/** A point and what it is multiplied by in the fold. */
interface Term {
  readonly point: Point;
  readonly factor: bigint;
}

interface Fold {
  readonly start: CurvePoint;
  readonly terms: readonly Term[];
  readonly last: Point;
}

/**
 * Computes what the contract is given to check the proofs of one ballot or several: each product of a point in the folded
 * equations (2) and (3), which it compares with ecrecover's answer and adds, and at the end the inverse of the sum's Z.
 *
 * @param ballots Ballots of one election, in the order in which they are sent.
 * @throws VotingError BATCH_MIXED when keys differ or there is no ballot; HINT_IMPOSSIBLE when a product is infinity or a sum
 * has the x-coordinate of what is added to it, which no ballot made by prepareBallot runs into; what decodeBallot throws.
 * @example
 * ```ts
 * const { hints, closes } = computeHints([{ statement, bytes }]);
 * ```
 */
export function computeHints(ballots: readonly BallotOfVoter[]): ComputedHints {
  const { start, terms, last } = foldOf(ballots);
  const products = terms.map(({ point, factor }) => point.multiplyUnsafe(factor));
  if (products.some((point) => point.is0())) {
    throw new VotingError("HINT_IMPOSSIBLE", "a product of the fold is infinity, which has no hint");
  }
  const hints = normalizeZ(Point, products).map((point) => point.toAffine());

  let sum = { X: start.x, Y: start.y, Z: 1n };
  for (const hint of hints) sum = addMixed(sum, hint);
  const zInverse = Point.Fp.inv(sum.Z);
  return {
    hints: toWords([...hints.flatMap(({ x, y }) => [x, y]), zInverse]),
    closes: new Point(modPrime(sum.X * sum.Z), sum.Y, modPrime(sum.Z ** 3n)).add(last).is0(),
  };
}

/** The folded equations: the point that the sum starts with, the products in the contract's order, and the last of them. */
function foldOf(ballots: readonly BallotOfVoter[]): Fold {
  const [first] = ballots;
  if (first === undefined) throw new VotingError("BATCH_MIXED", "a batch has at least one ballot");
  const { key } = first.statement;
  if (ballots.some(({ statement }) => statement.key.x !== key.x || statement.key.y !== key.y)) {
    throw new VotingError("BATCH_MIXED", "the ballots of a batch are of one election");
  }

  const items = ballots.flatMap(itemsOf);
  const seed = foldSeed(items);
  const fixed = new FixedTerms();
  const terms: Term[] = [];
  for (const [t, { question, block, x }] of items.entries()) {
    for (let group = 0; group < question.groups; group++) {
      const rho = foldWeight(seed, t, group);
      terms.push({ point: pointOf(block.c2[group]!), factor: modOrder(rho * x) });
      if (t > 0 || group > 0) terms.push({ point: pointOf(block.a2[group]!), factor: rho });
      fixed.addKey(rho * block.z[group]!);
      const [from, end] = optionsOfGroup(question, group);
      for (let j = from; j < end; j++) fixed.addOption(j, rho * block.f[j]!);
    }
    const rho = foldWeight(seed, t, question.groups);
    terms.push({ point: pointOf(block.d), factor: modOrder(rho * x) }, { point: pointOf(block.e), factor: rho });
    fixed.addBlinding(rho * block.w);
    for (const [j, f] of block.f.entries()) fixed.addOption(j, rho * f * (x - f));
  }
  return { start: items[0]!.block.a2[0]!, terms: [...terms, ...fixed.terms(key)], last: fixed.last() };
}

/** The coefficients of the fixed generators, which all ballots of a fold share. The equations subtract them. */
class FixedTerms {
  #key = 0n;
  #blinding = 0n;
  readonly #options: bigint[] = [];

  addKey(factor: bigint): void {
    this.#key -= factor;
  }

  addBlinding(factor: bigint): void {
    this.#blinding -= factor;
  }

  addOption(index: number, factor: bigint): void {
    this.#options[index] = (this.#options[index] ?? 0n) - factor;
  }

  terms(key: CurvePoint): Term[] {
    const options = this.#options.slice(1).map((factor, j) => {
      return { point: optionGenerator(j + 2), factor: modOrder(factor) };
    });
    return [{ point: keyWithTable(key), factor: modOrder(this.#key) }, ...options];
  }

  /** K, together with the base point, which costs ecrecover nothing. */
  last(): Point {
    // Only of ballots whose proofs nobody blinded: the contract multiplies by no zero, so that they would take a batch with them.
    if (modOrder(this.#blinding) === 0n)
      throw new VotingError("HINT_IMPOSSIBLE", "the blinding cancels out in the fold");
    const blinding = blindingGenerator().multiplyUnsafe(modOrder(this.#blinding));
    return blinding.add(Point.BASE.multiplyUnsafe(modOrder(this.#options[0]!)));
  }
}

interface Item {
  readonly question: Question;
  readonly block: AnswerBlock;
  readonly x: bigint;
  readonly digest: Uint8Array;
  readonly responses: Uint8Array;
}

function itemsOf({ statement, bytes }: BallotOfVoter): Item[] {
  checkStatement(statement);
  const blocks = decodeBallot(bytes, statement.questions);
  return splitBallot(bytes, statement.questions).map((part, index) => {
    const question = statement.questions[index]!;
    const digest = challengeDigest(statement, index, part);
    const responses = part.subarray(blockWords(question).committed * WORD_BYTES);
    return { question, block: blocks[index]!, x: challengeOf(digest), digest, responses };
  });
}

function pointOf(point: CurvePoint): Point {
  return Point.fromAffine({ x: point.x, y: point.y });
}

/**
 * Adds an affine point to a sum in Jacobian coordinates, as the contract does, since its Z depends on the formula
 * (https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian.html, madd).
 */
function addMixed({ X, Y, Z }: { X: bigint; Y: bigint; Z: bigint }, { x, y }: CurvePoint) {
  const z2 = modPrime(Z * Z);
  const difference = modPrime(x * z2 - X);
  if (difference === 0n) throw new VotingError("HINT_IMPOSSIBLE", "two points with one x-coordinate meet in the fold");
  const slope = modPrime(y * modPrime(Z * z2) - Y);
  const square = modPrime(difference * difference);
  const cube = modPrime(difference * square);
  const v = modPrime(X * square);
  const sumX = modPrime(slope * slope - cube - 2n * v);
  return { X: sumX, Y: modPrime(slope * (v - sumX) - Y * cube), Z: modPrime(Z * difference) };
}
