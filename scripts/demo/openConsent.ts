import { carrySigned } from "../../src/health/consent/carrySigned.js";
import { EVERYTHING, NO_END } from "../../src/health/consent/consentState.js";
import { signGrant } from "../../src/health/consent/signConsent.js";
import { purposesOf } from "../../src/health/purposes.js";
import { newWallet, walletKey } from "../../src/identity/wallet.js";

import { HEALTH_ROLES } from "./cast.js";
import { PATIENT_KEY } from "./hospital.js";
import type { Job } from "./job.js";

/** Which bodies act in health care, and a patient who lets one of them read: for front ends to try. */
export interface OpenConsent {
  bodies: { body: number; source: string; key: string; roles: readonly string[] }[];
  /** A real patient tells nobody the words: this chain is for trying things out. */
  patient: { words: string; key: number; address: string };
  consent: { grantee: number; scope: string; purposes: string[] };
}

/** Whom the patient lets read. */
const READER = "f201";
const PURPOSES = ["TREAT"];
const DAY = 86_400;

/** Leaves a consent for everything, without an end. */
export async function openConsent(job: Job): Promise<OpenConsent> {
  const { suite, cast, chain } = job;
  const { consentRegistry } = suite.contracts;
  const { phrase } = newWallet();
  const key = walletKey({ phrase }, PATIENT_KEY.hospital);
  const [grantee, from] = [job.body(READER).index, await chain.now()];
  const grant = { grantee, scope: EVERYTHING, purposes: purposesOf(PURPOSES), from, until: NO_END, uses: 0 };
  await carrySigned(
    consentRegistry.connect(cast.relayer),
    await signGrant(consentRegistry, key, grant, { deadline: from + DAY }),
  );
  return {
    bodies: Object.entries(HEALTH_ROLES).map(([organization, roles]) => ({
      ...{ body: job.body(organization).index, source: `Organization/${organization}`, roles },
      key: job.healthOperator(organization).address,
    })),
    patient: { words: phrase, key: PATIENT_KEY.hospital, address: key.address },
    consent: { grantee, scope: EVERYTHING, purposes: PURPOSES },
  };
}
