import { keccak_256 } from "@noble/hashes/sha3.js";
import type { BytesLike } from "ethers";
import { toBeHex } from "ethers";

import { ChainProofError } from "./ChainProofError.js";
import { decodeRlp } from "./decodeRlp.js";
import { proofBytes } from "./proofBytes.js";
import { fieldReaders } from "./rlpFields.js";
import { verifyTrieProof } from "./verifyTrieProof.js";

const { scalar } = fieldReaders("SLOT_MALFORMED");

/**
 * The word in a slot of a contract's storage, proved against the account's storage root by one `storageProof[].proof` of
 * `eth_getProof`. A slot that is not in the trie holds zero.
 *
 * @param slot Its number or place as 32 bytes, not hashed.
 * @returns `0x` and 64 digits.
 * @throws {@link ChainProofError} as `verifyTrieProof` does, or `SLOT_MALFORMED` if the trie holds no word there.
 *
 * @example
 * ```ts
 * const word = verifyStorageProof(account.storageRoot, toBeHex(0, 32), answer.storageProof[0].proof);
 * ```
 */
export function verifyStorageProof(storageRoot: BytesLike, slot: BytesLike, proof: readonly BytesLike[]): string {
  const key = keccak_256(proofBytes(slot, "the slot", 32));
  const value = verifyTrieProof(storageRoot, key, proof);
  if (value === undefined) return toBeHex(0, 32);

  const word = scalar(decodeRlp(value), "the word", 32);
  if (word === 0n) throw new ChainProofError("SLOT_MALFORMED", "a slot in the trie holds zero");
  return toBeHex(word, 32);
}
