import { type CurvePoint, modPrime } from "./curve.js";

/** A sum in Jacobian coordinates, `x / z²` and `y / z³`; three zeros for infinity. */
export interface RunningSum {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}

/** The empty sum. */
export const EMPTY_SUM: RunningSum = { x: 0n, y: 0n, z: 0n };

/**
 * Adds an affine point to a sum as the contract does, since its coordinates depend on the formula
 * (https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian.html, madd), and are part of what a progress is hashed from.
 * Complete: a sum at infinity, the same point and the opposite one have their own formulas.
 *
 * @param sum The sum, whose coordinates are below the prime.
 * @param point A point of the curve.
 * @example
 * ```ts
 * const two = addToSum(addToSum(EMPTY_SUM, one), one);
 * ```
 */
export function addToSum(sum: RunningSum, point: CurvePoint): RunningSum {
  const z2 = modPrime(sum.z * sum.z);
  const difference = modPrime(point.x * z2 - sum.x);
  const slope = modPrime(point.y * modPrime(sum.z * z2) - sum.y);
  if (difference === 0n) {
    if (sum.z === 0n) return { x: point.x, y: point.y, z: 1n };
    return slope === 0n ? double(sum) : EMPTY_SUM;
  }
  const square = modPrime(difference * difference);
  const cube = modPrime(difference * square);
  const v = modPrime(sum.x * square);
  const x = modPrime(slope * slope - cube - 2n * v);
  return { x, y: modPrime(slope * (v - x) - sum.y * cube), z: modPrime(sum.z * difference) };
}

/** https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-0.html, dbl-2009-l. */
function double(sum: RunningSum): RunningSum {
  const y2 = modPrime(sum.y * sum.y);
  const d = modPrime(4n * sum.x * y2);
  const slope = modPrime(3n * sum.x * sum.x);
  const x = modPrime(slope * slope - 2n * d);
  return { x, y: modPrime(slope * (d - x) - 8n * y2 * y2), z: modPrime(2n * sum.y * sum.z) };
}
