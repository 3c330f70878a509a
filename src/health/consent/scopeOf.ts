import { AbiCoder, id, keccak256 } from "ethers";

import { HealthError } from "../HealthError.js";

/** What data a consent is for. */
export interface DataScope {
  /** Kinds of data, such as FHIR resource types or codes that patient and grantee agreed on. */
  categories: readonly string[];
  /** Single records, by their ids at the provider. */
  records: readonly string[];
}

/**
 * The scope of a consent for some data: a salted hash, so that nobody who reads the chain learns what data is meant. The
 * order of categories and of records does not matter.
 *
 * @param salt 32 random bytes in hex, of this scope alone; patient and grantee keep it. Destroyed, nothing tells any more
 * what the consent was for.
 * @param data At least one category or record, each named once.
 * @returns `keccak256(abi.encode(keccak256("diwan/consent-scope/v1"), salt, string[] categories, string[] records))`, the
 * lists in the order of their UTF-16 code units; 32 bytes in hex.
 * @throws HealthError SCOPE_MALFORMED
 * @example
 * ```ts
 * const scope = scopeOf(salt, { categories: ["Immunization", "MedicationRequest"], records: [] });
 * ```
 */
export function scopeOf(salt: string, data: DataScope): string {
  const [categories, records] = [data.categories.toSorted(), data.records.toSorted()];
  if (categories.length + records.length === 0) {
    throw new HealthError("SCOPE_MALFORMED", "a scope names data; EVERYTHING is the scope of all of it");
  }
  if (new Set(categories).size !== categories.length || new Set(records).size !== records.length) {
    throw new HealthError("SCOPE_MALFORMED", "a scope names each category and each record once");
  }
  try {
    const types = ["bytes32", "bytes32", "string[]", "string[]"];
    const values = [id("diwan/consent-scope/v1"), salt, categories, records];
    return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
  } catch {
    // Without the cause: it can hold the salt.
    throw new HealthError("SCOPE_MALFORMED", "the salt is not 32 bytes in hex, or a name is no text");
  }
}
