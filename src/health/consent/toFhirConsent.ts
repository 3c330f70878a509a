import { HealthError } from "../HealthError.js";
import { ACT_REASON_SYSTEM, PURPOSE_NAMES, purposeCodes } from "../purposes.js";
import { EVERYTHING, type Grant, NO_END } from "./consentState.js";
import type { ConsentPlace } from "./consentTypedData.js";
import { bodyReference, consentIdentifier, FHIR_NAMES, patientReference } from "./fhirNames.js";
import { fhirTime } from "./fhirTime.js";
import type { FhirCoding, FhirConsent, FhirExtension } from "./fhirTypes.js";

/**
 * What the chain has of a patient's will: a GRANT, its REVOCATION (with what had been granted), or all OBJECTIONs. Plain
 * JSON.
 */
export type ConsentStatement = ConsentPlace & {
  patient: string;
  /** When it was made, in Unix seconds; left out where nobody says to the second. */
  time?: number;
} & (
    | { kind: "GRANT" | "REVOCATION"; grant: Grant; version: number }
    | {
        kind: "OBJECTION";
        /** Bitmap of all that is barred to everybody; 0 when every objection was lifted. */
        purposes: number;
      }
  );

const ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope";
const CONSENT_ACTION = "http://terminology.hl7.org/CodeSystem/consentaction";

/**
 * Writes what the chain has as a FHIR R4 `Consent`, with nothing lost: `fromFhirConsent` gives the same back, addresses in lower
 * case.
 *
 * A grant is an OPTIN whose rule permits one Organization; its revocation the same, inactive; objections are an OPTOUT
 * whose rule denies purposes. The rule's type stands in the root, where R4's own text does not want it but IHE's Privacy
 * Consent on FHIR (PCF) does: without it nobody can tell a permission from an exception, and among HL7's own examples the
 * same form means either. A scope other than everything and a number of uses narrow the rule, and so are modifier
 * extensions.
 *
 * @param statement What the chain has.
 * @returns Plain JSON, without a narrative or an id.
 * @throws HealthError CONSENT_INEXPRESSIBLE when FHIR cannot write it: an end past the year 9999 that is not NO_END, or a
 * version past 2^31 - 1; PURPOSE_UNKNOWN
 * @example
 * ```ts
 * const consent = toFhirConsent({ ...place, patient, time, kind: "GRANT", grant, version: 1 });
 * ```
 */
export function toFhirConsent(statement: ConsentStatement): FhirConsent {
  const { chainId, registry, patient, kind } = statement;
  const isObjection = kind === "OBJECTION";
  const purposes = isObjection ? statement.purposes : statement.grant.purposes;
  const isOver = isObjection ? purposes === 0 : kind === "REVOCATION";
  return {
    resourceType: "Consent",
    ...(!isObjection && { extension: [versionExtension(statement.version)] }),
    identifier: [consentIdentifier({ chainId, registry }, patient, isObjection ? undefined : statement.grant)],
    status: isOver ? "inactive" : "active",
    scope: { coding: [{ system: CONSENT_SCOPE, code: "patient-privacy" }] },
    category: [{ coding: [{ system: "http://loinc.org", code: "59284-0" }] }],
    patient: patientReference(chainId, patient),
    ...(statement.time !== undefined && { dateTime: timeOf(statement.time, "time") }),
    policyRule: { coding: [{ system: ACT_CODE, code: isObjection ? "OPTOUT" : "OPTIN" }] },
    provision: {
      ...(!isObjection && ruleOf(statement, statement.grant)),
      type: isObjection ? "deny" : "permit",
      action: [{ coding: [{ system: CONSENT_ACTION, code: "access" }] }],
      ...(purposes !== 0 && { purpose: purposeCodes(purposes).map(purposeCoding) }),
    },
  };
}

/**
 * A purpose as FHIR codes it.
 *
 * @param code The purpose.
 * @example
 * ```ts
 * const coding = purposeCoding("TREAT");
 * ```
 */
export function purposeCoding(code: keyof typeof PURPOSE_NAMES): FhirCoding {
  return { system: ACT_REASON_SYSTEM, code, display: PURPOSE_NAMES[code] };
}

function ruleOf(
  place: ConsentPlace,
  grant: Grant,
): Pick<FhirConsent["provision"], "modifierExtension" | "period" | "actor"> {
  const { grantee, scope, from, until, uses } = grant;
  const narrowing: FhirExtension[] = [
    ...(scope === EVERYTHING ? [] : [{ url: FHIR_NAMES.scope, valueString: scope.toLowerCase() }]),
    ...(uses === 0 ? [] : [{ url: FHIR_NAMES.uses, valueUnsignedInt: uses }]),
  ];
  const start = from === 0 ? {} : { start: timeOf(from, "from") };
  // The chain's end is the first second after it, FHIR's the last one within.
  const end = until === NO_END ? {} : { end: timeOf(until - 1, "until") };
  const role = { coding: [{ system: PARTICIPATION, code: "IRCP" }] };
  return {
    ...(narrowing.length > 0 && { modifierExtension: narrowing }),
    ...((from !== 0 || until !== NO_END) && { period: { ...start, ...end } }),
    actor: [{ role, reference: bodyReference(place, grantee) }],
  };
}

function versionExtension(version: number): FhirExtension {
  if (version < 2 ** 31) return { url: FHIR_NAMES.version, valueUnsignedInt: version };
  throw new HealthError("CONSENT_INEXPRESSIBLE", `FHIR has no number as large as the version ${version}`);
}

function timeOf(time: number, name: string): string {
  const text = fhirTime(time);
  if (text !== undefined) return text;
  throw new HealthError("CONSENT_INEXPRESSIBLE", `FHIR has no year as late as that of ${name}, ${time}`);
}
