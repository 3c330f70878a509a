import type { ConsentPlace } from "./consentTypedData.js";
import type { FhirIdentifier, FhirReference } from "./fhirTypes.js";

/**
 * Where the names lie that FHIR documents of this library use beside HL7's. A reserved domain, as in publiccode.yml:
 * whoever publishes the project puts its address here.
 *
 * @example
 * ```ts
 * const url = `${FHIR_BASE}/StructureDefinition/consent-uses`;
 * ```
 */
export const FHIR_BASE = "https://example.org/diwan/fhir";

/**
 * Names of identifiers and extensions in FHIR documents of this library. What narrows a rule is a modifier extension: a
 * reader that does not know it must not act on the rule.
 *
 * @example
 * ```ts
 * const uses = provision.modifierExtension.find(({ url }) => url === FHIR_NAMES.uses);
 * ```
 */
export const FHIR_NAMES = {
  /** Identifier of a patient: `eip155:<chain>:<address>` (CAIP-10). */
  patient: `${FHIR_BASE}/NamingSystem/patient`,
  /** Identifier of a body: `eip155:<chain>:<registry>/<index>`. */
  body: `${FHIR_BASE}/NamingSystem/body`,
  /** Identifier of a consent: `eip155:<chain>:<registry>/<patient>/<grantee>/<scope>`; of objections, up to the patient. */
  consent: `${FHIR_BASE}/NamingSystem/consent`,
  /** Identifier of a use of the break-glass: `eip155:<chain>:<registry>/<use>`. */
  breakGlass: `${FHIR_BASE}/NamingSystem/break-glass`,
  /** Identifier of a registry: `eip155:<chain>:<address>` (CAIP-10). */
  registry: `${FHIR_BASE}/NamingSystem/consent-registry`,
  /** Identifier of a record's id at a provider. */
  record: `${FHIR_BASE}/NamingSystem/record`,
  /** Identifier of a professional within a body. */
  professional: `${FHIR_BASE}/NamingSystem/professional`,
  /** Extension of a consent: its version on the chain. */
  version: `${FHIR_BASE}/StructureDefinition/consent-version`,
  /** Modifier extension of a rule: the salted hash of what data it is for. */
  scope: `${FHIR_BASE}/StructureDefinition/consent-scope`,
  /** Modifier extension of a rule: how many accesses it is good for. */
  uses: `${FHIR_BASE}/StructureDefinition/consent-uses`,
} as const;

/**
 * An account of a chain as CAIP-10 writes it.
 *
 * @param chainId The chain's id.
 * @param address The account.
 * @example
 * ```ts
 * accountId(31_337, registry); // "eip155:31337:0x…"
 * ```
 */
export function accountId(chainId: number, address: string): string {
  return `eip155:${chainId}:${address.toLowerCase()}`;
}

/**
 * How a FHIR document names a patient.
 *
 * @param chainId The chain's id.
 * @param patient The patient's address.
 * @example
 * ```ts
 * const reference = patientReference(31_337, patient);
 * ```
 */
export function patientReference(chainId: number, patient: string): FhirReference {
  return { type: "Patient", identifier: { system: FHIR_NAMES.patient, value: accountId(chainId, patient) } };
}

/**
 * How a FHIR document names a body of the trust list that a registry relies on.
 *
 * @param place The registry.
 * @param body The body's index.
 * @example
 * ```ts
 * const reference = bodyReference(place, 2);
 * ```
 */
export function bodyReference({ chainId, registry }: ConsentPlace, body: number): FhirReference {
  const value = `${accountId(chainId, registry)}/${body}`;
  return { type: "Organization", identifier: { system: FHIR_NAMES.body, value } };
}

/**
 * How a FHIR document names a registry.
 *
 * @param place The registry.
 * @example
 * ```ts
 * const reference = registryReference(place);
 * ```
 */
export function registryReference({ chainId, registry }: ConsentPlace): FhirReference {
  return { type: "Device", identifier: { system: FHIR_NAMES.registry, value: accountId(chainId, registry) } };
}

/**
 * How a FHIR document names a consent, or a patient's objections.
 *
 * @param place The registry.
 * @param patient The patient's address.
 * @param slot The consent's grantee and scope; left out for objections.
 * @example
 * ```ts
 * const identifier = consentIdentifier(place, patient, grant);
 * ```
 */
export function consentIdentifier(
  { chainId, registry }: ConsentPlace,
  patient: string,
  slot?: { grantee: number; scope: string },
): FhirIdentifier {
  const parts = [accountId(chainId, registry), patient.toLowerCase()];
  if (slot !== undefined) parts.push(String(slot.grantee), slot.scope.toLowerCase());
  return { system: FHIR_NAMES.consent, value: parts.join("/") };
}
