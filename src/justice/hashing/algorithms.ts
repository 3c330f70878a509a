import { HashingError } from "./HashingError.js";

/** A hash function by the name that statements and manifests use. */
export type DigestAlgorithm = "sha-256" | "sha-512" | "sha3-512";

/** A digest with the function that made it. */
export interface NamedDigest {
  algorithm: DigestAlgorithm;
  /** Lower-case hex without prefix. */
  value: string;
}

/** How something is hashed. */
export interface HashOptions {
  /** Distinct; the digests come in this order. */
  algorithms: readonly DigestAlgorithm[];
  /** Told after each piece how many bytes are done, and of how many where that is known. */
  onProgress?: (bytesDone: number, bytesTotal?: number) => void;
  /** Stops the hashing, which then throws the signal's reason. */
  signal?: AbortSignal;
}

/** What came of hashing. */
export interface HashResult {
  /** In bytes. */
  size: number;
  digests: NamedDigest[];
}

/**
 * The functions that are offered, with the length of their digests in bytes: two families (FIPS 180-4 and FIPS 202), so
 * that a statement with one of each outlives the fall of either.
 *
 * @example
 * ```ts
 * const length = DIGEST_ALGORITHMS["sha3-512"]; // 64
 * ```
 */
export const DIGEST_ALGORITHMS: Readonly<Record<DigestAlgorithm, number>> = {
  "sha-256": 32,
  "sha-512": 64,
  "sha3-512": 64,
};

/**
 * Checks that names of hash functions are known, distinct and at least one.
 *
 * @throws HashingError ALGORITHM_UNKNOWN
 * @example
 * ```ts
 * requireAlgorithms(["sha-256", "sha3-512"]);
 * ```
 */
export function requireAlgorithms(algorithms: readonly string[]): asserts algorithms is readonly DigestAlgorithm[] {
  const unknown = algorithms.find((name) => !Object.hasOwn(DIGEST_ALGORITHMS, name));
  if (unknown !== undefined) throw new HashingError("ALGORITHM_UNKNOWN", `no such hash function here: ${unknown}`);
  if (algorithms.length === 0 || new Set(algorithms).size !== algorithms.length)
    throw new HashingError(
      "ALGORITHM_UNKNOWN",
      `hash functions must be given, each once, not: [${algorithms.join(", ")}]`,
    );
}
