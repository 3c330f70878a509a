import { sha256 } from "@noble/hashes/sha2.js";
import { hexlify } from "ethers";

import { saltedCommitment } from "../saltedCommitment.js";
import { encodeStatement, type EvidenceStatement } from "./statement.js";

/**
 * The commitment by which the chain knows an exhibit:
 * `keccak256(keccak256("diwan.justice.exhibit.v1") ‖ salt ‖ sha256(canonical statement))`. It says nothing of the statement to
 * those who have not its salt.
 *
 * @param statement What is said of the exhibit.
 * @param salt 32 random bytes of this statement's own, as `randomSalt` makes them.
 * @returns 32 bytes in hex.
 * @throws JusticeError STATEMENT_MALFORMED, SALT_MALFORMED
 * @example
 * ```ts
 * const salt = randomSalt();
 * const tag = caseTag(commitCase(statement.caseId, caseSalt));
 * await depositExhibit(registry, commitExhibit(statement, salt), { tool: statement.tool.body, caseTag: tag });
 * ```
 */
export function commitExhibit(statement: EvidenceStatement, salt: Uint8Array): string {
  return hexlify(saltedCommitment("diwan.justice.exhibit.v1", salt, sha256(encodeStatement(statement))));
}
