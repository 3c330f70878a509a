import { concat, getBytes, hexlify, id, isHexString, keccak256, sha256 } from "ethers";

import { canonicalizeFhir } from "../canonicalizeFhir.js";
import { HealthError } from "../HealthError.js";

/** What an opening begins with: another domain than a record's, so that an anchored record never opens its prescription. */
const IDS = ["diwan.health.prescription.opening", "sha-256", "fhir-json-lossless-1"];

/**
 * What opens a prescription at a pharmacy: `keccak256(domain ‖ algorithm ‖ canonicalisation ‖ salt ‖ digest)`, 32 bytes each,
 * where the first three are keccak256 of "diwan.health.prescription.opening", "sha-256" and "fhir-json-lossless-1", and the
 * digest is SHA-256 of the prescription's canonical form. The patient carries the prescription and its salt, and shows both;
 * the pharmacy works the opening out, and so knows that what it was shown is what the prescriber issued.
 *
 * The opening is the secret that lets an accredited pharmacy dispense: until the first dispensing, which puts it on the chain,
 * it belongs to the patient and to whom the patient shows it.
 *
 * @param salt 32 random bytes in hex, of this prescription alone: `newSalt()`. Not the salt of the record.
 * @param source The prescription, a FHIR R4 MedicationRequest in JSON: text, or its bytes in UTF-8.
 * @returns 32 bytes in hex.
 * @throws FhirJsonError as `canonicalizeFhir`; HealthError PRESCRIPTION_MALFORMED when the salt is none.
 * @example
 * ```ts
 * const salt = newSalt();
 * const opening = prescriptionOpening(salt, medicationRequest);
 * const id = prescriptionId(opening);
 * ```
 */
export function prescriptionOpening(salt: string, source: string | Uint8Array): string {
  if (!isHexString(salt, 32) || getBytes(salt).every((byte) => byte === 0)) {
    throw new HealthError("PRESCRIPTION_MALFORMED", "the salt of a prescription is 32 random bytes in hex");
  }
  const digest = sha256(canonicalizeFhir(source));
  return keccak256(concat([...IDS.map((name) => id(name)), hexlify(salt), digest]));
}
