import type { Signer } from "ethers";

import {
  type Erasure,
  type ErasureCertificate,
  type ErasureReason,
  erasureTypedData,
  type RecordPlace,
} from "./erasureCertificate.js";
import { HealthError } from "./HealthError.js";
import type { KeyStore } from "./keyStore.js";
import { entryOf, type UndeliveredCertificate } from "./keyStoreState.js";
import { isErasureCertificate, verifyErasureCertificate } from "./verifyErasureCertificate.js";

const NO_SIGNATURE = `0x${"00".repeat(64)}1b`;

/** What a controller erases, and why. */
export interface ErasureRequest extends RecordPlace {
  /** The controller's own name for the patient; the certificate does not hold it. */
  readonly patient: string;
  /** The controller's index in the trust list. */
  readonly controller: number;
  /** The time, in Unix seconds. */
  readonly now: number;
  readonly reason: ErasureReason;
  /** All commitments to the patient's records, which the chain tells to be erased already: 32 bytes in hex each. */
  readonly tombstoned: readonly string[];
}

/** Brings a certificate to a patient, by the controller's own name. When it returns, the patient has it. */
export type DeliverCertificate = (certificate: ErasureCertificate, patient: string) => Promise<void>;

/**
 * Destroys a patient's key, and with it the salts of all the patient's records: from then on nothing that the controller or the
 * chain has can tell whether a record belongs to a commitment, or which commitments belong together. The patient gets a
 * certificate of that, which says who was given which record; it is not kept.
 *
 * In this order: find the commitments of all the patient's records, which takes the key; tombstone them; call this; delete the
 * records. The key is gone from the file when the certificate is delivered, never after. A crash between the two leaves the
 * certificate in the file until `deliverCertificates` brings it, so that a patient may get it twice, and always gets it.
 *
 * What it cannot do. Copies that were handed out verify as long as somebody has them: the certificate says who does, and the
 * chain says that they were erased. Backups of the key store's file hold the key, see `createKeyStore`. Salts that somebody took
 * down beforehand verify one record each, so nothing but packages should hold them. What this process had in its memory is
 * overwritten where it can be reached, which is not everywhere in JavaScript. Who anchored and tombstoned at a time stays on
 * the chain: tombstone the records of several patients in one transaction, in no order, where that must not tell which belong
 * together.
 *
 * @param store The controller's key store.
 * @param request What is erased.
 * @param signer A key of the controller.
 * @param deliver Brings the certificate to the patient.
 * @throws HealthError PATIENT_UNKNOWN; COMMITMENT_NOT_TOMBSTONED when a record that was handed out is not among the tombstoned;
 * CERTIFICATE_MALFORMED when a value of the request is not of its form; what the signer and the file throw: all of that with the
 * key untouched. What `deliver` throws, with the key destroyed and the certificate kept for `deliverCertificates`.
 * @example
 * ```ts
 * await registry.tombstone(commitments, RECORD_REASONS.indexOf("ERASURE_REQUESTED"));
 * await eraseKey(store, { patient, controller, now, reason: "ERASURE_REQUESTED", tombstoned: commitments, ...place }, key, send);
 * ```
 */
export async function eraseKey(
  store: KeyStore,
  request: ErasureRequest,
  signer: Pick<Signer, "getAddress" | "signTypedData">,
  deliver: DeliverCertificate,
): Promise<ErasureCertificate> {
  const { patient, chainId, registry, controller, now: erasedAt, reason, tombstoned: commitments } = request;
  const undelivered = await store.save(async (draft) => {
    const { handOuts } = entryOf(draft, patient);
    const erased = new Set(commitments);
    const left = handOuts.find(({ commitment }) => !erased.has(commitment));
    if (left !== undefined) {
      throw new HealthError("COMMITMENT_NOT_TOMBSTONED", `${left.commitment} was handed out and is not tombstoned`);
    }
    const key = await signer.getAddress();
    const erasure = { chainId, registry, controller, key, erasedAt, reason, commitments, handOuts };
    const own = { patient, certificate: await certify(erasure, signer) };
    draft.patients.delete(patient);
    draft.undelivered = [...draft.undelivered, own];
    return own;
  });
  await deliverOne(store, undelivered, deliver);
  return undelivered.certificate;
}

/**
 * Brings the certificates of erasures to their patients that a crash, or a failure to deliver, left behind, and forgets them.
 *
 * @param store The controller's key store.
 * @param deliver Brings one.
 * @returns How many there were.
 * @throws What `deliver` and the file throw; those delivered before are forgotten.
 * @example
 * ```ts
 * const store = await openKeyStore("keys.json", password);
 * await deliverCertificates(store, send);
 * ```
 */
export async function deliverCertificates(store: KeyStore, deliver: DeliverCertificate): Promise<number> {
  const { undelivered } = store.state;
  for (const own of undelivered) await deliverOne(store, own, deliver);
  return undelivered.length;
}

async function deliverOne(store: KeyStore, own: UndeliveredCertificate, deliver: DeliverCertificate): Promise<void> {
  await deliver(own.certificate, own.patient);
  await store.save((draft) => {
    // Certificates that state the same of two patients in one second, such as no record at all, have one signature.
    draft.undelivered = draft.undelivered.filter(
      ({ patient, certificate }) => patient !== own.patient || certificate.signature !== own.certificate.signature,
    );
  });
}

async function certify(erasure: Erasure, signer: Pick<Signer, "signTypedData">): Promise<ErasureCertificate> {
  const unsigned = { format: "diwan-erasure-1", ...erasure, signature: NO_SIGNATURE };
  if (!isErasureCertificate(unsigned)) {
    throw new HealthError("CERTIFICATE_MALFORMED", "a value of the request is not of the form that a certificate has");
  }
  const { domain, types, message } = erasureTypedData(erasure);
  const signature = await signer.signTypedData(domain, types, message);
  return verifyErasureCertificate({ ...unsigned, signature }, erasure);
}
