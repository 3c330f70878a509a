import { getBytes, toBeHex } from "ethers";

import { LedgerError } from "./LedgerError.js";
import type { StatusBits } from "./statusBits.js";

const WORD_BYTES = 32;

/**
 * Joins the words of a contract's status list to its bitstring, the first entry in the left-most bit, or bits.
 *
 * @param words Index and value of each word; a word that is left out is 0, of several for an index the last counts.
 * @param bits Bits an entry.
 * @param length Entries of the list.
 * @returns The list's bytes, as many as its entries fill.
 * @throws LedgerError STATUS_INDEX_OUT_OF_RANGE when a word lies past the end of the list.
 * @example
 * ```ts
 * const bitstring = bitstringFromWords([[0n, await registry.statusWord(list, 0)]], 1, 256);
 * ```
 */
export function bitstringFromWords(
  words: Iterable<readonly [index: number | bigint, word: bigint]>,
  bits: StatusBits,
  length: number,
): Uint8Array {
  const bytes = Math.ceil((length * bits) / 8);
  const padded = new Uint8Array(Math.ceil(bytes / WORD_BYTES) * WORD_BYTES);
  for (const [index, word] of words) {
    if (index < 0 || Number(index) * WORD_BYTES >= padded.length) {
      throw new LedgerError("STATUS_INDEX_OUT_OF_RANGE", `word ${index} lies past the ${length} entries of the list`);
    }
    padded.set(getBytes(toBeHex(word, WORD_BYTES)), Number(index) * WORD_BYTES);
  }
  return padded.slice(0, bytes);
}
