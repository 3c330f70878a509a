/**
 * Whether a number can be a count or an index: what JSON from others holds may have a fraction, or no value.
 *
 * @example
 * ```ts
 * if (!isWhole(proof.index)) return false;
 * ```
 */
export function isWhole(value: number | bigint): boolean {
  return typeof value === "bigint" || Number.isSafeInteger(value);
}
