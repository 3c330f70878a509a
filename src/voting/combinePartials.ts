import { type CurvePoint, isCurvePoint, Point } from "./curve.js";
import { lagrangeCoefficients } from "./lagrangeCoefficients.js";
import type { QuestionSums } from "./sumBallots.js";
import { VotingError } from "./VotingError.js";

/** A trustee's partial decryptions of a question. */
export interface TrusteePartial {
  /** The trustee's index, counted from 1. */
  readonly index: number;
  /** The coordinates x and y of each group's partial decryption; two zeros for infinity. */
  readonly partials: readonly bigint[];
}

/**
 * Opens a question's sums with the partial decryptions of as many trustees as the threshold says, whose proofs were verified.
 *
 * @returns For each group `Σ counts_j·Γ_j`, which decodeCounts finds the counts of; undefined for infinity.
 * @throws VotingError TRUSTEES_INVALID when indices are repeated, or partial decryptions are none of these sums
 * @example
 * ```ts
 * const counts = decodeCounts({ question, sums: combinePartials(sums, partials), totalWeight });
 * ```
 */
export function combinePartials(sums: QuestionSums, partials: readonly TrusteePartial[]): (CurvePoint | undefined)[] {
  const coefficients = lagrangeCoefficients(partials.map(({ index }) => index));
  const points = partials.map((partial) => pointsOfPartial(partial, sums.c2.length));
  return sums.c2.map((c2, group) => {
    const start = c2 === undefined ? Point.ZERO : Point.fromAffine({ x: c2.x, y: c2.y });
    const opened = points.reduce((left, own, i) => {
      return left.subtract(own[group]!.multiplyUnsafe(coefficients[i]!));
    }, start);
    return opened.is0() ? undefined : opened.toAffine();
  });
}

/**
 * Reads a trustee's partial decryptions, a point a group.
 *
 * @throws VotingError TRUSTEES_INVALID
 * @example
 * ```ts
 * const [d] = pointsOfPartial(partial, 1);
 * ```
 */
export function pointsOfPartial({ index, partials }: TrusteePartial, groups: number): Point[] {
  if (partials.length !== 2 * groups) {
    throw new VotingError("TRUSTEES_INVALID", `trustee ${index} gave ${partials.length} words for ${groups} groups`);
  }
  return Array.from({ length: groups }, (_, group) => {
    const point = { x: partials[2 * group]!, y: partials[2 * group + 1]! };
    if (point.x === 0n && point.y === 0n) return Point.ZERO;
    if (!isCurvePoint(point)) throw new VotingError("TRUSTEES_INVALID", `trustee ${index} gave what is no point`);
    return Point.fromAffine(point);
  });
}
