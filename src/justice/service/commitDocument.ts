import { getBytes, hexlify, isHexString } from "ethers";

import { saltedCommitment } from "../saltedCommitment.js";
import { JusticeError } from "../JusticeError.js";

/**
 * The commitment by which the chain knows a document that is served, or a notice of appeal:
 * `keccak256(keccak256("diwan.justice.document.v1") ‖ salt ‖ sha256(document))`.
 *
 * @param digest SHA-256 of the document, 32 bytes in hex.
 * @param salt 32 random bytes of this service's own, as `randomSalt` makes them; the addressee gets it with the document.
 * @returns 32 bytes in hex.
 * @throws JusticeError DOCUMENT_MALFORMED, SALT_MALFORMED
 * @example
 * ```ts
 * const document = commitDocument(sha256(bytes), randomSalt());
 * ```
 */
export function commitDocument(digest: string, salt: Uint8Array): string {
  if (!isHexString(digest, 32)) {
    throw new JusticeError("DOCUMENT_MALFORMED", "a document's SHA-256 is 32 bytes in hex, with 0x");
  }
  return hexlify(saltedCommitment("diwan.justice.document.v1", salt, getBytes(digest)));
}
