import { type Attestation, type Membership, NO_END, uidOf } from "../../src/identity/attestation.js";
import { type Claim, commitmentOf, newSalt, saltClaims, subjectOf } from "../../src/identity/claims.js";

import type { Job } from "./job.js";
import { licenceClaims, readPractitioners } from "./readFhir.js";
import { LICENCE } from "./schemas.js";

/** A licence as its holder keeps it: everything that a verifier may be shown, and that nobody else has. */
export interface Licence {
  /** What the checks call it. */
  name: string;
  /** The FHIR example that its claims come from, such as `Practitioner/f001`. */
  source: string;
  attestation: Attestation;
  claims: Claim[];
  /** What hides the holder in the attestation's subject. */
  subjectSalt: string;
  /** Its record: its own, or its batch's. */
  uid: string;
  /** Where it stands in a batch, if it is in one. */
  membership?: Membership;
}

/** From when to when a licence is valid, in Unix seconds. */
export interface Period {
  validFrom: number;
  expiresAt?: number;
}

const PRACTITIONERS = readPractitioners();

/** The examples that licences are made of, in the order of their ids. */
export const PRACTITIONER_IDS: readonly string[] = [...PRACTITIONERS.keys()];

/**
 * Makes a licence of an example Practitioner; nothing is issued yet.
 *
 * @param number Makes distinct licences of one example: it is the licence's number.
 */
export function makeLicence(
  job: Job,
  name: string,
  organization: string,
  practitioner: string,
  number: number,
  { validFrom, expiresAt = NO_END }: Period,
): Licence {
  const fhir = PRACTITIONERS.get(practitioner);
  if (fhir === undefined) throw new Error(`there is no Practitioner/${practitioner}`);
  const source = `Practitioner/${practitioner}`;
  const claims = saltClaims(licenceClaims(fhir, `L-${String(number).padStart(6, "0")}`));
  const subjectSalt = newSalt();
  const attestation: Attestation = {
    issuer: job.body(organization).index,
    schema: LICENCE,
    subject: subjectOf(subjectSalt, `${source}#${number}`),
    commitment: commitmentOf(claims),
    validFrom,
    expiresAt,
  };
  const licence: Licence = { name, source, attestation, claims, subjectSalt, uid: uidOf(attestation) };
  return licence;
}
