import { ADDRESS, LINE, listOf, objectOf, oneOf, textLike, wholeBelow } from "../../ledger/readJson.js";
import type { NamedDigest } from "../hashing/algorithms.js";
import { JusticeError } from "../JusticeError.js";
import { readDigest } from "../readDigest.js";
import { statementBytes } from "../statementBytes.js";

/** What an agent may do. The chain keeps a salted commitment to it: the power's scope. */
export interface PowerStatement {
  schema: typeof POWER_SCHEMA;
  /** The chain of the registry. */
  chainId: number;
  /** The registry's address, in lower case. */
  registry: string;
  /** What the agent may do, one act a line; 1 to 50. */
  acts: string[];
  /** For this case alone. */
  caseId?: string;
  /** Of the deed, where there is one. */
  deed?: NamedDigest;
}

/**
 * Names the form of a power's statement.
 *
 * @example
 * ```ts
 * const isPower = JSON.parse(text).schema === POWER_SCHEMA;
 * ```
 */
export const POWER_SCHEMA = "diwan.power.statement.v1";

const readStatement = objectOf<Omit<PowerStatement, "caseId" | "deed">, Pick<PowerStatement, "caseId" | "deed">>(
  {
    schema: oneOf([POWER_SCHEMA]),
    chainId: wholeBelow(Number.MAX_SAFE_INTEGER),
    registry: textLike(ADDRESS),
    acts: (value, path, refuse) => {
      const acts = listOf(textLike(LINE), 50)(value, path, refuse);
      return acts.length === 0 ? refuse(path, "is empty") : acts;
    },
  },
  { caseId: textLike(LINE), deed: readDigest },
);

/**
 * Checks that a value is a power's statement, to the letter.
 *
 * @param value Anything.
 * @returns A copy that has the statement's members and nothing else.
 * @throws JusticeError POWER_MALFORMED, naming the member; it never quotes a member's value
 * @example
 * ```ts
 * const statement = checkPowerStatement(JSON.parse(text));
 * ```
 */
export function checkPowerStatement(value: unknown): PowerStatement {
  return readStatement(value, "", (path, problem) => {
    throw new JusticeError("POWER_MALFORMED", `the statement${path === "" ? "" : `'s ${path}`} ${problem}`);
  });
}

/**
 * A power's statement as bytes, which are what its scope binds: canonical JSON (RFC 8785) in UTF-8.
 *
 * @param statement The statement.
 * @throws JusticeError POWER_MALFORMED
 * @example
 * ```ts
 * writeFileSync("power.json", encodePowerStatement(statement));
 * ```
 */
export function encodePowerStatement(statement: PowerStatement): Uint8Array {
  return statementBytes(checkPowerStatement(statement));
}
