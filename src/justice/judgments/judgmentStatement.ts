import { ADDRESS, BYTES32, LINE, objectOf, oneOf, textLike, wholeBelow } from "../../ledger/readJson.js";
import type { NamedDigest } from "../hashing/algorithms.js";
import { JusticeError } from "../JusticeError.js";
import { JUDGMENT_KINDS, type JudgmentKind } from "./judgmentState.js";
import { readDigest } from "../readDigest.js";
import { statementBytes } from "../statementBytes.js";

/** What a court says of a judgment. The chain keeps a salted commitment to it, and proves that it was said by then. */
export interface JudgmentStatement {
  schema: typeof JUDGMENT_SCHEMA;
  /** The chain of the registry. */
  chainId: number;
  /** The registry's address, in lower case. */
  registry: string;
  caseId: string;
  /** The court's index in the trust list, and its name. */
  court: { body: number; name: string };
  kind: JudgmentKind;
  /** When the court decided, in Unix seconds: the court's word. */
  decidedAt: number;
  /** Of the judgment's text, as it was signed and published. */
  text: NamedDigest;
  /** European Case Law Identifier, such as "ECLI:NL:HR:2009:384425". */
  ecli?: string;
  /** BCP 47 tag of the text's language. */
  language?: string;
  /** The commitment of the judgment that it decides upon. */
  upon?: string;
}

/**
 * Names the form of a judgment's statement.
 *
 * @example
 * ```ts
 * const isJudgment = JSON.parse(text).schema === JUDGMENT_SCHEMA;
 * ```
 */
export const JUDGMENT_SCHEMA = "diwan.judgment.statement.v1";

const readStatement = objectOf<
  Omit<JudgmentStatement, "ecli" | "language" | "upon">,
  Pick<JudgmentStatement, "ecli" | "language" | "upon">
>(
  {
    schema: oneOf([JUDGMENT_SCHEMA]),
    chainId: wholeBelow(Number.MAX_SAFE_INTEGER),
    registry: textLike(ADDRESS),
    caseId: textLike(LINE),
    court: objectOf({ body: wholeBelow(2 ** 32), name: textLike(LINE) }),
    kind: oneOf(JUDGMENT_KINDS),
    decidedAt: wholeBelow(2 ** 40),
    text: readDigest,
  },
  {
    ecli: textLike(/^ECLI:[A-Z]{2}:[A-Z0-9]{1,7}:[0-9]{4}:[A-Z0-9.]{1,25}$/),
    language: textLike(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/),
    upon: textLike(BYTES32),
  },
);

/**
 * Checks that a value is a judgment's statement, to the letter.
 *
 * @param value Anything.
 * @returns A copy that has the statement's members and nothing else.
 * @throws JusticeError JUDGMENT_MALFORMED, naming the member; it never quotes a member's value
 * @example
 * ```ts
 * const statement = checkJudgmentStatement(JSON.parse(text));
 * ```
 */
export function checkJudgmentStatement(value: unknown): JudgmentStatement {
  return readStatement(value, "", (path, problem) => {
    throw new JusticeError("JUDGMENT_MALFORMED", `the statement${path === "" ? "" : `'s ${path}`} ${problem}`);
  });
}

/**
 * A judgment's statement as bytes, which are what its commitment binds: canonical JSON (RFC 8785) in UTF-8.
 *
 * @param statement The statement.
 * @throws JusticeError JUDGMENT_MALFORMED
 * @example
 * ```ts
 * writeFileSync("judgment.json", encodeJudgmentStatement(statement));
 * ```
 */
export function encodeJudgmentStatement(statement: JudgmentStatement): Uint8Array {
  return statementBytes(checkJudgmentStatement(statement));
}
