import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

import { AnchorError } from "./AnchorError.js";

/** A hash function that a time stamp may be asked for with. */
export type TimeStampAlgorithm = "sha-256" | "sha-384" | "sha-512" | "sha3-256" | "sha3-512";

/**
 * The object identifiers of hash functions, and the length of their digests in bytes.
 *
 * @example
 * ```ts
 * const { oid } = TIME_STAMP_HASHES["sha-256"];
 * ```
 */
export const TIME_STAMP_HASHES: Readonly<Record<TimeStampAlgorithm, { oid: string; bytes: number }>> = {
  "sha-256": { oid: "2.16.840.1.101.3.4.2.1", bytes: 32 },
  "sha-384": { oid: "2.16.840.1.101.3.4.2.2", bytes: 48 },
  "sha-512": { oid: "2.16.840.1.101.3.4.2.3", bytes: 64 },
  "sha3-256": { oid: "2.16.840.1.101.3.4.2.8", bytes: 32 },
  "sha3-512": { oid: "2.16.840.1.101.3.4.2.10", bytes: 64 },
};

/** What a signature is made with: SHA-1 and what is older are not taken. */
export interface SignedHash {
  /** As WebCrypto calls it. */
  name: "SHA-256" | "SHA-384" | "SHA-512";
  hash: (bytes: Uint8Array) => Uint8Array;
}

/**
 * Hash functions of signatures, by object identifier.
 *
 * @example
 * ```ts
 * const digest = SIGNED_HASHES["2.16.840.1.101.3.4.2.1"]?.hash(bytes);
 * ```
 */
export const SIGNED_HASHES: Readonly<Record<string, SignedHash>> = {
  "2.16.840.1.101.3.4.2.1": { name: "SHA-256", hash: sha256 },
  "2.16.840.1.101.3.4.2.2": { name: "SHA-384", hash: sha384 },
  "2.16.840.1.101.3.4.2.3": { name: "SHA-512", hash: sha512 },
};

/**
 * Checks that a digest has its function's length.
 *
 * @returns The function's object identifier.
 * @throws AnchorError DIGEST_MALFORMED
 * @example
 * ```ts
 * const oid = requireDigest(digest, "sha-256");
 * ```
 */
export function requireDigest(digest: Uint8Array, algorithm: TimeStampAlgorithm): string {
  const known = Object.hasOwn(TIME_STAMP_HASHES, algorithm) ? TIME_STAMP_HASHES[algorithm] : undefined;
  if (known === undefined) throw new AnchorError("DIGEST_MALFORMED", `no such hash function here: ${algorithm}`);
  if (digest.length !== known.bytes)
    throw new AnchorError(
      "DIGEST_MALFORMED",
      `a digest by ${algorithm} has ${known.bytes} bytes, not ${digest.length}`,
    );
  return known.oid;
}
