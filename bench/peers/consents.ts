import { consentAsAttestation } from "./consents/consentAsAttestation.js";
import { consentAsClaim } from "./consents/consentAsClaim.js";
import { consentAsDelegate } from "./consents/consentAsDelegate.js";
import { growAccesses } from "./consents/growAccesses.js";
import type { Family } from "./Family.js";

/** Gas of consents: no peer has a registry of them, so each is asked for the nearest that it has. */
export const consents: Family = {
  name: "consents",
  title: "Consents and accesses",
  about:
    "No peer has a registry of consents and accesses. Each is asked for the nearest that people would take instead: an attestation of the patient, a delegate of the patient's DID for a scope, a claim in the patient's own identity.",
  grow: growAccesses,
  compare: async () => [...(await consentAsAttestation()), ...(await consentAsDelegate()), ...(await consentAsClaim())],
};
