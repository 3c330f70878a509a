import { type CurvePoint, Point } from "../curve.js";
import { VotingError } from "../VotingError.js";
import { pointsOfCommitments } from "./pointsOfCommitments.js";

/**
 * The sums of the qualified dealers' commitments, coefficient by coefficient. The first is the election's key.
 *
 * @param commitments For each qualified dealer the coordinates of its commitments.
 * @returns The points, undefined for infinity.
 * @throws VotingError DEALING_INVALID when there are none, or they differ in length
 * @example
 * ```ts
 * const [key] = aggregateCommitments(dealings.map(({ commitments }) => commitments));
 * ```
 */
export function aggregateCommitments(commitments: readonly (readonly bigint[])[]): (CurvePoint | undefined)[] {
  const [first] = commitments;
  if (first === undefined || commitments.some(({ length }) => length !== first.length)) {
    throw new VotingError(
      "DEALING_INVALID",
      "commitments to polynomials of one degree are summed, of at least one dealer",
    );
  }
  const dealers = commitments.map(pointsOfCommitments);
  return dealers[0]!.map((_, k) => {
    const sum = dealers.reduce((total, points) => {
      const point = points[k];
      return point === undefined ? total : total.add(Point.fromAffine({ x: point.x, y: point.y }));
    }, Point.ZERO);
    return sum.is0() ? undefined : sum.toAffine();
  });
}
