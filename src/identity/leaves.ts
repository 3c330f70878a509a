import type { StatusBits } from "../ledger/statusBits.js";
import { IdentityError } from "./IdentityError.js";

/** Leaves of a batch whose entries lie in one word of its status list. */
export interface LeavesWord {
  /** The word: it holds the entries from `wordIndex * 256 / bits` on. */
  wordIndex: bigint;
  /** All bits of each entry meant, the first entry in the most significant bits. */
  mask: bigint;
}

/**
 * Turns leaves' numbers into words and masks as the registry takes them, a word each once, in ascending order.
 *
 * @param indices The leaves, from 0; one named twice counts once.
 * @param bits Bits a leaf.
 * @throws IdentityError LEAF_OUT_OF_RANGE
 * @example
 * ```ts
 * const words = leavesWords([0, 7, 500], 2);
 * ```
 */
export function leavesWords(indices: Iterable<number>, bits: StatusBits): LeavesWord[] {
  const entriesPerWord = 256 / bits;
  const filled = (1n << BigInt(bits)) - 1n;
  const masks = new Map<number, bigint>();
  for (const index of indices) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= 2 ** 32) {
      throw new IdentityError("LEAF_OUT_OF_RANGE", `${index} is not the number of a leaf`);
    }
    const wordIndex = Math.floor(index / entriesPerWord);
    const shift = BigInt(256 - bits * ((index % entriesPerWord) + 1));
    masks.set(wordIndex, (masks.get(wordIndex) ?? 0n) | (filled << shift));
  }
  return [...masks].sort(([a], [b]) => a - b).map(([wordIndex, mask]) => ({ wordIndex: BigInt(wordIndex), mask }));
}
