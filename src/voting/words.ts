import { bytesToNumberBE, numberToBytesBE } from "@noble/curves/utils.js";

/** Bytes of a word, as the EVM has them. */
export const WORD_BYTES = 32;

/**
 * Writes numbers as words of 32 bytes, big endian.
 *
 * @param values Each below 2^256.
 * @example
 * ```ts
 * const bytes = toWords([point.x, point.y]);
 * ```
 */
export function toWords(values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(values.length * WORD_BYTES);
  for (const [i, value] of values.entries()) bytes.set(numberToBytesBE(value, WORD_BYTES), i * WORD_BYTES);
  return bytes;
}

/**
 * Reads one word of many.
 *
 * @param index The word's index, counted from 0, within the bytes.
 * @example
 * ```ts
 * const y = wordOf(bytes, 1);
 * ```
 */
export function wordOf(bytes: Uint8Array, index: number): bigint {
  return bytesToNumberBE(bytes.subarray(index * WORD_BYTES, (index + 1) * WORD_BYTES));
}
