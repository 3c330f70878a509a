import { ADDRESS, BYTES32, listOf, objectOf, oneOf, textLike, wholeBelow } from "../../ledger/readJson.js";
import { PackageError } from "./PackageError.js";

interface AnchorCommon {
  schema: typeof TRUST_ANCHOR_SCHEMA;
  chainId: number;
  registry: string;
  trustList: string;
  /** DER certificates in hex: of time stamp authorities, or of those that certify them. */
  tsaCertificates?: string[];
  /** Verifier keys of witnesses, as C2SP writes them. */
  witnessKeys?: string[];
  bitcoin?: { height: number; hash: string; header: string }[];
}

/** What a verifier must already trust, from elsewhere than the package. */
export type TrustAnchor = AnchorCommon &
  (
    | { kind: "block"; number: number; hash: string }
    | { kind: "validators"; validators: string[] }
    | { kind: "genesis"; hash: string; epoch: number }
    | { kind: "clique"; hash: string; period: number; epoch: number }
  );

/**
 * Names the form of a trust anchor.
 *
 * @example
 * ```ts
 * const anchor = { schema: TRUST_ANCHOR_SCHEMA, kind: "block", chainId, registry, trustList, number, hash };
 * ```
 */
export const TRUST_ANCHOR_SCHEMA = "diwan.trust-anchor.v1";

const MOST_CHARACTERS = 2 ** 22;
const whole = wholeBelow(Number.MAX_SAFE_INTEGER);
const hex = textLike(/^0x(?:[0-9a-f]{2})+$/);
const hash = textLike(BYTES32);
const address = textLike(ADDRESS);
const common = {
  schema: oneOf([TRUST_ANCHOR_SCHEMA]),
  chainId: whole,
  registry: address,
  trustList: address,
};
const optional = {
  tsaCertificates: listOf(hex, 64),
  witnessKeys: listOf(textLike(/^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{1,200}$/), 64),
  bitcoin: listOf(objectOf({ height: whole, hash: textLike(/^[0-9a-f]{64}$/), header: hex }), 64),
};
const READERS = {
  block: objectOf({ ...common, kind: oneOf(["block"]), number: whole, hash }, optional),
  validators: objectOf({ ...common, kind: oneOf(["validators"]), validators: listOf(address, 1000) }, optional),
  genesis: objectOf({ ...common, kind: oneOf(["genesis"]), hash, epoch: whole }, optional),
  clique: objectOf({ ...common, kind: oneOf(["clique"]), hash, period: whole, epoch: whole }, optional),
};

/**
 * Reads a trust anchor's JSON, to the letter.
 *
 * @throws PackageError ANCHOR_MALFORMED
 * @example
 * ```ts
 * const anchor = readTrustAnchor(readFileSync("anchor.json", "utf8"));
 * ```
 */
export function readTrustAnchor(text: string): TrustAnchor {
  const refuse = (path: string, problem: string): never => {
    throw new PackageError("ANCHOR_MALFORMED", "", `the trust anchor: ${path === "" ? "it" : path} ${problem}`);
  };
  if (text.length > MOST_CHARACTERS) return refuse("", "is too long");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("", "is no JSON");
  }
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (typeof kind !== "string" || !Object.hasOwn(READERS, kind)) return refuse("kind", "is none that is known");
  return READERS[kind as keyof typeof READERS](value, "", refuse);
}
