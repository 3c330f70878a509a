/** The part of FHIR R4's data types that consents and audit events here are made of. */

/** A code of a system. */
export interface FhirCoding {
  system?: string;
  code?: string;
  display?: string;
}

/** A concept, by codes of one or more systems. */
export interface FhirConcept {
  coding?: FhirCoding[];
}

/** An identifier of a system. */
export interface FhirIdentifier {
  system?: string;
  value?: string;
}

/** A reference to another resource, by what identifies it. */
export interface FhirReference {
  type?: string;
  identifier?: FhirIdentifier;
  display?: string;
}

/** An extension, with one value or with others in it. */
export interface FhirExtension {
  url: string;
  valueString?: string;
  valueUnsignedInt?: number;
  extension?: FhirExtension[];
}

/** A consent as `toFhirConsent` writes it. */
export interface FhirConsent {
  resourceType: "Consent";
  extension?: FhirExtension[];
  identifier: FhirIdentifier[];
  status: "active" | "inactive";
  scope: FhirConcept;
  category: FhirConcept[];
  patient: FhirReference;
  dateTime?: string;
  policyRule: FhirConcept;
  provision: {
    modifierExtension?: FhirExtension[];
    type: "permit" | "deny";
    period?: { start?: string; end?: string };
    actor?: { role: FhirConcept; reference: FhirReference }[];
    action: FhirConcept[];
    purpose?: FhirCoding[];
  };
}

/** An audit event as `toAuditEvent` writes it. */
export interface FhirAuditEvent {
  resourceType: "AuditEvent";
  type: FhirCoding;
  subtype: FhirCoding[];
  action: "R";
  recorded: string;
  outcome: "0";
  purposeOfEvent: FhirConcept[];
  agent: {
    type?: FhirConcept;
    who: FhirReference;
    requestor: boolean;
    policy?: string[];
    purposeOfUse?: FhirConcept[];
  }[];
  source: { observer: FhirReference; type: FhirCoding[] };
  entity: {
    what: FhirReference;
    type: FhirCoding;
    role: FhirCoding;
    lifecycle?: FhirCoding;
    detail?: { type: string; valueString: string }[];
  }[];
}
