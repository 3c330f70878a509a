import { keccak_256 } from "@noble/hashes/sha3.js";

import { HealthError } from "./HealthError.js";

const WORD_BYTES = 32;

/** What every commitment begins with: the ids of its domain, of the digest's algorithm and of the canonicalisation. */
const IDS = ["diwan.health.record", "sha-256", "fhir-json-lossless-1"];

/** The ids, made when they are first asked for. */
let prefix: Uint8Array | undefined;

/**
 * The commitment to a record, which a provider anchors:
 * `keccak256(domain ‖ algorithm ‖ canonicalisation ‖ salt ‖ digest)`, 32 bytes each, where the first three are keccak256 of
 * "diwan.health.record", "sha-256" and "fhir-json-lossless-1": whoever has the parts knows how they were made, and another way
 * of making them gives another commitment.
 *
 * @param salt The record's own, 32 bytes: see recordSalt.
 * @param digest SHA-256 of the record's canonical form: see canonicalizeFhir.
 * @param keccak What hashes; JavaScript, if left out. `loadRecordHashes` gives a faster one.
 * @returns 32 bytes.
 * @throws HealthError RECORD_MALFORMED when one is not of 32 bytes.
 * @example
 * ```ts
 * const commitment = recordCommitment(salt, sha256(canonicalizeFhir(text)));
 * ```
 */
export function recordCommitment(
  salt: Uint8Array,
  digest: Uint8Array,
  keccak: (bytes: Uint8Array) => Uint8Array = keccak_256,
): Uint8Array {
  if (salt.length !== WORD_BYTES || digest.length !== WORD_BYTES) {
    throw new HealthError(
      "RECORD_MALFORMED",
      `a salt and a digest have 32 bytes, not ${salt.length} and ${digest.length}`,
    );
  }
  const ids = (prefix ??= prefixOf(IDS));
  const input = new Uint8Array(ids.length + 2 * WORD_BYTES);
  input.set(ids, 0);
  input.set(salt, ids.length);
  input.set(digest, ids.length + WORD_BYTES);
  return keccak(input);
}

function prefixOf(names: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(names.length * WORD_BYTES);
  for (const [i, name] of names.entries()) {
    bytes.set(keccak_256(new TextEncoder().encode(name)), i * WORD_BYTES);
  }
  return bytes;
}
