import { HealthError } from "./HealthError.js";

/**
 * The resource types of FHIR R4 (4.0.1), in the order of HL7's code system http://hl7.org/fhir/resource-types
 * (https://hl7.org/fhir/R4/codesystem-resource-types.html), which is alphabetical. A type's number on the chain is its place,
 * from 1, and never changes: types of later releases go behind the last. 0 is none.
 *
 * @example
 * ```ts
 * const names = RECORD_KINDS.map((name, i) => `${i + 1} ${name}`);
 * ```
 */
export const RECORD_KINDS = [
  "Account",
  "ActivityDefinition",
  "AdverseEvent",
  "AllergyIntolerance",
  "Appointment",
  "AppointmentResponse",
  "AuditEvent",
  "Basic",
  "Binary",
  "BiologicallyDerivedProduct",
  "BodyStructure",
  "Bundle",
  "CapabilityStatement",
  "CarePlan",
  "CareTeam",
  "CatalogEntry",
  "ChargeItem",
  "ChargeItemDefinition",
  "Claim",
  "ClaimResponse",
  "ClinicalImpression",
  "CodeSystem",
  "Communication",
  "CommunicationRequest",
  "CompartmentDefinition",
  "Composition",
  "ConceptMap",
  "Condition",
  "Consent",
  "Contract",
  "Coverage",
  "CoverageEligibilityRequest",
  "CoverageEligibilityResponse",
  "DetectedIssue",
  "Device",
  "DeviceDefinition",
  "DeviceMetric",
  "DeviceRequest",
  "DeviceUseStatement",
  "DiagnosticReport",
  "DocumentManifest",
  "DocumentReference",
  "DomainResource",
  "EffectEvidenceSynthesis",
  "Encounter",
  "Endpoint",
  "EnrollmentRequest",
  "EnrollmentResponse",
  "EpisodeOfCare",
  "EventDefinition",
  "Evidence",
  "EvidenceVariable",
  "ExampleScenario",
  "ExplanationOfBenefit",
  "FamilyMemberHistory",
  "Flag",
  "Goal",
  "GraphDefinition",
  "Group",
  "GuidanceResponse",
  "HealthcareService",
  "ImagingStudy",
  "Immunization",
  "ImmunizationEvaluation",
  "ImmunizationRecommendation",
  "ImplementationGuide",
  "InsurancePlan",
  "Invoice",
  "Library",
  "Linkage",
  "List",
  "Location",
  "Measure",
  "MeasureReport",
  "Media",
  "Medication",
  "MedicationAdministration",
  "MedicationDispense",
  "MedicationKnowledge",
  "MedicationRequest",
  "MedicationStatement",
  "MedicinalProduct",
  "MedicinalProductAuthorization",
  "MedicinalProductContraindication",
  "MedicinalProductIndication",
  "MedicinalProductIngredient",
  "MedicinalProductInteraction",
  "MedicinalProductManufactured",
  "MedicinalProductPackaged",
  "MedicinalProductPharmaceutical",
  "MedicinalProductUndesirableEffect",
  "MessageDefinition",
  "MessageHeader",
  "MolecularSequence",
  "NamingSystem",
  "NutritionOrder",
  "Observation",
  "ObservationDefinition",
  "OperationDefinition",
  "OperationOutcome",
  "Organization",
  "OrganizationAffiliation",
  "Parameters",
  "Patient",
  "PaymentNotice",
  "PaymentReconciliation",
  "Person",
  "PlanDefinition",
  "Practitioner",
  "PractitionerRole",
  "Procedure",
  "Provenance",
  "Questionnaire",
  "QuestionnaireResponse",
  "RelatedPerson",
  "RequestGroup",
  "ResearchDefinition",
  "ResearchElementDefinition",
  "ResearchStudy",
  "ResearchSubject",
  "Resource",
  "RiskAssessment",
  "RiskEvidenceSynthesis",
  "Schedule",
  "SearchParameter",
  "ServiceRequest",
  "Slot",
  "Specimen",
  "SpecimenDefinition",
  "StructureDefinition",
  "StructureMap",
  "Subscription",
  "Substance",
  "SubstanceNucleicAcid",
  "SubstancePolymer",
  "SubstanceProtein",
  "SubstanceReferenceInformation",
  "SubstanceSourceMaterial",
  "SubstanceSpecification",
  "SupplyDelivery",
  "SupplyRequest",
  "Task",
  "TerminologyCapabilities",
  "TestReport",
  "TestScript",
  "ValueSet",
  "VerificationResult",
  "VisionPrescription",
] as const;

/** A resource type of FHIR R4. */
export type RecordKindName = (typeof RECORD_KINDS)[number];

/** They have a number as the others have, and no resource is of them. */
const ABSTRACT: ReadonlySet<string> = new Set(["DomainResource", "Resource"]);

const NUMBERS: ReadonlyMap<string, number> = new Map(RECORD_KINDS.map((name, i) => [name, i + 1]));

/**
 * The number that a resource type has on the chain.
 *
 * @param name A resource's member `resourceType`.
 * @throws HealthError RECORD_KIND_UNKNOWN when FHIR R4 has no resource of that type.
 * @example
 * ```ts
 * recordKindOf("Observation"); // 97
 * ```
 */
export function recordKindOf(name: string): number {
  const kind = ABSTRACT.has(name) ? undefined : NUMBERS.get(name);
  if (kind === undefined) throw new HealthError("RECORD_KIND_UNKNOWN", "FHIR R4 has no resource of this type");
  return kind;
}

/**
 * The resource type of a number on the chain.
 *
 * @param kind The number.
 * @throws HealthError RECORD_KIND_UNKNOWN when it is no resource's.
 * @example
 * ```ts
 * recordKindName(97); // "Observation"
 * ```
 */
export function recordKindName(kind: number | bigint): RecordKindName {
  const name = RECORD_KINDS[Number(kind) - 1];
  if (name === undefined || ABSTRACT.has(name)) {
    throw new HealthError("RECORD_KIND_UNKNOWN", `no resource type has the number ${kind}`);
  }
  return name;
}
