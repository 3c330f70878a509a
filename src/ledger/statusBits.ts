import { LedgerError } from "./LedgerError.js";

/** Bits of each entry of a status list. */
export type StatusBits = 1 | 2;

/**
 * What the values of an entry mean (the codes of the IETF Token Status List, which the contracts use too). A one-bit
 * entry is VALID or INVALID.
 */
export const StatusCode = {
  VALID: 0,
  INVALID: 1,
  SUSPENDED: 2,
  APPLICATION_SPECIFIC: 3,
} as const;

/**
 * Reads an entry of a bitstring whose first entry is the left-most bit, or bits, of its first byte.
 *
 * @param bitstring A list's bytes, as `bitstringFromWords` and the parsers here give them.
 * @param bits Bits an entry.
 * @param index The entry's index, counted from 0.
 * @throws LedgerError STATUS_INDEX_OUT_OF_RANGE
 * @example
 * ```ts
 * const isRevoked = getStatus(bitstring, 2, 94_567) === StatusCode.INVALID;
 * ```
 */
export function getStatus(bitstring: Uint8Array, bits: StatusBits, index: number): number {
  const { byte, shift } = locate(bitstring, bits, index);
  return ((bitstring[byte] ?? 0) >> shift) & largest(bits);
}

/**
 * Sets an entry of a bitstring in place.
 *
 * @param bitstring A list's bytes.
 * @param bits Bits an entry.
 * @param index The entry's index, counted from 0.
 * @param value The entry's new value.
 * @throws LedgerError STATUS_INDEX_OUT_OF_RANGE, STATUS_VALUE_TOO_LARGE
 * @example
 * ```ts
 * setStatus(bitstring, 2, 7, StatusCode.SUSPENDED);
 * ```
 */
export function setStatus(bitstring: Uint8Array, bits: StatusBits, index: number, value: number): void {
  const { byte, shift } = locate(bitstring, bits, index);
  if (!Number.isInteger(value) || value < 0 || value > largest(bits)) {
    throw new LedgerError("STATUS_VALUE_TOO_LARGE", `value ${value} does not fit ${bits} bit`);
  }
  bitstring[byte] = ((bitstring[byte] ?? 0) & ~(largest(bits) << shift)) | (value << shift);
}

function locate(bitstring: Uint8Array, bits: StatusBits, index: number): { byte: number; shift: number } {
  const length = (bitstring.length * 8) / bits;
  if (!Number.isSafeInteger(index) || index < 0 || index >= length) {
    throw new LedgerError("STATUS_INDEX_OUT_OF_RANGE", `index ${index} is not below the length ${length}`);
  }
  const bit = index * bits;
  return { byte: Math.floor(bit / 8), shift: 8 - bits - (bit % 8) };
}

function largest(bits: StatusBits): number {
  return 2 ** bits - 1;
}
