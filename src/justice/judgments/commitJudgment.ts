import { sha256 } from "@noble/hashes/sha2.js";
import { hexlify } from "ethers";

import { saltedCommitment } from "../saltedCommitment.js";
import { encodeJudgmentStatement, type JudgmentStatement } from "./judgmentStatement.js";

/**
 * The commitment by which the chain knows a judgment:
 * `keccak256(keccak256("diwan.justice.judgment.v1") ‖ salt ‖ sha256(canonical statement))`.
 *
 * @param statement What the court says of it.
 * @param salt 32 random bytes of this judgment's own, as `randomSalt` makes them.
 * @returns 32 bytes in hex.
 * @throws JusticeError JUDGMENT_MALFORMED, SALT_MALFORMED
 * @example
 * ```ts
 * const commitment = commitJudgment(statement, randomSalt());
 * ```
 */
export function commitJudgment(statement: JudgmentStatement, salt: Uint8Array): string {
  return hexlify(saltedCommitment("diwan.justice.judgment.v1", salt, sha256(encodeJudgmentStatement(statement))));
}
