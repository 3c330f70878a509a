import { modOrder, Point } from "./curve.js";
import { VotingError } from "./VotingError.js";

/**
 * The Lagrange coefficients at 0 of trustees' indices: `λ_i = Π j / (j - i)` over the others, modulo the group's order. The
 * shares times these add up to the key that nobody holds.
 *
 * @param indices Different indices, each from 1 to 255.
 * @throws VotingError TRUSTEES_INVALID
 * @example
 * ```ts
 * const [first, second] = lagrangeCoefficients([1, 3]);
 * ```
 */
export function lagrangeCoefficients(indices: readonly number[]): bigint[] {
  const isIndex = (index: number) => Number.isInteger(index) && index > 0 && index < 256;
  if (indices.length === 0 || !indices.every(isIndex) || new Set(indices).size !== indices.length) {
    throw new VotingError("TRUSTEES_INVALID", `the indices ${indices.join(", ")} are not those of different trustees`);
  }
  return indices.map((index) => {
    const others = indices.filter((other) => other !== index);
    const numerator = others.reduce((product, other) => modOrder(product * BigInt(other)), 1n);
    const denominator = others.reduce((product, other) => modOrder(product * BigInt(other - index)), 1n);
    return modOrder(numerator * Point.Fn.inv(denominator));
  });
}
