import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { hexlify } from "ethers";

import { LINE } from "../../ledger/readJson.js";
import { JusticeError } from "../JusticeError.js";
import { saltedCommitment } from "../saltedCommitment.js";

/**
 * The commitment to a case's number: `keccak256(keccak256("diwan.justice.case.v1") ‖ salt ‖ sha256(utf8 caseId))`.
 *
 * @param caseId One line of text, 1 to 500 characters, as the statements of the case have it.
 * @param salt 32 random bytes, the case's own; a new one for each deposit hides which exhibits belong together.
 * @returns 32 bytes in hex.
 * @throws JusticeError CASE_MALFORMED, SALT_MALFORMED
 * @example
 * ```ts
 * const commitment = commitCase("2026/1187", caseSalt);
 * ```
 */
export function commitCase(caseId: string, salt: Uint8Array): string {
  if (typeof caseId !== "string" || !LINE.test(caseId)) {
    throw new JusticeError("CASE_MALFORMED", "a case's number must be one line of text, 1 to 500 characters");
  }
  return hexlify(saltedCommitment("diwan.justice.case.v1", salt, sha256(utf8ToBytes(caseId))));
}

/**
 * What of a case's commitment is in the events: its first 32 bits, by which a depositor finds what belongs to a case. They
 * prove nothing: the statement does.
 *
 * @param commitment As `commitCase` gives it.
 * @returns 4 bytes in hex.
 * @throws JusticeError CASE_MALFORMED
 * @example
 * ```ts
 * const tag = caseTag(commitCase("2026/1187", caseSalt));
 * ```
 */
export function caseTag(commitment: string): string {
  if (!/^0x[0-9a-f]{64}$/.test(commitment)) {
    throw new JusticeError("CASE_MALFORMED", "a case's commitment must be 32 bytes in lower-case hex, with 0x");
  }
  return commitment.slice(0, 10);
}
