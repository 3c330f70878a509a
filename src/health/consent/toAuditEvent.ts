import { HealthError } from "../HealthError.js";
import type { Purpose } from "../purposes.js";
import type { AccessOpening } from "./accessCommitment.js";
import type { ConsentPlace } from "./consentTypedData.js";
import {
  accountId,
  bodyReference,
  consentIdentifier,
  FHIR_NAMES,
  patientReference,
  registryReference,
} from "./fhirNames.js";
import { fhirTime } from "./fhirTime.js";
import type { FhirAuditEvent, FhirCoding, FhirConcept } from "./fhirTypes.js";
import type { AccessStatus, ListedAccess } from "./listAccesses.js";
import { purposeCoding } from "./toFhirConsent.js";

/** An access as an audit event tells of it: one of `listAccesses`, or one of a batch with its judgement. */
export interface AuditedAccess extends Partial<Pick<ListedAccess, "version" | "block" | "transaction" | "emergency">> {
  recipient: number;
  purpose: Purpose;
  /** The consent's scope; or the id of the use of the break-glass. */
  basis: string;
  commitment: string;
  /** In Unix seconds. */
  time: number;
  status: AccessStatus;
  opening?: AccessOpening;
}

const HL7 = "http://terminology.hl7.org/CodeSystem";
const SYSTEM_OBJECT: FhirCoding = { system: `${HL7}/audit-entity-type`, code: "2", display: "System Object" };
const DOMAIN_RESOURCE: FhirCoding = { system: `${HL7}/object-role`, code: "4", display: "Domain Resource" };
const SECURITY_RESOURCE: FhirCoding = { system: `${HL7}/object-role`, code: "13", display: "Security Resource" };
const ACCESS_USE: FhirCoding = { system: `${HL7}/dicom-audit-lifecycle`, code: "6", display: "Access / Use" };

/**
 * Writes an access as a FHIR R4 `AuditEvent`: who read whose data, when, why and on what basis. An access under a broken
 * glass has the purposes BTG and ETREAT.
 *
 * What only the patient was shown (the professional, the records and the reason's words) is in it where the access has its
 * opening; such an event is personal data. Whether the access was covered stands in the detail "status".
 *
 * @param place The registry that it was logged in.
 * @param patient The patient's address.
 * @param access The access.
 * @returns Plain JSON, without a narrative or an id.
 * @throws HealthError ACCESS_MALFORMED for a time that FHIR cannot write
 * @example
 * ```ts
 * const { accesses, history } = await listAccesses(registry, patient, { fromBlock: deployedAt });
 * const events = accesses.map((access) => toAuditEvent(history, patient, access));
 * ```
 */
export function toAuditEvent(place: ConsentPlace, patient: string, access: AuditedAccess): FhirAuditEvent {
  const { recipient, purpose, basis, commitment, time, status, opening, version, block, transaction, emergency } =
    access;
  const recorded = fhirTime(time);
  if (recorded === undefined) throw new HealthError("ACCESS_MALFORMED", `FHIR cannot write the time ${time}`);
  const isEmergency = status === "BREAK_GLASS" || status === "BREAK_GLASS_CLOSED";
  const purposes: FhirConcept[] = (isEmergency ? (["BTG", purpose] as const) : [purpose]).map((code) => {
    return { coding: [purposeCoding(code)] };
  });
  const professional = opening?.professional ?? "";
  const recipientRole = { coding: [{ system: `${HL7}/v3-ParticipationType`, code: "IRCP" }] };
  const details = {
    ...{ status, commitment, block, transaction },
    ...(isEmergency ? { emergencyReason: emergency?.reason } : { version }),
    reason: opening?.reason,
  };
  const detail = Object.entries(details).flatMap(([type, value]) => {
    return value === undefined || value === "" ? [] : [{ type, valueString: String(value) }];
  });
  const ground = isEmergency
    ? { identifier: { system: FHIR_NAMES.breakGlass, value: `${accountId(place.chainId, place.registry)}/${basis}` } }
    : { type: "Consent", identifier: consentIdentifier(place, patient, { grantee: recipient, scope: basis }) };
  return {
    resourceType: "AuditEvent",
    type: { system: `${HL7}/iso-21089-lifecycle`, code: "access", display: "Access/View Record Lifecycle Event" },
    subtype: [{ system: "http://hl7.org/fhir/restful-interaction", code: "read", display: "read" }],
    action: "R",
    recorded,
    outcome: "0",
    purposeOfEvent: purposes,
    agent: [
      ...(professional === "" ? [] : [professionalAgent(professional, purposes)]),
      {
        ...{ type: recipientRole, who: bodyReference(place, recipient), requestor: professional === "" },
        purposeOfUse: purposes,
      },
    ],
    source: {
      observer: registryReference(place),
      type: [{ system: `${HL7}/security-source-type`, code: "9", display: "Other" }],
    },
    entity: [
      {
        what: patientReference(place.chainId, patient),
        type: { system: `${HL7}/audit-entity-type`, code: "1", display: "Person" },
        role: { system: `${HL7}/object-role`, code: "1", display: "Patient" },
      },
      {
        what: ground,
        ...{ type: SYSTEM_OBJECT, role: SECURITY_RESOURCE, detail },
      },
      ...(opening?.records ?? []).map((record) => ({
        what: { identifier: { system: FHIR_NAMES.record, value: record } },
        ...{ type: SYSTEM_OBJECT, role: DOMAIN_RESOURCE, lifecycle: ACCESS_USE },
      })),
    ],
  };
}

function professionalAgent(professional: string, purposeOfUse: FhirConcept[]): FhirAuditEvent["agent"][number] {
  return {
    type: { coding: [{ system: `${HL7}/extra-security-role-type`, code: "humanuser", display: "human user" }] },
    who: { type: "Practitioner", identifier: { system: FHIR_NAMES.professional, value: professional } },
    ...{ requestor: true, purposeOfUse },
  };
}
