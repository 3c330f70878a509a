import { concatBytes } from "@noble/hashes/utils.js";

import type { RlpItem } from "./decodeRlp.js";

/**
 * The RLP encoding of an item (Ethereum yellow paper, appendix B).
 *
 * @example
 * ```ts
 * const same = encodeRlp(decodeRlp(bytes)); // byte for byte
 * ```
 */
export function encodeRlp(item: RlpItem): Uint8Array {
  if (item instanceof Uint8Array) {
    return item.length === 1 && (item[0] ?? 0) < 0x80 ? item : concatBytes(prefix(item.length, 0x80), item);
  }
  const items = item.map(encodeRlp);
  const length = items.reduce((sum, { length }) => sum + length, 0);
  return concatBytes(prefix(length, 0xc0), ...items);
}

function prefix(length: number, offset: number): Uint8Array {
  if (length < 56) return Uint8Array.of(offset + length);
  const digits = length.toString(16);
  const bytes = Uint8Array.from(digits.padStart(digits.length + (digits.length % 2), "0").match(/../g) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  );
  return Uint8Array.of(offset + 55 + bytes.length, ...bytes);
}
