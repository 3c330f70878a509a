import { isAddress } from "ethers";

import { isAddressText, isCount } from "../forms.js";
import { ACT_REASON_SYSTEM, PURPOSES, purposesOf } from "../purposes.js";
import { EVERYTHING, NO_END } from "./consentState.js";
import type { ConsentPlace } from "./consentTypedData.js";
import { accountId, consentIdentifier, FHIR_NAMES } from "./fhirNames.js";
import { parseFhirTime } from "./fhirTime.js";
import {
  codeAt,
  type ForeignReference,
  inexpressible,
  type JsonObject,
  listAt,
  malformed,
  objectAt,
} from "./fhirElements.js";
import { referenceAt, requireOnly, textAt } from "./fhirElements.js";
import type { ConsentStatement } from "./toFhirConsent.js";

/** How the names in a consent are those of the chain. */
export interface FhirNameResolver {
  /** The registry that the consent is for. */
  place: ConsentPlace;
  /** The address of a patient whom the consent names otherwise than `toFhirConsent` does. */
  patientOf?: (reference: ForeignReference) => string | undefined;
  /** The index of a body that the consent names otherwise than `toFhirConsent` does. */
  bodyOf?: (reference: ForeignReference) => number | undefined;
}

/** What a consent says to the chain. */
export interface ReadConsent {
  statement: ConsentStatement;
  /**
   * Elements that the chain has no place for and that allow or forbid nothing: who recorded it, the signed paper, the
   * text, a date of signing that names no second. They stay in the document.
   */
  notCarried: string[];
}

const ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope";
const CONSENT_ACTION = "http://terminology.hl7.org/CodeSystem/consentaction";

/** Elements of a Consent that change nothing about who may do what. */
const DESCRIPTIVE = [
  ...["id", "meta", "language", "text", "contained", "category", "performer", "organization"],
  ...["sourceAttachment", "sourceReference", "policy", "verification"],
];
const READ = [
  "resourceType",
  "extension",
  "identifier",
  "status",
  "scope",
  "patient",
  "dateTime",
  "policyRule",
  "provision",
];

/**
 * Reads a FHIR R4 `Consent` as what it says to the chain, or refuses it: whatever allows or forbids more, less or other
 * than a grant, a revocation or objections can is named in the error, and nothing of it is taken for something else.
 *
 * Refused are, among others: rules within rules, security labels, classes, codes, single resources and periods of data
 * (give `scopeOf` those), purposes the chain has no bit for, actions other than access, more or other actors than one
 * recipient, a permission for any purpose or for everybody, a prohibition for one recipient or within a general
 * permission, a rule that does not say whether it permits or denies, and times that name no second.
 *
 * @param consent The resource, as JSON.parse gives it, from anyone.
 * @param names How its names are those of the chain.
 * @throws HealthError CONSENT_MALFORMED when it is no FHIR R4 Consent; CONSENT_INEXPRESSIBLE
 * @example
 * ```ts
 * const { statement } = fromFhirConsent(JSON.parse(text), { place, bodyOf: ({ reference }) => bodies.get(reference) });
 * if (statement.kind === "GRANT") await signGrant(registry, patientKey, statement.grant, { deadline });
 * ```
 */
export function fromFhirConsent(consent: unknown, names: FhirNameResolver): ReadConsent {
  const root = objectAt(consent, "Consent");
  if (root.resourceType !== "Consent") throw malformed("Consent", "is another resource");
  const notCarried = DESCRIPTIVE.filter((name) => {
    return root[name] !== undefined && !(name === "category" && isPlainConsent(root.category));
  });
  requireOnly(root, "Consent", [...READ, ...DESCRIPTIVE]);

  const status = textAt(root.status, "Consent.status");
  if (status !== "active" && status !== "inactive") throw inexpressible("Consent.status", `is ${status}`);
  const scope = codeAt(root.scope, "Consent.scope", CONSENT_SCOPE);
  if (scope !== "patient-privacy" && scope !== "research") throw inexpressible("Consent.scope", `is ${scope}`);
  const base = root.policyRule === undefined ? undefined : codeAt(root.policyRule, "Consent.policyRule", ACT_CODE);
  if (base !== undefined && base !== "OPTIN" && base !== "OPTOUT") {
    throw inexpressible("Consent.policyRule", `is ${base}, whose rules the chain does not know`);
  }
  if (base === undefined && root.policy === undefined) throw malformed("Consent", "has neither policy nor policyRule");

  const { place } = names;
  const patient = patientAt(root.patient, names);
  const time = root.dateTime === undefined ? undefined : parseFhirTime(textAt(root.dateTime, "Consent.dateTime"));
  if (root.dateTime !== undefined && time === undefined) notCarried.push("dateTime");
  const { chainId, registry } = place;
  const head = { chainId, registry, patient, ...(time !== undefined && { time }) };

  const path = "Consent.provision";
  if (root.provision === undefined) throw inexpressible(path, "is missing: the chain has no rule to go by");
  const rule = objectAt(root.provision, path);
  requireOnly(rule, path, ["modifierExtension", "type", "period", "actor", "action", "purpose"], RULE_REASONS);
  requireAccess(rule.action, `${path}.action`);
  const purposes = purposesAt(rule.purpose, `${path}.purpose`);
  const actors = listAt(rule.actor, `${path}.actor`);

  if (rule.type === "permit") {
    if (purposes === 0) throw inexpressible(`${path}.purpose`, "is missing: the chain grants no purpose unnamed");
    if (actors.length !== 1) {
      throw inexpressible(`${path}.actor`, `names ${actors.length} actors: a grant is for one recipient`);
    }
    const grantee = granteeAt(actors[0], `${path}.actor[0]`, names);
    const grant = { grantee, ...narrowingOf(rule, path), purposes, ...periodAt(rule.period, `${path}.period`) };
    const version = versionAt(root.extension);
    if (unknownExtensions(root.extension)) notCarried.push("extension");
    const kind = status === "active" ? "GRANT" : "REVOCATION";
    const statement: ConsentStatement = { ...head, kind, grant, version };
    requireSame(root.identifier, statement);
    return { statement, notCarried };
  }
  if (rule.type !== "deny") {
    throw inexpressible(`${path}.type`, "is missing: whether the rule permits or denies must not be guessed");
  }
  if (base === "OPTIN") {
    throw inexpressible(`${path}.type`, "denies within a general permission, and the chain has no general permission");
  }
  if (actors.length !== 0) throw inexpressible(`${path}.actor`, "is denied alone: objections are to everybody");
  if (rule.period !== undefined) throw inexpressible(`${path}.period`, "limits an objection, which has no period");
  if (rule.modifierExtension !== undefined) throw inexpressible(`${path}.modifierExtension`, "limits an objection");
  if (status === "active" && purposes === 0) {
    throw inexpressible(`${path}.purpose`, "is missing: the chain has no bit for every purpose there is");
  }
  if (status === "inactive" && purposes !== 0) {
    throw inexpressible(`${path}.purpose`, "is an objection that was lifted: the chain has those only that stand");
  }
  if (unknownExtensions(root.extension)) notCarried.push("extension");
  const statement: ConsentStatement = { ...head, kind: "OBJECTION", purposes };
  requireSame(root.identifier, statement);
  return { statement, notCarried };
}

const RULE_REASONS: Readonly<Record<string, string>> = {
  provision: "holds rules within the rule",
  securityLabel: "limits the rule to labelled data",
  class: "limits the rule to kinds of data: a scope does that",
  code: "limits the rule to coded data: a scope does that",
  dataPeriod: "limits the rule to data of a period",
  data: "limits the rule to single resources: a scope does that",
};

/** The only action that R4 calls understood and tested is reading; none named means that one. */
function requireAccess(value: unknown, path: string): void {
  const actions = listAt(value, path).map((action, i) => codeAt(action, `${path}[${i}]`, CONSENT_ACTION));
  const other = actions.find((action) => action !== "access");
  if (other !== undefined) throw inexpressible(path, `names the action ${other}: the chain knows access alone`);
}

function purposesAt(value: unknown, path: string): number {
  const codes = listAt(value, path).map((item, i) => {
    const at = `${path}[${i}]`;
    const coding = objectAt(item, at);
    requireOnly(coding, at, ["system", "code", "display", "version", "userSelected"]);
    const code = textAt(coding.code, `${at}.code`);
    if (coding.system !== ACT_REASON_SYSTEM || !(PURPOSES as readonly string[]).includes(code)) {
      throw inexpressible(at, `is ${code}, which the chain has no bit for`);
    }
    return code;
  });
  return purposesOf([...new Set(codes)]);
}

function granteeAt(value: unknown, path: string, names: FhirNameResolver): number {
  const actor = objectAt(value, path);
  requireOnly(actor, path, ["role", "reference", "id"]);
  const role = codeAt(actor.role, `${path}.role`, PARTICIPATION);
  if (role !== "IRCP" && role !== "PRCP") {
    throw inexpressible(`${path}.role`, `is ${role}: a grantee is a recipient, IRCP or PRCP`);
  }
  const reference = referenceAt(actor.reference, `${path}.reference`);
  const { system, value: named = "" } = reference.identifier ?? {};
  if (system !== FHIR_NAMES.body) {
    const body = names.bodyOf?.(reference);
    if (body === undefined) throw inexpressible(`${path}.reference`, "names no body of the trust list");
    return body;
  }
  const { chainId, registry } = names.place;
  const [of, index] = named.split("/") as [string, string | undefined];
  if (of !== accountId(chainId, registry) || index === undefined || !/^[1-9]\d{0,9}$/.test(index)) {
    throw inexpressible(`${path}.reference`, "names a body of another registry");
  }
  const body = Number(index);
  if (body >= 2 ** 32) throw inexpressible(`${path}.reference`, "names a body that no trust list has");
  return body;
}

function patientAt(value: unknown, names: FhirNameResolver): string {
  const path = "Consent.patient";
  if (value === undefined) throw malformed(path, "is missing");
  const reference = referenceAt(value, path);
  const { system, value: named = "" } = reference.identifier ?? {};
  const prefix = accountId(names.place.chainId, "");
  const patient =
    system === FHIR_NAMES.patient && named.startsWith(prefix)
      ? named.slice(prefix.length)
      : names.patientOf?.(reference);
  // One form of the several that are read as an address: what is said of a patient is compared as text.
  if (patient === undefined || !isAddressText(patient) || !isAddress(patient))
    throw inexpressible(path, "has no address on this chain");
  return patient;
}

/** A consent that `toFhirConsent` wrote says which it is: what it says beside that must be of the same. */
function requireSame(value: unknown, statement: ConsentStatement): void {
  const expected = consentIdentifier(statement, statement.patient, "grant" in statement ? statement.grant : undefined);
  for (const [i, item] of listAt(value, "Consent.identifier").entries()) {
    const path = `Consent.identifier[${i}]`;
    const { system, value: named } = objectAt(item, path);
    if (system === expected.system && named !== expected.value) throw inexpressible(path, "is of another consent");
  }
}

function narrowingOf(rule: JsonObject, path: string): { scope: string; uses: number } {
  let [scope, uses] = [EVERYTHING, 0];
  const seen = new Set<unknown>();
  for (const [i, item] of listAt(rule.modifierExtension, `${path}.modifierExtension`).entries()) {
    const at = `${path}.modifierExtension[${i}]`;
    const { url, valueString, valueUnsignedInt, ...others } = objectAt(item, at);
    const isWhole = typeof valueUnsignedInt === "number" && Number.isInteger(valueUnsignedInt);
    const isAlone = Object.keys(others).length === 0 && !seen.has(url);
    seen.add(url);
    if (
      url === FHIR_NAMES.scope &&
      isAlone &&
      typeof valueString === "string" &&
      /^0x[0-9a-f]{64}$/.test(valueString)
    ) {
      scope = valueString;
    } else if (url === FHIR_NAMES.uses && isAlone && isWhole && valueUnsignedInt > 0 && valueUnsignedInt < 2 ** 24) {
      uses = valueUnsignedInt;
    } else {
      throw inexpressible(at, "changes the rule in a way that the chain does not know");
    }
  }
  return { scope, uses };
}

function periodAt(value: unknown, path: string): { from: number; until: number } {
  if (value === undefined) return { from: 0, until: NO_END };
  const period = objectAt(value, path);
  requireOnly(period, path, ["start", "end"]);
  const from = period.start === undefined ? 0 : secondAt(period.start, `${path}.start`);
  // FHIR's end is the last second within, the chain's the first one after it.
  const until = period.end === undefined ? NO_END : secondAt(period.end, `${path}.end`) + 1;
  if (from >= until) throw malformed(path, "ends before it starts");
  return { from, until };
}

function secondAt(value: unknown, path: string): number {
  const time = parseFhirTime(textAt(value, path));
  if (time === undefined) {
    throw inexpressible(path, "names no second: the chain needs a time with its zone, from 1970 on");
  }
  return time;
}

/** 0 where the consent was never on the chain. */
function versionAt(value: unknown): number {
  const versions = listAt(value, "Consent.extension")
    .map((item) => objectAt(item, "Consent.extension"))
    .filter(({ url }) => url === FHIR_NAMES.version);
  if (versions.length > 1) throw malformed("Consent.extension", "has more than one version");
  const version = versions.length === 0 ? 0 : versions[0]?.valueUnsignedInt;
  if (isCount(version, 0, 2 ** 31 - 1)) return version;
  throw malformed("Consent.extension", "has a version that is no number, or larger than FHIR's");
}

/** The category that every consent has: that it is one. */
function isPlainConsent(value: unknown): boolean {
  const [category, ...others] = listAt(value, "Consent.category");
  const [coding, ...more] = listAt(objectAt(category, "Consent.category[0]").coding, "Consent.category[0].coding");
  if (coding === undefined || others.length + more.length > 0) return false;
  const { system, code } = objectAt(coding, "Consent.category[0].coding[0]");
  return system === "http://loinc.org" && code === "59284-0";
}

function unknownExtensions(value: unknown): boolean {
  return listAt(value, "Consent.extension").some((item) => {
    return objectAt(item, "Consent.extension").url !== FHIR_NAMES.version;
  });
}
