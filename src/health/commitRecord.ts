import { bytesToHex } from "@noble/hashes/utils.js";

import { recordCommitment } from "./recordCommitment.js";
import { NOBLE_HASHES, type RecordHashes } from "./recordHashes.js";
import { recordKindOf } from "./recordKinds.js";
import { recordSalt, type RecordVersion } from "./recordSalt.js";
import { scanFhir } from "./scanFhir.js";

/** A version of a record with what was made for the chain; all but the commitment and the kind is secret. */
export interface CommittedRecord extends RecordVersion {
  /** Its canonical form, in UTF-8. */
  canonical: Uint8Array;
  /** The number of its resource type. */
  kind: number;
  /** 32 bytes in hex. */
  salt: string;
  /** What is anchored: 32 bytes in hex. */
  commitment: string;
}

/**
 * Commits to a version of a record: what is anchored of it says nothing of it to those who have not its salt.
 *
 * @param source A FHIR R4 resource in JSON: text, or its bytes in UTF-8, as it was received.
 * @param patientKey 32 random bytes that nobody but the controller has.
 * @param record The version; members besides are left alone.
 * @param hashes What hashes; JavaScript, if left out. `loadRecordHashes` gives faster ones.
 * @throws FhirJsonError as `canonicalizeFhir`; HealthError RECORD_KIND_UNKNOWN when it is no FHIR R4 resource;
 * RECORD_MALFORMED as `recordSalt`
 * @example
 * ```ts
 * const { commitment, kind } = commitRecord(text, keys.keyOf("patient 7"), { id: "Observation/f001", version: 1 });
 * await registry.anchor(commitment, kind);
 * ```
 */
export function commitRecord(
  source: string | Uint8Array,
  patientKey: Uint8Array,
  { id, version }: RecordVersion,
  hashes: RecordHashes = NOBLE_HASHES,
): CommittedRecord {
  const { canonical, resourceType } = scanFhir(source);
  const kind = recordKindOf(resourceType ?? "");
  const salt = recordSalt(patientKey, { id, version });
  const commitment = recordCommitment(salt, hashes.sha256(canonical), hashes.keccak);
  return { id, version, canonical, kind, salt: toHex(salt), commitment: toHex(commitment) };
}

/** As ethers' hexlify, some times faster. */
function toHex(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`;
}
