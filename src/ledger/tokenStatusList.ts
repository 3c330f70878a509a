import { compress, decompress } from "./compressed.js";
import { LedgerError } from "./LedgerError.js";
import type { StatusBits } from "./statusBits.js";

/** An IETF Token Status List in JSON: the claim `status_list` of a Status List Token. */
export interface TokenStatusList {
  /** Bits an entry. */
  bits: StatusBits;
  /** Base64url of ZLIB. */
  lst: string;
}

/** The claims of a Status List Token in JWT form; its header has `typ: "statuslist+jwt"`. */
export interface StatusListTokenClaims {
  /** Where the token will be found. */
  sub: string;
  /** When it was issued, in seconds. */
  iat: number;
  /** When it ends, in seconds. */
  exp?: number;
  /** How long it may be kept, in seconds. */
  ttl?: number;
  status_list: TokenStatusList;
}

/**
 * Encodes a bitstring as an IETF Token Status List. The first entry moves from the left-most bits of its byte, where
 * the contracts and W3C have it, to the right-most; the bits of one entry keep their order.
 *
 * @param bitstring A list's bytes, first entry left-most.
 * @param bits Bits an entry.
 * @example
 * ```ts
 * const status_list = await encodeTokenStatusList(bitstring, 2);
 * ```
 */
export async function encodeTokenStatusList(bitstring: Uint8Array, bits: StatusBits): Promise<TokenStatusList> {
  return { bits, lst: await compress(mirrored(bitstring, bits), "deflate") };
}

/**
 * Decodes an IETF Token Status List that anyone may have made.
 *
 * @param list The claim `status_list`.
 * @param maxBytes The largest bitstring accepted; 16 MiB, if left out.
 * @returns The list's bytes, first entry left-most, as all functions here take them.
 * @throws LedgerError STATUS_LIST_MALFORMED, also for four or eight bits an entry; STATUS_LIST_TOO_LARGE
 * @example
 * ```ts
 * const bitstring = await decodeTokenStatusList(claims.status_list);
 * const status = getStatus(bitstring, claims.status_list.bits, idx);
 * ```
 */
export async function decodeTokenStatusList(
  list: { bits: number; lst: unknown },
  maxBytes = 2 ** 24,
): Promise<Uint8Array> {
  if ((list.bits !== 1 && list.bits !== 2) || typeof list.lst !== "string") {
    throw new LedgerError("STATUS_LIST_MALFORMED", "the list has neither one nor two bits an entry, or no data");
  }
  return mirrored(await decompress(list.lst, "deflate", maxBytes), list.bits);
}

/**
 * Makes the claims of the token that publishes a list; the issuer then signs it.
 *
 * @param options.sub Where the token will be found.
 * @param options.bitstring The list's bytes, first entry left-most.
 * @param options.bits Bits an entry.
 * @param options.iat When it is issued, in seconds.
 * @param options.exp When it ends, in seconds.
 * @param options.ttl How long it may be kept, in seconds.
 * @example
 * ```ts
 * const claims = await statusListTokenClaims({ sub: "https://example.org/status/3", bitstring, bits: 2, iat });
 * ```
 */
export async function statusListTokenClaims(options: {
  sub: string;
  bitstring: Uint8Array;
  bits: StatusBits;
  iat: number;
  exp?: number;
  ttl?: number;
}): Promise<StatusListTokenClaims> {
  const { sub, bitstring, bits, iat, exp, ttl } = options;
  return {
    sub,
    iat,
    ...(exp !== undefined && { exp }),
    ...(ttl !== undefined && { ttl }),
    status_list: await encodeTokenStatusList(bitstring, bits),
  };
}

/**
 * Makes what a token says of where its status is: the claim `status`.
 *
 * @param uri Where the list's token is found.
 * @param idx The entry's index in the list.
 * @example
 * ```ts
 * const status = statusListReference("https://example.org/status/3", 94_567);
 * ```
 */
export function statusListReference(uri: string, idx: number): { status_list: { idx: number; uri: string } } {
  return { status_list: { idx, uri } };
}

/** Reverses the order of the entries within each byte; doing it twice changes nothing. */
function mirrored(bitstring: Uint8Array, bits: StatusBits): Uint8Array {
  return bitstring.map((byte) => {
    let mirror = 0;
    for (let shift = 0; shift < 8; shift += bits) {
      mirror = (mirror << bits) | ((byte >> shift) & (2 ** bits - 1));
    }
    return mirror;
  });
}
