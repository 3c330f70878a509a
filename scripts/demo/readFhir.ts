import { readdirSync, readFileSync } from "node:fs";

import type { Json } from "../../src/identity/json.js";

const FOLDER = new URL("vendor/hl7-r4-examples/", import.meta.url);

interface Coding {
  system?: string;
  code?: string;
  display?: string;
}

interface Identifier {
  system?: string;
  value?: string;
}

/** What is read of a FHIR R4 Organization. Contacts, telephones and addresses are left alone: they can be people's. */
export interface FhirOrganization {
  resourceType: "Organization";
  id: string;
  name: string;
  identifier?: Identifier[];
  type?: { coding?: Coding[] }[];
  partOf?: { reference: string };
}

/** What people have in common. */
interface FhirPerson {
  resourceType: string;
  id: string;
  identifier?: Identifier[];
  name?: { family?: string; given?: string[]; prefix?: string[]; suffix?: string[]; text?: string }[];
  gender?: string;
  birthDate?: string;
}

/** What is read of a FHIR R4 Practitioner. */
export interface FhirPractitioner extends FhirPerson {
  resourceType: "Practitioner";
  qualification?: { code: { coding?: Coding[]; text?: string } }[];
}

/** What is read of a FHIR R4 Patient. */
export interface FhirPatient extends FhirPerson {
  resourceType: "Patient";
  address?: { city?: string; country?: string }[];
}

/** HL7's example Organizations, by their ids. */
export function readOrganizations(): Map<string, FhirOrganization> {
  return readResources<FhirOrganization>("Organization");
}

/** HL7's example Practitioners, by their ids. */
export function readPractitioners(): Map<string, FhirPractitioner> {
  return readResources<FhirPractitioner>("Practitioner");
}

/** HL7's example Patients, by their ids. */
export function readPatients(): Map<string, FhirPatient> {
  return readResources<FhirPatient>("Patient");
}

/** All of HL7's example people, every member of their resources. */
export function readPeople(): FhirPerson[] {
  return [...readPatients().values(), ...readPractitioners().values()];
}

function readResources<T extends { id: string }>(type: string): Map<string, T> {
  const names = readdirSync(FOLDER).filter((name) => name.startsWith(`${type}-`));
  const resources = names.sort().map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as T);
  return new Map(resources.map((resource) => [resource.id, resource]));
}

/** What a body publishes of itself: its name, its registered numbers and its kind, nothing of its people. */
export function profileOf(organization: FhirOrganization): Json {
  const { resourceType, id, name, identifier, type, partOf } = organization;
  return {
    resourceType,
    id,
    name,
    ...(identifier && { identifier: identifier.map(({ system = "", value = "" }) => ({ system, value })) }),
    ...(type && {
      type: type.flatMap(({ coding = [] }) => coding.map(({ system = "", code = "" }) => ({ system, code }))),
    }),
    ...(partOf && { partOf: partOf.reference }),
  };
}

/**
 * What the population register attests of a citizen: members of the FHIR resource, and whether the citizen is of age.
 *
 * @param today For the age, in Unix seconds.
 * @param pseudonym What the register calls the citizen where a name has no place, whatever DID they come with.
 */
export function personClaims(patient: FhirPatient, today: number, pseudonym: string): Record<string, Json> {
  const name = patient.name?.[0];
  const [identifier] = patient.identifier ?? [];
  const { birthDate } = patient;
  const of18 = birthDate && `${Number(birthDate.slice(0, 4)) + 18}${birthDate.slice(4)}`;
  const claims: Record<string, Json | undefined> = {
    pseudonym,
    family: name?.family,
    given: name?.given?.join(" "),
    gender: patient.gender,
    birthDate,
    identifier: identifier && `${identifier.system ?? ""}|${identifier.value ?? ""}`,
    city: patient.address?.[0]?.city,
    // Whoever has no date of birth here is not said to be of age.
    over18: of18 !== undefined && new Date(of18) <= new Date(today * 1_000),
  };
  return Object.fromEntries(Object.entries(claims).filter((claim): claim is [string, Json] => claim[1] !== undefined));
}

/**
 * The claims of a practitioner's licence, each of them from the FHIR resource but the licence's own number.
 *
 * @param number The licence's number, which makes distinct licences of one example.
 */
export function licenceClaims(practitioner: FhirPractitioner, number: string): Record<string, string> {
  const name = practitioner.name?.[0];
  const [identifier] = practitioner.identifier ?? [];
  const qualification = practitioner.qualification?.[0]?.code;
  const claims: Record<string, string | undefined> = {
    licenceNumber: number,
    family: name?.family,
    given: name?.given?.join(" "),
    name: name?.text,
    suffix: name?.suffix?.join(" "),
    gender: practitioner.gender,
    birthDate: practitioner.birthDate,
    identifier: identifier && `${identifier.system ?? ""}|${identifier.value ?? ""}`,
    qualification: qualification?.text ?? qualification?.coding?.[0]?.display,
  };
  return Object.fromEntries(
    Object.entries(claims).filter((claim): claim is [string, string] => claim[1] !== undefined),
  );
}
