import { FhirJsonError, type FhirJsonPlace } from "./FhirJsonError.js";

/**
 * The longest text that has a canonical form, in bytes of UTF-8: 1 GiB.
 *
 * @example
 * ```ts
 * if (file.size > MAX_FHIR_BYTES) refuse(file);
 * ```
 */
export const MAX_FHIR_BYTES = 2 ** 30;

/**
 * What is expected where half a surrogate pair is found.
 *
 * @example
 * ```ts
 * const isHalf = error instanceof FhirJsonError && error.expected === WHOLE_PAIR;
 * ```
 */
export const WHOLE_PAIR = "a whole surrogate pair (RFC 7493, section 2.1)";

/**
 * A copy of a text in UTF-8, to be written over, with a zero behind.
 *
 * @param source The text, or its bytes in UTF-8, which are not looked at yet.
 * @throws FhirJsonError FHIR_NOT_JSON when it is neither; FHIR_TOO_LARGE; FHIR_ENCODING when a string has half a surrogate pair.
 * @example
 * ```ts
 * const bytes = encodeSource("{}"); // 7b 7d 00
 * ```
 */
export function encodeSource(source: string | Uint8Array): Uint8Array {
  const start = { offset: 0, line: 1, column: 1 };
  // By its name, so that another window's bytes are bytes too.
  if (typeof source !== "string" && Object.prototype.toString.call(source) !== "[object Uint8Array]") {
    const expected = "text or its bytes as they were received: a parser's value has lost digits and keys";
    throw new FhirJsonError("FHIR_NOT_JSON", start, expected, source === null ? "null" : typeof source);
  }
  if (source.length > MAX_FHIR_BYTES) throw tooLarge(start);
  if (typeof source === "string" && !(source as string & { isWellFormed(): boolean }).isWellFormed()) {
    const half = source.search(/\p{Surrogate}/u);
    const found = `U+${source.charCodeAt(half).toString(16).toUpperCase()}`;
    throw new FhirJsonError("FHIR_ENCODING", lineOf(source, half), WHOLE_PAIR, found);
  }
  const encoded = typeof source === "string" ? new TextEncoder().encode(source) : source;
  if (encoded.length > MAX_FHIR_BYTES) throw tooLarge(start);
  const bytes = new Uint8Array(encoded.length + 1);
  bytes.set(encoded);
  return bytes;
}

function tooLarge(place: FhirJsonPlace): FhirJsonError {
  return new FhirJsonError("FHIR_TOO_LARGE", place, `at most ${MAX_FHIR_BYTES} bytes`, "more");
}

/**
 * The place of a byte in a text, in the units of the text as it was given.
 *
 * @param source The text, or its bytes in UTF-8.
 * @param at The byte's index in UTF-8.
 * @example
 * ```ts
 * placeOf("{\n}", 2); // { offset: 2, line: 2, column: 1 }
 * ```
 */
export function placeOf(source: string | Uint8Array, at: number): FhirJsonPlace {
  if (typeof source !== "string") return lineOf(source, at);
  let bytes = 0;
  let offset = 0;
  while (bytes < at) {
    const point = source.codePointAt(offset)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    offset += point < 0x10000 ? 1 : 2;
  }
  return lineOf(source, offset);
}

function lineOf(source: string | Uint8Array, offset: number): FhirJsonPlace {
  let line = 1;
  let start = 0;
  for (let i = 0; i < offset; i++) {
    if ((typeof source === "string" ? source.charCodeAt(i) : source[i]) !== 0x0a) continue;
    line++;
    start = i + 1;
  }
  return { offset, line, column: offset - start + 1 };
}
