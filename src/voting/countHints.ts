import { normalizeZ } from "@noble/curves/abstract/curve.js";

import { addToSum, EMPTY_SUM, type RunningSum } from "./addToSum.js";
import { pointsOfPartial, type TrusteePartial } from "./combinePartials.js";
import { type CurvePoint, modPrime, Point } from "./curve.js";
import { optionGenerator } from "./generators.js";
import { lagrangeCoefficients } from "./lagrangeCoefficients.js";
import { checkQuestion, optionsOfGroup, type Question } from "./question.js";
import type { QuestionSums } from "./sumBallots.js";
import { VotingError } from "./VotingError.js";

/** Counts with what opens the sums of a question. */
export interface CountsOfQuestion {
  readonly question: Question;
  /** How often each option was chosen, weighted. */
  readonly counts: readonly bigint[];
  /** The partial decryptions of as many trustees as the threshold says, in ascending order. */
  readonly partials: readonly TrusteePartial[];
  readonly sums: QuestionSums;
}

/** What the contract is given to check counts, and whether it will find them right. */
export interface ComputedCountHints {
  /**
   * The trustees' Lagrange coefficients; then for each group the coordinates of the products of generators and partial
   * decryptions, and the inverse of what is left's Z.
   */
  readonly hints: bigint[];
  /** Whether the counts are what the sums decrypt to. Their bounds are not looked at. */
  readonly closes: boolean;
}

/**
 * Computes what the contract is given to check counts: each product that it subtracts from the sum of the second halves, the
 * last partial decryption's left out.
 *
 * @throws VotingError QUESTION_INVALID; TRUSTEES_INVALID; COUNTS_NOT_FOUND when counts or sums are too few, too many or negative
 * @example
 * ```ts
 * const { hints, closes } = countHints({ question, counts, partials, sums });
 * ```
 */
export function countHints({ question, counts, partials, sums }: CountsOfQuestion): ComputedCountHints {
  checkQuestion(question);
  const { options, groups } = question;
  if (counts.length !== options || sums.c1.length !== groups || sums.c2.length !== groups) {
    throw new VotingError("COUNTS_NOT_FOUND", `${counts.length} counts are not those of ${options} options`);
  }
  if (counts.some((count) => count < 0n)) throw new VotingError("COUNTS_NOT_FOUND", "a count is negative");
  const coefficients = lagrangeCoefficients(partials.map(({ index }) => index));
  const points = partials.map((partial) => pointsOfPartial(partial, groups));
  const terms = (group: number): Point[] => {
    if (sums.c1[group] === undefined) return [];
    return points.map((own, i) => own[group]!.multiplyUnsafe(coefficients[i]!));
  };

  const hints = [...coefficients];
  let closes = true;
  for (let group = 0; group < groups; group++) {
    const [from, end] = optionsOfGroup(question, group);
    const decryptions = terms(group);
    const products = [...productsOfOptions(counts, Math.max(from, 1), end), ...decryptions.slice(0, -1)];
    const left = subtractAll(sums.c2[group], normalizeZ(Point, products));
    hints.push(...left.hints, left.sum.z === 0n ? 0n : Point.Fp.inv(left.sum.z));

    const base = from === 0 ? Point.BASE.multiplyUnsafe(Point.Fn.create(counts[0]!)) : Point.ZERO;
    const last = base.add(decryptions.at(-1) ?? Point.ZERO);
    closes &&= toPoint(left.sum).equals(last);
  }
  return { hints, closes };
}

function productsOfOptions(counts: readonly bigint[], from: number, end: number): Point[] {
  return counts.slice(from, end).flatMap((count, j) => {
    const product = optionGenerator(from + j + 1).multiplyUnsafe(Point.Fn.create(count));
    return count === 0n ? [] : [product];
  });
}

function subtractAll(start: CurvePoint | undefined, products: readonly Point[]): { sum: RunningSum; hints: bigint[] } {
  let sum = start === undefined ? EMPTY_SUM : addToSum(EMPTY_SUM, start);
  const hints: bigint[] = [];
  for (const product of products) {
    const { x, y } = product.toAffine();
    hints.push(x, y);
    sum = addToSum(sum, { x, y: modPrime(-y) });
  }
  return { sum, hints };
}

function toPoint({ x, y, z }: RunningSum): Point {
  return z === 0n ? Point.ZERO : new Point(modPrime(x * z), y, modPrime(z ** 3n));
}
