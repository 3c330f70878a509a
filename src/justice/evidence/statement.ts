import { type JsonReader, LINE, listOf, objectOf, oneOf, wholeBelow } from "../../ledger/readJson.js";
import { sameBytes } from "../../ledger/sameBytes.js";
import type { NamedDigest } from "../hashing/algorithms.js";
import { JusticeError } from "../JusticeError.js";
import { readDigest } from "../readDigest.js";
import { statementBytes } from "../statementBytes.js";

/** What an exhibit was captured from, as far as it is known. */
export interface EvidenceDevice {
  make?: string;
  model?: string;
  serialNumber?: string;
  imei?: string;
  mac?: string;
}

/**
 * What a depositor says of an exhibit. The chain keeps a commitment to it and proves that it was said by then, not that it is
 * true: what begins with `claimed` is the depositor's word.
 */
export interface EvidenceStatement {
  schema: typeof STATEMENT_SCHEMA;
  /** The chain of the registry. */
  chainId: number;
  /** The registry's address, in lower case. */
  registry: string;
  /** As the custodian numbers it. */
  exhibitNumber?: string;
  /** One, or two by different functions; of a directory, of its manifest. */
  digests: NamedDigest[];
  /** In bytes; of a directory, of its manifest. */
  size: number;
  kind: "file" | "directory";
  mediaType?: string;
  name?: string;
  device?: EvidenceDevice;
  /** The capture tool's index in the trust list, its name and its version. */
  tool: { body: number; name: string; version: string };
  /** What the person who operated the tool was, such as "forensic examiner"; no name. */
  operatorRole?: string;
  place?: string;
  caseId: string;
  /** When the exhibit is said to have been captured, in Unix seconds. */
  claimedCapturedAt?: number;
  /** A block that was known when the statement was made: the statement cannot be older. */
  notBefore?: { blockNumber: number; blockHash: string };
  /** Of an RFC 3161 token, as `digestOfToken` gives it. */
  timestampToken?: NamedDigest;
}

/**
 * Names the form of a statement.
 *
 * @example
 * ```ts
 * const isStatement = JSON.parse(text).schema === STATEMENT_SCHEMA;
 * ```
 */
export const STATEMENT_SCHEMA = "diwan.evidence.statement.v1";

/** Larger ones are no statements: each text has at most 500 characters. */
const MOST_BYTES = 65_536;

const line = textOf(LINE, "one line of text, 1 to 500 characters, none that turns its direction");
const whole = wholeBelow(Number.MAX_SAFE_INTEGER);

const digests: JsonReader<NamedDigest[]> = (value, path, refuse) => {
  const list = listOf(readDigest, 2)(value, path, refuse);
  if (list.length === 0) refuse(path, "must have one digest or two, not none");
  if (list[0]!.algorithm === list[1]?.algorithm)
    refuse(path, `must be by different functions, not twice ${list[0]!.algorithm}`);
  return list;
};

const device: JsonReader<EvidenceDevice> = (value, path, refuse) => {
  const known = objectOf<object, EvidenceDevice>(
    {},
    {
      make: line,
      model: line,
      serialNumber: line,
      imei: textOf(/^[0-9]{14,16}$/, "14 to 16 digits"),
      mac: textOf(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/, "six bytes in lower-case hex, with colons between"),
    },
  )(value, path, refuse);
  if (Object.keys(known).length === 0) refuse(path, "must say something of the device, or be left out");
  return known;
};

const statementReader = objectOf<
  Pick<EvidenceStatement, "schema" | "chainId" | "registry" | "digests" | "size" | "kind" | "tool" | "caseId">,
  Omit<EvidenceStatement, "schema" | "chainId" | "registry" | "digests" | "size" | "kind" | "tool" | "caseId">
>(
  {
    schema: oneOf([STATEMENT_SCHEMA]),
    chainId: positive,
    registry: textOf(/^0x[0-9a-f]{40}$/, "an address in lower case"),
    digests,
    size: whole,
    kind: oneOf(["file", "directory"]),
    tool: objectOf({ body: wholeBelow(2 ** 32), name: line, version: line }),
    caseId: line,
  },
  {
    exhibitNumber: line,
    mediaType: textOf(
      /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/,
      "type/subtype in lower case",
    ),
    name: line,
    device,
    operatorRole: line,
    place: line,
    claimedCapturedAt: wholeBelow(2 ** 40),
    notBefore: objectOf({
      blockNumber: whole,
      blockHash: textOf(/^0x[0-9a-f]{64}$/, "32 bytes in lower-case hex, with 0x"),
    }),
    timestampToken: readDigest,
  },
);

/**
 * Checks that a value is a statement, to the letter: a member that no statement has is refused, and so is one that is there but
 * undefined.
 *
 * @returns A copy that has the statement's members and nothing else.
 * @throws JusticeError STATEMENT_MALFORMED, naming the member and what it must be; it never quotes a member's value
 * @example
 * ```ts
 * const statement = checkStatement(JSON.parse(text));
 * ```
 */
export function checkStatement(value: unknown): EvidenceStatement {
  return statementReader(value, "", refuseStatement);
}

/**
 * A statement's bytes, which are what a commitment binds: canonical JSON (RFC 8785) in UTF-8.
 *
 * @throws JusticeError STATEMENT_MALFORMED
 * @example
 * ```ts
 * writeFileSync("statement.json", encodeStatement(statement));
 * ```
 */
export function encodeStatement(statement: EvidenceStatement): Uint8Array {
  return statementBytes(checkStatement(statement));
}

/**
 * Reads a statement and takes no other bytes than those that `encodeStatement` makes: so no member stands twice, and one
 * commitment has one text.
 *
 * @throws JusticeError STATEMENT_MALFORMED
 * @example
 * ```ts
 * const statement = decodeStatement(readFileSync("statement.json"));
 * ```
 */
export function decodeStatement(bytes: Uint8Array): EvidenceStatement {
  if (bytes.length > MOST_BYTES) refuseStatement("", `must have at most ${MOST_BYTES} bytes, not ${bytes.length}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    // Without the cause: it quotes the statement, which is secret.
    return refuseStatement("", "must be JSON in UTF-8");
  }
  const statement = checkStatement(value);
  if (!sameBytes(encodeStatement(statement), bytes)) {
    refuseStatement("", "must be in the canonical form of RFC 8785, each member once");
  }
  return statement;
}

function positive(value: unknown, path: string, refuse: (path: string, problem: string) => never): number {
  const number = whole(value, path, refuse);
  return number === 0 ? refuse(path, "must be above 0") : number;
}

/** A text of a pattern, in whose refusal the words stand. */
function textOf(pattern: RegExp, words: string): JsonReader<string> {
  return (value, path, refuse) => {
    if (typeof value !== "string" || !pattern.test(value)) return refuse(path, `must be ${words}`);
    return value;
  };
}

function refuseStatement(path: string, problem: string): never {
  throw new JusticeError(
    "STATEMENT_MALFORMED",
    `${path === "" ? "the statement" : `the statement's ${path}`} ${problem}`,
  );
}
