import { type CurvePoint, Point } from "../curve.js";

/**
 * The public share that belongs to a trustee's share of the key.
 *
 * @param share From 0 to below the order.
 * @returns The point, undefined for infinity: such a trustee cannot decrypt.
 * @example
 * ```ts
 * const key = shareKey(secretShare(qualified, shares));
 * ```
 */
export function shareKey(share: bigint): CurvePoint | undefined {
  return share === 0n ? undefined : Point.BASE.multiply(share).toAffine();
}
