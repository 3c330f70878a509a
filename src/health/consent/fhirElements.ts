import { HealthError } from "../HealthError.js";
import type { FhirReference } from "./fhirTypes.js";

/** A reference in a consent that somebody else wrote. */
export type ForeignReference = FhirReference & { reference?: string };

/** Members of an object that somebody else wrote. */
export type JsonObject = Record<string, unknown>;

/**
 * Refuses an element that has members beside the known ones.
 *
 * @param reasons Why some of them are refused, for people.
 * @throws HealthError CONSENT_INEXPRESSIBLE
 * @example
 * ```ts
 * requireOnly(period, "Consent.provision.period", ["start", "end"]);
 * ```
 */
export function requireOnly(
  object: JsonObject,
  path: string,
  known: string[],
  reasons: Readonly<Record<string, string>> = {},
): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    throw inexpressible(`${path}.${name}`, reasons[name] ?? "is nothing that the chain can express");
  }
}

/**
 * A reference to another resource.
 *
 * @throws HealthError CONSENT_MALFORMED
 * @example
 * ```ts
 * const { reference } = referenceAt(consent.patient, "Consent.patient");
 * ```
 */
export function referenceAt(value: unknown, path: string): ForeignReference {
  const { reference, type, identifier, display } = objectAt(value, path);
  const { system, value: named } = identifier === undefined ? {} : objectAt(identifier, `${path}.identifier`);
  const optional = (text: unknown, name: string) => text !== undefined && { [name]: textAt(text, `${path}.${name}`) };
  return {
    ...{ ...optional(reference, "reference"), ...optional(type, "type"), ...optional(display, "display") },
    ...(identifier !== undefined && { identifier: { ...optional(system, "system"), ...optional(named, "value") } }),
  };
}

/**
 * The code of a concept that has one coding, of one system.
 *
 * @throws HealthError CONSENT_INEXPRESSIBLE when it has others, CONSENT_MALFORMED
 * @example
 * ```ts
 * const scope = codeAt(consent.scope, "Consent.scope", CONSENT_SCOPE);
 * ```
 */
export function codeAt(value: unknown, path: string, system: string): string {
  const codings = listAt(objectAt(value, path).coding, `${path}.coding`);
  if (codings.length !== 1) throw inexpressible(path, "has not exactly one code");
  const coding = objectAt(codings[0], `${path}.coding[0]`);
  const code = textAt(coding.code, `${path}.coding[0].code`);
  if (coding.system !== system) throw inexpressible(path, `is ${code} of a code system that the chain does not know`);
  return code;
}

/**
 * An object.
 *
 * @throws HealthError CONSENT_MALFORMED
 * @example
 * ```ts
 * const rule = objectAt(consent.provision, "Consent.provision");
 * ```
 */
export function objectAt(value: unknown, path: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw malformed(path, "is no object");
}

/**
 * A list; an empty one where there is none.
 *
 * @throws HealthError CONSENT_MALFORMED
 * @example
 * ```ts
 * const actors = listAt(rule.actor, "Consent.provision.actor");
 * ```
 */
export function listAt(value: unknown, path: string): unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw malformed(path, "is no list");
}

/**
 * A text.
 *
 * @throws HealthError CONSENT_MALFORMED
 * @example
 * ```ts
 * const status = textAt(consent.status, "Consent.status");
 * ```
 */
export function textAt(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw malformed(path, value === undefined ? "is missing" : "is no text");
}

/**
 * What is thrown for what the chain cannot express.
 *
 * @param path The element.
 * @param problem What is the matter with it, behind its path.
 * @example
 * ```ts
 * throw inexpressible("Consent.status", "is draft");
 * ```
 */
export function inexpressible(path: string, problem: string): HealthError {
  return new HealthError("CONSENT_INEXPRESSIBLE", `the chain cannot express this consent: ${path} ${problem}`);
}

/**
 * What is thrown for what is no FHIR R4 Consent.
 *
 * @param path The element.
 * @param problem What is the matter with it, behind its path.
 * @example
 * ```ts
 * throw malformed("Consent.patient", "is missing");
 * ```
 */
export function malformed(path: string, problem: string): HealthError {
  return new HealthError("CONSENT_MALFORMED", `this is no FHIR R4 Consent: ${path} ${problem}`);
}
