import { commitRecord } from "./commitRecord.js";
import type { Recipient, RecordPlace } from "./erasureCertificate.js";
import { isCount } from "./forms.js";
import { HealthError } from "./HealthError.js";
import type { KeyStore } from "./keyStore.js";
import { entryOf } from "./keyStoreState.js";
import type { RecordMembership, RecordPackage } from "./recordPackage.js";
import type { RecordVersion } from "./recordSalt.js";
import { isRecipient } from "./verifyErasureCertificate.js";
import { verifyPackage } from "./verifyPackage.js";

/** What is handed out, and to whom. */
export interface HandOutRequest extends RecordVersion, RecordPlace {
  /** The controller's own name for the patient; the package does not hold it. */
  readonly patient: string;
  /** The record as the controller keeps it. */
  readonly source: string | Uint8Array;
  readonly recipient: Recipient;
  /** The time, in Unix seconds. */
  readonly now: number;
  /** Where the record stands in a batch, if it was not anchored alone. */
  readonly membership?: RecordMembership;
}

/**
 * Makes the package by which a recipient verifies a record without the controller, and notes in the key store who gets it: an
 * erasure certificate will say so. The note is on the disk when the package is returned. Hand-outs that are asked for at once are
 * written together.
 *
 * Whether the recipient may have the record is asked elsewhere, of the consents. A package cannot be taken back.
 *
 * @param store The controller's key store.
 * @param request What is handed out.
 * @throws HealthError PATIENT_UNKNOWN; PACKAGE_NOT_IN_BATCH when the membership is another record's; PACKAGE_MALFORMED when the
 * recipient, the time, the place or the membership is not of its form; and as `commitRecord`. What the file throws.
 * @example
 * ```ts
 * const request = { patient, source, id: "Observation/f001", version: 1, recipient: { body: 3 }, now, chainId, registry };
 * const text = JSON.stringify(await handOut(store, request));
 * ```
 */
export async function handOut(store: KeyStore, request: HandOutRequest): Promise<RecordPackage> {
  const { patient, source, recipient, now, chainId, registry, membership } = request;
  if (!isRecipient(recipient) || !isCount(now, 1, 2 ** 40 - 1)) {
    const message = "a recipient is a body's index or 32 bytes that stand for a name; a time is in Unix seconds";
    throw new HealthError("PACKAGE_MALFORMED", message);
  }
  return store.save((draft) => {
    const entry = entryOf(draft, patient);
    const { id, version, canonical, kind, salt, commitment } = commitRecord(source, entry.key, request);
    const record = new TextDecoder().decode(canonical);
    const where = { chainId, registry, ...(membership !== undefined && { membership }) };
    const handed: RecordPackage = { format: "diwan-record-1", record, kind, id, version, salt, commitment, ...where };
    verifyPackage(handed);
    const note = { at: now, recipient, id, version, commitment };
    draft.patients.set(patient, { ...entry, handOuts: [...entry.handOuts, note] });
    return handed;
  });
}
