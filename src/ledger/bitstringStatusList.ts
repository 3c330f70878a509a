import { compress, decompress } from "./compressed.js";
import { LedgerError } from "./LedgerError.js";
import type { StatusBits } from "./statusBits.js";

/** Entries that a list has at least, so that one fetched says little of who is asked about. */
const LEAST_ENTRIES = 131_072;

/** What a list tells; "message" is for two-bit lists, whose entries say what each value means. */
export type StatusPurpose = "revocation" | "suspension" | "message";

/** A W3C BitstringStatusListCredential that is not yet secured by its issuer. */
export interface BitstringStatusListCredential {
  "@context": string[];
  id: string;
  type: string[];
  issuer: string;
  validFrom?: string;
  validUntil?: string;
  credentialSubject: {
    id: string;
    type: "BitstringStatusList";
    statusPurpose: StatusPurpose;
    encodedList: string;
    /** How long the list may be kept, in milliseconds. */
    ttl?: number;
  };
}

/** What a credential says of where its status is: the W3C BitstringStatusListEntry. */
export interface BitstringStatusListEntry {
  id: string;
  type: "BitstringStatusListEntry";
  statusPurpose: StatusPurpose;
  statusListIndex: string;
  statusListCredential: string;
  statusSize?: number;
  statusMessage?: { status: string; message: string }[];
}

/**
 * Encodes a bitstring as a W3C Bitstring Status List: GZIP in multibase base64url. It is filled up with zeros to
 * 131,072 entries, the least that the standard allows.
 *
 * @param bitstring A list's bytes.
 * @param bits Bits an entry (the standard's `statusSize`).
 * @example
 * ```ts
 * const encodedList = await encodeBitstringStatusList(bitstring, 1);
 * ```
 */
export async function encodeBitstringStatusList(bitstring: Uint8Array, bits: StatusBits): Promise<string> {
  const padded = new Uint8Array(Math.max(bitstring.length, leastBytes(bits)));
  padded.set(bitstring);
  return `u${await compress(padded, "gzip")}`;
}

/**
 * Decodes the `encodedList` of a W3C Bitstring Status List that anyone may have made.
 *
 * @param encodedList Multibase base64url of GZIP.
 * @param bits Bits an entry (the standard's `statusSize`).
 * @param maxBytes The largest bitstring accepted; 16 MiB, if left out.
 * @throws LedgerError STATUS_LIST_MALFORMED; STATUS_LIST_TOO_LARGE; STATUS_LIST_TOO_SHORT when it has fewer entries than
 * the standard allows (its STATUS_LIST_LENGTH_ERROR).
 * @example
 * ```ts
 * const bitstring = await decodeBitstringStatusList(credential.credentialSubject.encodedList, 1);
 * const status = getStatus(bitstring, 1, Number(entry.statusListIndex));
 * ```
 */
export async function decodeBitstringStatusList(
  encodedList: string,
  bits: StatusBits,
  maxBytes = 2 ** 24,
): Promise<Uint8Array> {
  if (!encodedList.startsWith("u")) {
    throw new LedgerError("STATUS_LIST_MALFORMED", "the list is not multibase base64url, which begins with u");
  }
  const bitstring = await decompress(encodedList.slice(1), "gzip", maxBytes);
  if (bitstring.length < leastBytes(bits)) {
    throw new LedgerError("STATUS_LIST_TOO_SHORT", `the list has fewer than ${LEAST_ENTRIES} entries`);
  }
  return bitstring;
}

/**
 * Makes the credential that publishes a list; the issuer then secures it.
 *
 * @param options.id Where the credential will be found.
 * @param options.issuer The issuer's identifier.
 * @param options.statusPurpose What the list tells.
 * @param options.bitstring The list's bytes.
 * @param options.bits Bits an entry.
 * @param options.validFrom Start of its validity.
 * @param options.validUntil End of its validity.
 * @param options.ttl How long it may be kept, in milliseconds.
 * @example
 * ```ts
 * const credential = await bitstringStatusListCredential({
 *   id: "https://example.org/status/3", issuer: "did:example:office", statusPurpose: "revocation", bitstring, bits: 1,
 * });
 * ```
 */
export async function bitstringStatusListCredential(options: {
  id: string;
  issuer: string;
  statusPurpose: StatusPurpose;
  bitstring: Uint8Array;
  bits: StatusBits;
  validFrom?: Date;
  validUntil?: Date;
  ttl?: number;
}): Promise<BitstringStatusListCredential> {
  const { id, issuer, statusPurpose, bitstring, bits, validFrom, validUntil, ttl } = options;
  return {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer,
    ...(validFrom && { validFrom: validFrom.toISOString() }),
    ...(validUntil && { validUntil: validUntil.toISOString() }),
    credentialSubject: {
      id: `${id}#list`,
      type: "BitstringStatusList",
      statusPurpose,
      encodedList: await encodeBitstringStatusList(bitstring, bits),
      ...(ttl !== undefined && { ttl }),
    },
  };
}

/**
 * Makes what a credential says of where its status is. Of a two-bit list it names the four values.
 *
 * @param statusListCredential Where the list's credential is found.
 * @param index The entry's index in the list.
 * @param statusPurpose The list's purpose.
 * @param bits Bits an entry.
 * @example
 * ```ts
 * const credentialStatus = bitstringStatusListEntry("https://example.org/status/3", 94_567, "message", 2);
 * ```
 */
export function bitstringStatusListEntry(
  statusListCredential: string,
  index: number,
  statusPurpose: StatusPurpose,
  bits: StatusBits,
): BitstringStatusListEntry {
  const messages = ["valid", "invalid", "suspended", "application specific"];
  return {
    id: `${statusListCredential}#${index}`,
    type: "BitstringStatusListEntry",
    statusPurpose,
    statusListIndex: String(index),
    statusListCredential,
    ...(bits === 2 && {
      statusSize: 2,
      statusMessage: messages.map((message, value) => ({ status: `0x${value}`, message })),
    }),
  };
}

function leastBytes(bits: StatusBits): number {
  return (LEAST_ENTRIES * bits) / 8;
}
