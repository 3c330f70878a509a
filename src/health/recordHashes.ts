import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { createKeccak, createSHA256 } from "hash-wasm";

/** The hash functions of a commitment: bytes to 32 bytes. */
export interface RecordHashes {
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  readonly keccak: (bytes: Uint8Array) => Uint8Array;
}

/**
 * Hash functions in JavaScript (`@noble/hashes`), which need no loading.
 *
 * @example
 * ```ts
 * const digest = NOBLE_HASHES.sha256(canonicalizeFhir(text));
 * ```
 */
export const NOBLE_HASHES: RecordHashes = { sha256, keccak: keccak_256 };

/**
 * Loads hash functions in WebAssembly (`hash-wasm`), some two to six times faster than JavaScript: worth it from some hundred
 * records on. In a page whose Content-Security-Policy names script sources they need `'wasm-unsafe-eval'`.
 *
 * @returns The functions; not to be used by two that run at once in one thread, which only asynchronous callers could.
 * @example
 * ```ts
 * const hashes = await loadRecordHashes();
 * for (const row of rows) check(commitRecord(row.text, keyOf(row.patient), row, hashes));
 * ```
 */
export async function loadRecordHashes(): Promise<RecordHashes> {
  const [sha, keccak] = await Promise.all([createSHA256(), createKeccak(256)]);
  return {
    sha256: (bytes) => sha.init().update(bytes).digest("binary"),
    keccak: (bytes) => keccak.init().update(bytes).digest("binary"),
  };
}
