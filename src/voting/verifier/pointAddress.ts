import { concat, dataSlice, keccak256, toBeHex, ZeroAddress } from "ethers";

import type { AffinePoint } from "./curve.js";

/**
 * The 20-byte address of a point, by which the contracts compare; zero for infinity.
 *
 * @example
 * ```ts
 * const address = pointAddress(point);
 * ```
 */
export function pointAddress(point: AffinePoint): string {
  if (point === undefined) return ZeroAddress;
  return dataSlice(keccak256(concat([toBeHex(point.x, 32), toBeHex(point.y, 32)])), 12);
}
