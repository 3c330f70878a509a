import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { HealthError } from "./HealthError.js";

/** A version of a record, as its provider numbers it. */
export interface RecordVersion {
  /** The record's id at its provider, which the patient's records differ by, such as "Observation/f001": 1 to 1,024 bytes. */
  id: string;
  /** From 1 to 65,535, as the chain counts. */
  version: number;
}

const KEY_BYTES = 32;
const MOST_ID_BYTES = 1_024;
const MOST_VERSION = 65_535;
/** With a zero behind, so that no other use of a patient's key begins the same. */
const LABEL = new TextEncoder().encode("diwan.health.salt\0");

/**
 * The salt of a record's version, one of its own for each:
 * `HMAC-SHA-256(patient's key, "diwan.health.salt" ‖ 0x00 ‖ version ‖ id)`, the version as four bytes, big-endian, and the id in
 * UTF-8 last, so that no two pairs give the same bytes. Who has one salt can check one commitment, and learns nothing of
 * the others; without the key nobody finds any.
 *
 * Warning: the same id and version must not be used for two contents. Whoever was shown one could check guesses of the other.
 *
 * @param patientKey 32 random bytes that nobody but the controller has.
 * @param record The version.
 * @returns 32 bytes.
 * @throws HealthError RECORD_MALFORMED when the key, the id or the version is none.
 * @example
 * ```ts
 * const salt = recordSalt(keys.keyOf("patient 7"), { id: "Observation/f001", version: 1 });
 * ```
 */
export function recordSalt(patientKey: Uint8Array, { id, version }: RecordVersion): Uint8Array {
  if (patientKey.length !== KEY_BYTES || patientKey.every((byte) => byte === 0)) {
    throw new HealthError("RECORD_MALFORMED", "a patient's key is 32 random bytes");
  }
  if (!Number.isInteger(version) || version < 1 || version > MOST_VERSION) {
    throw new HealthError("RECORD_MALFORMED", `a version is a whole number from 1 to ${MOST_VERSION}, not ${version}`);
  }
  const name = new TextEncoder().encode(id);
  // A lone surrogate would become the same as any other.
  if (name.length === 0 || name.length > MOST_ID_BYTES || /\p{Surrogate}/u.test(id)) {
    throw new HealthError("RECORD_MALFORMED", `a record's id is Unicode text of 1 to ${MOST_ID_BYTES} bytes`);
  }
  const message = new Uint8Array(LABEL.length + 4 + name.length);
  message.set(LABEL, 0);
  new DataView(message.buffer).setUint32(LABEL.length, version);
  message.set(name, LABEL.length + 4);
  return hmac(sha256, patientKey, message);
}
