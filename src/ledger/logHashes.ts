import { sha256 } from "@noble/hashes/sha2.js";

/**
 * Hash of an entry as a leaf of a log: `sha256(0x00 ‖ entry)` (RFC 9162, section 2.1.1).
 *
 * @param entry The entry's bytes; those of the contracts are 32.
 * @example
 * ```ts
 * const leaf = leafHash(getBytes(commitment));
 * ```
 */
export function leafHash(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input.set(entry, 1);
  return sha256(input);
}

/**
 * Hash of an inner node of a log: `sha256(0x01 ‖ left ‖ right)` (RFC 9162, section 2.1.1).
 *
 * @param left Hash of the left child, 32 bytes.
 * @param right Hash of the right child, 32 bytes.
 * @example
 * ```ts
 * const root = nodeHash(leafHash(first), leafHash(second));
 * ```
 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(65);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 33);
  return sha256(input);
}

/**
 * Root of the log that has no entry: the SHA-256 of nothing.
 *
 * @example
 * ```ts
 * const isEmpty = hexlify(root) === hexlify(emptyRoot());
 * ```
 */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array());
}
