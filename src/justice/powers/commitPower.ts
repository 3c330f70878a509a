import { sha256 } from "@noble/hashes/sha2.js";
import { hexlify } from "ethers";

import { saltedCommitment } from "../saltedCommitment.js";
import { encodePowerStatement, type PowerStatement } from "./powerStatement.js";

/**
 * A power's scope, as the chain knows it:
 * `keccak256(keccak256("diwan.justice.power.v1") ‖ salt ‖ sha256(canonical statement))`.
 *
 * @param statement What the agent may do.
 * @param salt 32 random bytes of this power's own, as `randomSalt` makes them; the agent gets it with the statement.
 * @returns 32 bytes in hex.
 * @throws JusticeError POWER_MALFORMED, SALT_MALFORMED
 * @example
 * ```ts
 * const scope = commitPower(statement, randomSalt());
 * ```
 */
export function commitPower(statement: PowerStatement, salt: Uint8Array): string {
  return hexlify(saltedCommitment("diwan.justice.power.v1", salt, sha256(encodePowerStatement(statement))));
}
