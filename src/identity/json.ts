import canonicalize from "canonicalize";

/** A value that JSON can write. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Writes a value as JSON in the one form that RFC 8785 (JCS) allows, so that equal values have equal hashes.
 *
 * @param value The value; numbers as IEEE 754 doubles, so write amounts that must keep their digits as strings.
 * @throws Error when a number is not finite, a string holds half a surrogate pair, or the value contains itself.
 * @example
 * ```ts
 * canonicalJson({ b: 1, a: "x" }); // '{"a":"x","b":1}'
 * ```
 */
export function canonicalJson(value: Json): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("the value has no JSON form");
  return text;
}
