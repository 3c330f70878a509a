import { scanFhir } from "./scanFhir.js";

/**
 * Writes a FHIR resource in JSON in one form, so that the same content always has the same hash: without white space, keys in
 * the order and strings with the escapes of RFC 8785 (JCS), and numbers exactly as they are written, since FHIR holds `0.50`
 * for another value than `0.5` (https://hl7.org/fhir/R4/datatypes.html#decimal), and a double keeps neither the one nor the
 * twentieth digit of an integer. This is `fhir-json-lossless-1`; where no number would be rewritten it is RFC 8785 itself.
 *
 * What two programs could read differently is refused: a key twice in an object (also where escapes hide it), text that is
 * no Unicode, all that RFC 8259 does not allow, and more than 256 levels. It does not ask whether the resource is valid FHIR,
 * nor whether it is one. Canonical text is its own canonical form. The time grows with the length and, for the keys of an
 * object, as sorting does, whatever the text; the memory is some three times the text's.
 *
 * @param source The text, or its bytes in UTF-8; never what a JSON parser made of it, which has lost digits and keys.
 * @returns Its canonical form in UTF-8; the source stays as it is.
 * @throws FhirJsonError FHIR_NOT_JSON for XML and values that are no text; FHIR_ENCODING for a byte order mark, bytes that are
 * no UTF-8, and half a surrogate pair; FHIR_DUPLICATE_KEY; FHIR_TOO_DEEP; FHIR_TOO_LARGE from 1 GiB; FHIR_MALFORMED.
 * @example
 * ```ts
 * const canonical = canonicalizeFhir('{ "value": 0.50, "code": "kg" }');
 * new TextDecoder().decode(canonical); // '{"code":"kg","value":0.50}'
 * ```
 */
export function canonicalizeFhir(source: string | Uint8Array): Uint8Array {
  return scanFhir(source).canonical;
}
