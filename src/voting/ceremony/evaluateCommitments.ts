import { type CurvePoint, Point } from "../curve.js";

/**
 * The value of a committed polynomial at a trustee's index: what its share times the base point must be.
 *
 * @param commitments The points `A_k = a_k·G`, constant term first; undefined for infinity.
 * @param index The index, from 1.
 * @returns The point, undefined for infinity.
 * @example
 * ```ts
 * const publicShare = evaluateCommitments(commitments, 3);
 * ```
 */
export function evaluateCommitments(
  commitments: readonly (CurvePoint | undefined)[],
  index: number,
): CurvePoint | undefined {
  const value = commitments.reduceRight<Point>((sum, commitment) => {
    const shifted = sum.multiplyUnsafe(BigInt(index));
    return commitment === undefined ? shifted : shifted.add(Point.fromAffine({ x: commitment.x, y: commitment.y }));
  }, Point.ZERO);
  return value.is0() ? undefined : value.toAffine();
}
