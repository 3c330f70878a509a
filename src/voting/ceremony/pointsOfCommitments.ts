import { type CurvePoint, isCurvePoint } from "../curve.js";
import { VotingError } from "../VotingError.js";

/**
 * Reads commitments, a point each.
 *
 * @param words The coordinates, constant term first; two zeros for infinity, which sums may be.
 * @throws VotingError DEALING_INVALID when two words are no point
 * @example
 * ```ts
 * const [constant] = pointsOfCommitments(commitments);
 * ```
 */
export function pointsOfCommitments(words: readonly bigint[]): (CurvePoint | undefined)[] {
  return Array.from({ length: Math.ceil(words.length / 2) }, (_, k) => {
    const point = { x: words[2 * k]!, y: words[2 * k + 1] ?? -1n };
    if (point.x === 0n && point.y === 0n) return undefined;
    if (!isCurvePoint(point)) throw new VotingError("DEALING_INVALID", `commitment ${k} is no point of the curve`);
    return point;
  });
}
