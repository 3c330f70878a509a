import { modOrder } from "../curve.js";

/**
 * The value of a polynomial at a trustee's index: its share.
 *
 * @param polynomial The coefficients, constant term first.
 * @param index The index, from 1.
 * @example
 * ```ts
 * const share = evaluatePolynomial(polynomial, 3);
 * ```
 */
export function evaluatePolynomial(polynomial: readonly bigint[], index: number): bigint {
  return polynomial.reduceRight((value, coefficient) => modOrder(value * BigInt(index) + coefficient), 0n);
}
