import type { ErasureCertificate, HandOut } from "./erasureCertificate.js";
import { HealthError } from "./HealthError.js";

/** What a controller keeps of a patient. */
export interface PatientEntry {
  /** 32 random bytes, which all salts of the patient's records come of. Zeros once it was destroyed. */
  readonly key: Uint8Array;
  /** What others were given, in its order. */
  readonly handOuts: readonly HandOut[];
}

/** A certificate that its patient has not got yet. */
export interface UndeliveredCertificate {
  /** The controller's own name for the patient. */
  readonly patient: string;
  readonly certificate: ErasureCertificate;
}

/** What is in a key store. */
export interface KeyStoreState {
  /** By the controller's own name for the patient, which goes nowhere else. */
  readonly patients: ReadonlyMap<string, PatientEntry>;
  /** Certificates of erasures that were carried out and not delivered yet, as after a crash. */
  readonly undelivered: readonly UndeliveredCertificate[];
}

/** The state that a change writes into. */
export interface KeyStoreDraft {
  readonly patients: Map<string, PatientEntry>;
  undelivered: readonly UndeliveredCertificate[];
}

/** A change of the state: it throws before it has changed anything, or not at all. */
export type KeyStoreChange<T> = (draft: KeyStoreDraft) => T | Promise<T>;

/**
 * What a key store, or a draft of it, keeps of a patient.
 *
 * @throws HealthError PATIENT_UNKNOWN
 * @example
 * ```ts
 * const { handOuts } = entryOf(store.state, "patient 7");
 * ```
 */
export function entryOf(state: Pick<KeyStoreState, "patients">, patient: string): PatientEntry {
  const entry = state.patients.get(patient);
  if (entry === undefined)
    throw new HealthError("PATIENT_UNKNOWN", "there is no key for this patient: never, or no more");
  return entry;
}
