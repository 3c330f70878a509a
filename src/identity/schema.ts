import { keccak256, toUtf8Bytes } from "ethers";

import { IdentityError } from "./IdentityError.js";
import { canonicalJson, type Json } from "./json.js";

/** The longest definition that the schema registry takes, in bytes. */
const MOST_BYTES = 8_192;

/**
 * A schema's definition as the registry takes it: UTF-8 of its RFC 8785 form.
 *
 * @param definition An object; nothing personal belongs in it.
 * @throws IdentityError SCHEMA_MALFORMED when it is no object, has no such form or is longer than 8,192 bytes.
 * @example
 * ```ts
 * const bytes = schemaBytes({ title: "Practitioner licence", claims: ["qualification", "validIn"] });
 * ```
 */
export function schemaBytes(definition: Json): Uint8Array {
  if (typeof definition !== "object" || definition === null || Array.isArray(definition)) {
    throw new IdentityError("SCHEMA_MALFORMED", "a schema is a JSON object");
  }
  let bytes: Uint8Array;
  try {
    bytes = toUtf8Bytes(canonicalJson(definition));
  } catch (error) {
    throw new IdentityError("SCHEMA_MALFORMED", "the schema has no canonical JSON form", { cause: error });
  }
  if (bytes.length > MOST_BYTES) {
    throw new IdentityError("SCHEMA_MALFORMED", `the schema has ${bytes.length} bytes, more than ${MOST_BYTES}`);
  }
  return bytes;
}

/**
 * A schema's id, which is also the scope in which its issuers are accredited.
 *
 * @param definition The schema.
 * @returns `keccak256` of its RFC 8785 form, in hex.
 * @throws IdentityError SCHEMA_MALFORMED
 * @example
 * ```ts
 * const scope = schemaIdOf(definition);
 * ```
 */
export function schemaIdOf(definition: Json): string {
  return keccak256(schemaBytes(definition));
}
