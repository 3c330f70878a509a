import type { WeierstrassPoint } from "@noble/curves/abstract/weierstrass.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

import { toWords, wordOf } from "./words.js";

/** A point of secp256k1 other than infinity: its affine coordinates. */
export interface CurvePoint {
  readonly x: bigint;
  readonly y: bigint;
}

/** noble's point, in projective coordinates. */
export type Point = WeierstrassPoint<bigint>;

/** noble's class of points. */
export const { Point } = secp256k1;

/** The order of the curve's group. SEC 2, section 2.4.1. */
export const ORDER = secp256k1.Point.Fn.ORDER;

/** The field's prime. SEC 2, section 2.4.1. */
export const PRIME = secp256k1.Point.Fp.ORDER;

const ADDRESS_MASK = (1n << 160n) - 1n;

/**
 * A number modulo the group's order, never negative.
 *
 * @example
 * ```ts
 * const z = modOrder(r * x + alpha);
 * ```
 */
export function modOrder(value: bigint): bigint {
  const rest = value % ORDER;
  return rest < 0n ? rest + ORDER : rest;
}

/**
 * A number modulo the field's prime, never negative.
 *
 * @example
 * ```ts
 * const y2 = modPrime(y * y);
 * ```
 */
export function modPrime(value: bigint): bigint {
  const rest = value % PRIME;
  return rest < 0n ? rest + PRIME : rest;
}

/**
 * Whether coordinates are canonical and on the curve, with an x-coordinate below the order, as ecrecover wants it.
 *
 * @example
 * ```ts
 * if (!isCurvePoint(key)) throw new Error("no key");
 * ```
 */
export function isCurvePoint({ x, y }: CurvePoint): boolean {
  return x >= 0n && x < ORDER && y >= 0n && y < PRIME && modPrime(y * y - x * x * x - 7n) === 0n;
}

/**
 * The address that stands for a point: the last 20 bytes of the hash of its coordinates, as a number.
 *
 * @example
 * ```ts
 * const a1 = addressOfPoint(Point.BASE.multiply(alpha).toAffine());
 * ```
 */
export function addressOfPoint({ x, y }: CurvePoint): bigint {
  return wordOf(keccak_256(toWords([x, y])), 0) & ADDRESS_MASK;
}
