import { canonicalizeFhir } from "./canonicalizeFhir.js";
import { HealthError } from "./HealthError.js";

/** A resource out of a bundle. */
export interface BundledResource {
  /** Its type and id, such as `Observation/f001`. */
  id: string;
  resourceType: string;
  /** Its canonical form. */
  source: string;
}

/** Stands before a number's text, so that it is written again without quotes. No key and no text of a bundle may hold it. */
const MARK = "\u0000";
const MARKED = /"\\u0000(-?[0-9][0-9.eE+-]*)"/g;

/**
 * Takes a FHIR bundle apart, each number as it was written, so that a resource commits to the same as on its own.
 *
 * @param source A FHIR R4 Bundle in JSON: text, or its bytes in UTF-8.
 * @returns The resources of its entries, in their order; entries without one are left out.
 * @throws FhirJsonError as `canonicalizeFhir`; HealthError BUNDLE_MALFORMED when it is no bundle, or a resource has no type or id,
 * or is there twice; or on a machine whose `JSON.parse` does not tell a number's text (Node 20, browsers before 2025).
 * @example
 * ```ts
 * for (const { id, source } of splitBundle(text)) commitRecord(source, key, { id, version: 1 });
 * ```
 */
export function splitBundle(source: string | Uint8Array): BundledResource[] {
  const bundle: unknown = JSON.parse(new TextDecoder().decode(canonicalizeFhir(source)), markNumber);
  if (!isObject(bundle) || bundle.resourceType !== "Bundle") throw malformed("it is no Bundle");
  const { entry = [] } = bundle;
  if (!Array.isArray(entry)) throw malformed("its entry is no list");

  const seen = new Set<string>();
  return (entry as unknown[]).flatMap((one, i) => {
    if (!isObject(one)) throw malformed(`entry ${i} is no object`);
    if (one.resource === undefined) return [];
    const { resource } = one;
    if (!isObject(resource) || typeof resource.resourceType !== "string" || typeof resource.id !== "string") {
      throw malformed(`the resource of entry ${i} has no type or id`);
    }
    const id = `${resource.resourceType}/${resource.id}`;
    if (seen.has(id)) throw malformed(`${id} is there twice`);
    seen.add(id);
    const { resourceType } = resource;
    // Keys that are numbers come first in JavaScript, so the order is made anew.
    const written = canonicalizeFhir(JSON.stringify(resource).replaceAll(MARKED, "$1"));
    return [{ id, resourceType, source: new TextDecoder().decode(written) }];
  });
}

function markNumber(key: string, value: unknown, context?: { source?: string }): unknown {
  // Wherever it stands: a quote before it, escaped, and the closing one behind look like a marked number's.
  if (key.includes(MARK) || (typeof value === "string" && value.includes(MARK))) {
    throw malformed("a key or a text holds a NUL, which FHIR has not");
  }
  if (typeof value !== "number") return value;
  if (context?.source === undefined)
    throw malformed("this machine's JSON.parse does not tell how a number was written");
  return MARK + context.source;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(problem: string): HealthError {
  return new HealthError("BUNDLE_MALFORMED", `the bundle cannot be taken apart: ${problem}`);
}
