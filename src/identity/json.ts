import canonicalize from "canonicalize";

import { IdentityError } from "./IdentityError.js";

/** A value that JSON can write. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Writes a value as JSON in the one form that RFC 8785 (JCS) allows, so that equal values have equal hashes.
 *
 * @param value The value; numbers as IEEE 754 doubles, so write amounts that must keep their digits as strings.
 * @throws IdentityError JSON_MALFORMED when a number is not finite, a string holds half a surrogate pair, or the value contains itself.
 * @example
 * ```ts
 * canonicalJson({ b: 1, a: "x" }); // '{"a":"x","b":1}'
 * ```
 */
export function canonicalJson(value: Json): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (error) {
    throw new IdentityError("JSON_MALFORMED", "the value has no canonical JSON form", { cause: error });
  }
  if (text === undefined) throw new IdentityError("JSON_MALFORMED", "the value has no JSON form");
  return text;
}
