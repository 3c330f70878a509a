import { keccak_256 } from "@noble/hashes/sha3.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

import { JusticeError } from "./JusticeError.js";

const WORD_BYTES = 32;

/**
 * A commitment: `keccak256(keccak256(label) ‖ salt ‖ digest)`.
 *
 * @param label Sets apart what is committed to.
 * @param salt 32 random bytes.
 * @param digest 32 bytes.
 * @throws JusticeError SALT_MALFORMED when it is not 32 bytes, or all zero.
 * @example
 * ```ts
 * const commitment = saltedCommitment("diwan.justice.case.v1", salt, digest);
 * ```
 */
export function saltedCommitment(label: string, salt: Uint8Array, digest: Uint8Array): Uint8Array {
  if (salt.length !== WORD_BYTES || salt.every((byte) => byte === 0)) {
    throw new JusticeError(
      "SALT_MALFORMED",
      `a salt must be ${WORD_BYTES} random bytes, not ${salt.length} or all zero`,
    );
  }
  const input = new Uint8Array(3 * WORD_BYTES);
  input.set(keccak_256(utf8ToBytes(label)), 0);
  input.set(salt, WORD_BYTES);
  input.set(digest, 2 * WORD_BYTES);
  return keccak_256(input);
}
