import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

import {
  ADDRESS,
  BYTES32,
  type JsonReader,
  LINE,
  listOf,
  objectOf,
  oneOf,
  SIGNATURE,
  textLike,
  wholeBelow,
} from "../../ledger/readJson.js";
import { sameBytes } from "../../ledger/sameBytes.js";
import type { NamedDigest } from "../hashing/algorithms.js";
import { JusticeError } from "../JusticeError.js";
import { readDigest } from "../readDigest.js";
import { statementBytes } from "../statementBytes.js";
import { EXHIBIT_REFUSALS, type ExhibitRefusal } from "./exhibitState.js";

/**
 * What remains of a hand-over, done or refused: who passed which exhibit to whom, when, and the receipt before. Its digest is the
 * SHA-256 of its canonical JSON, by which the next receipt names it. Modelled on the receipts of practice.
 */
export interface CustodyReceipt {
  schema: typeof CUSTODY_RECEIPT_SCHEMA;
  /** How the digest's bytes are made. */
  canonicalisation: "RFC 8785";
  /** From 0, without a gap. */
  number: number;
  /** The digest of the receipt before, 32 bytes in hex without prefix; none in the first. */
  previous?: string;
  chainId: number;
  /** The registry's address, in lower case. */
  registry: string;
  /** The exhibit's id: its commitment. */
  exhibit: string;
  /** As the custodian numbers it, where the statement says so and was given. */
  exhibitNumber?: string;
  /** The digests of the exhibit itself, where the statement was given. */
  digests?: NamedDigest[];
  /** How often custody had changed before. */
  hop: number;
  /** The bodies: their indices in the trust list. */
  from: number;
  to: number;
  /** When the exhibit was offered, in Unix seconds; of a hand-over without an offer, when both signatures were carried. */
  sentAt: number;
  outcome: "ACCEPTED" | "REJECTED";
  /** When custody changed, in Unix seconds. */
  acceptedAt?: number;
  /** When the exhibit was refused, in Unix seconds. */
  rejectedAt?: number;
  /** Why it was refused. */
  reason?: ExhibitRefusal;
  /** The transaction that decided, and its block's number. */
  transaction: string;
  block: number;
  /** Both parties' signatures (EIP-712), where they are known. */
  signatures?: CustodySignatures;
}

/** What both parties signed; exhibit, hop, chain and registry are the receipt's. Addresses are in lower case. */
export interface CustodySignatures {
  from: string;
  to: string;
  /** The last second at which the signatures count, in Unix seconds. */
  deadline: number;
  fromSignature: string;
  toSignature: string;
}

/**
 * Names the form of a receipt.
 *
 * @example
 * ```ts
 * const isReceipt = JSON.parse(text).schema === CUSTODY_RECEIPT_SCHEMA;
 * ```
 */
export const CUSTODY_RECEIPT_SCHEMA = "diwan.custody.receipt.v1";

/** Larger ones are no receipts: a wallet's signature has at most 2,048 bytes. */
const MOST_BYTES = 16_384;

const whole = wholeBelow(Number.MAX_SAFE_INTEGER);
const time = wholeBelow(2 ** 40);
const body = wholeBelow(2 ** 32);

const receiptReader: JsonReader<CustodyReceipt> = objectOf(
  {
    schema: oneOf([CUSTODY_RECEIPT_SCHEMA]),
    canonicalisation: oneOf(["RFC 8785"]),
    number: whole,
    chainId: whole,
    registry: textLike(ADDRESS),
    exhibit: textLike(BYTES32),
    hop: wholeBelow(2 ** 16),
    ...{ from: body, to: body },
    sentAt: time,
    outcome: oneOf(["ACCEPTED", "REJECTED"]),
    transaction: textLike(BYTES32),
    block: whole,
  },
  {
    previous: textLike(/^[0-9a-f]{64}$/),
    exhibitNumber: textLike(LINE),
    digests: listOf(readDigest, 2),
    acceptedAt: time,
    rejectedAt: time,
    reason: oneOf(EXHIBIT_REFUSALS.filter((reason) => reason !== "NONE")),
    signatures: objectOf({
      from: textLike(ADDRESS),
      to: textLike(ADDRESS),
      deadline: whole,
      fromSignature: textLike(SIGNATURE),
      toSignature: textLike(SIGNATURE),
    }),
  },
);

/**
 * Checks that a value is a receipt, to the letter, and that its members agree with its outcome.
 *
 * @returns A copy that has the receipt's members and nothing else.
 * @throws JusticeError CUSTODY_RECEIPT_MALFORMED, naming the member
 * @example
 * ```ts
 * const receipt = checkCustodyReceipt(JSON.parse(text));
 * ```
 */
export function checkCustodyReceipt(value: unknown): CustodyReceipt {
  const receipt = receiptReader(value, "", refuse);
  const isAccepted = receipt.outcome === "ACCEPTED";
  const needed = isAccepted ? (["acceptedAt"] as const) : (["rejectedAt", "reason"] as const);
  const barred = isAccepted ? (["rejectedAt", "reason"] as const) : (["acceptedAt", "signatures"] as const);
  for (const name of needed) if (receipt[name] === undefined) refuse(name, `is missing, as it is ${receipt.outcome}`);
  for (const name of barred) if (receipt[name] !== undefined) refuse(name, `is there, though it is ${receipt.outcome}`);
  if ((receipt.number === 0) !== (receipt.previous === undefined)) refuse("previous", "is what the first alone lacks");
  return receipt;
}

/**
 * A receipt's bytes: canonical JSON (RFC 8785) in UTF-8.
 *
 * @throws JusticeError CUSTODY_RECEIPT_MALFORMED
 * @example
 * ```ts
 * writeFileSync("receipt-0.json", encodeCustodyReceipt(receipt));
 * ```
 */
export function encodeCustodyReceipt(receipt: CustodyReceipt): Uint8Array {
  return statementBytes(checkCustodyReceipt(receipt));
}

/**
 * A receipt's digest, by which the next one names it.
 *
 * @returns The SHA-256 of its canonical bytes, in hex without prefix.
 * @throws JusticeError CUSTODY_RECEIPT_MALFORMED
 * @example
 * ```ts
 * const isNext = next.previous === custodyReceiptDigest(receipt);
 * ```
 */
export function custodyReceiptDigest(receipt: CustodyReceipt): string {
  return bytesToHex(sha256(encodeCustodyReceipt(receipt)));
}

/**
 * Reads a receipt and takes no other bytes than those that `encodeCustodyReceipt` makes.
 *
 * @throws JusticeError CUSTODY_RECEIPT_MALFORMED
 * @example
 * ```ts
 * const receipts = paths.map((path) => decodeCustodyReceipt(readFileSync(path)));
 * ```
 */
export function decodeCustodyReceipt(bytes: Uint8Array): CustodyReceipt {
  if (bytes.length > MOST_BYTES) refuse("", `has more than ${MOST_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new JusticeError("CUSTODY_RECEIPT_MALFORMED", "the receipt is no JSON in UTF-8", { cause });
  }
  const receipt = checkCustodyReceipt(value);
  if (!sameBytes(encodeCustodyReceipt(receipt), bytes)) refuse("", "is not in canonical form");
  return receipt;
}

function refuse(path: string, problem: string): never {
  throw new JusticeError("CUSTODY_RECEIPT_MALFORMED", `the receipt${path === "" ? "" : `'s ${path}`} ${problem}`);
}
