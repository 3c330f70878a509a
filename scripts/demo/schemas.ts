import { sha256, toUtf8Bytes } from "ethers";

import type { Json } from "../../src/identity/json.js";
import { schemaIdOf } from "../../src/identity/schema.js";

/** What a licence attestation says: the scope that its issuers are accredited in is the hash of this. */
const LICENCE_SCHEMA = {
  name: "diwan.licence.health-practitioner",
  version: 1,
  description: "Licence of a health practitioner; claims are salted Merkle leaves, taken from a FHIR R4 Practitioner",
  claims: ["licenceNumber", "family", "given", "name", "suffix", "gender", "birthDate", "identifier", "qualification"],
} as const satisfies Json;

/** What the population register attests of a citizen. */
const PERSON_SCHEMA = {
  name: "diwan.person",
  version: 1,
  description: "A person in the population register; claims are salted Merkle leaves, taken from a FHIR R4 Patient",
  claims: ["pseudonym", "family", "given", "gender", "birthDate", "identifier", "city", "over18"],
} as const satisfies Json;

const CHILD_SCHEMA = {
  name: "diwan.child",
  version: 1,
  description: "Whose child somebody is; the parent is named by the subject of the parent's own attestations",
  claims: ["pseudonym", "parent", "born"],
} as const satisfies Json;

const INCOME_SCHEMA = {
  name: "diwan.income",
  version: 1,
  description: "Whether an income is under the threshold of benefits; no amount",
  claims: ["underThreshold", "year"],
} as const satisfies Json;

const VOTER_SCHEMA = {
  name: "diwan.voter",
  version: 1,
  description: "Who may vote in one election; the subject is a hash of the election, a pseudonym in it and an address",
  claims: [],
} as const satisfies Json;

/** The schemas of the job, and the scopes of those who attest by them. */
export const SCHEMAS = [LICENCE_SCHEMA, PERSON_SCHEMA, CHILD_SCHEMA, INCOME_SCHEMA, VOTER_SCHEMA].map((definition) => {
  return { id: schemaIdOf(definition), definition };
});

export const LICENCE = schemaIdOf(LICENCE_SCHEMA);
export const PERSON = schemaIdOf(PERSON_SCHEMA);
export const CHILD = schemaIdOf(CHILD_SCHEMA);
export const INCOME = schemaIdOf(INCOME_SCHEMA);
export const VOTER = schemaIdOf(VOTER_SCHEMA);

/** Stands for the digest of a published decision. */
export const groundsOf = (decision: string) => sha256(toUtf8Bytes(decision));
