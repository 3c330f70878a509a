import { FhirJsonError, type FhirJsonErrorCode, type FhirJsonPlace } from "./FhirJsonError.js";
import { MemberOrder } from "./MemberOrder.js";

/**
 * The most levels of objects and lists that have a canonical form; HL7's own examples have 22.
 *
 * @example
 * ```ts
 * const tooDeep = "[".repeat(MAX_FHIR_DEPTH + 1);
 * ```
 */
export const MAX_FHIR_DEPTH = 256;

/**
 * The longest text that has a canonical form, in bytes of UTF-8: 1 GiB.
 *
 * @example
 * ```ts
 * if (file.size > MAX_FHIR_BYTES) refuse(file);
 * ```
 */
export const MAX_FHIR_BYTES = 2 ** 30;

/** A resource in canonical form. */
export interface ScannedFhir {
  /** UTF-8. */
  canonical: Uint8Array;
  /** Its member `resourceType`; undefined where it has none that is a string. */
  resourceType: string | undefined;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const COLON = 0x3a;
const LESS_THAN = 0x3c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const LOWER_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** By byte: 1 where a string goes on by one step; not so for a quote, a backslash, control characters and above ASCII. */
const PLAIN = tableOf((byte) => byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH);
const SPACE = tableOf((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
/** What stays after a backslash as it is: quote, backslash, b, f, n, r, t. */
const SHORT_ESCAPE = tableOf((byte) => '"\\bfnrt'.includes(String.fromCharCode(byte)));
const WHOLE_PAIR = "a whole surrogate pair (RFC 7493, section 2.1)";
const RESOURCE_TYPE = new TextEncoder().encode("resourceType");
/** Fewer bytes than these are copied faster one by one. */
const FEW_BYTES = 48;

/**
 * As `canonicalizeFhir`, which says what is done, and tells the resource's type too.
 *
 * @param source The text, or its bytes in UTF-8.
 * @throws FhirJsonError as `canonicalizeFhir`
 * @example
 * ```ts
 * const { canonical, resourceType } = scanFhir(text);
 * ```
 */
export function scanFhir(source: string | Uint8Array): ScannedFhir {
  return new Scanner(source).scan();
}

/**
 * Reads a text once, and writes it back without white space and with canonical strings over the same bytes: canonical text is
 * never longer. What is read and not yet written waits from `pending` on, to be moved down by `shift` in one piece. Objects
 * whose keys are out of order are put right when all is read.
 */
class Scanner {
  readonly #source: string | Uint8Array;
  /** The text, and a zero which nothing goes past. */
  readonly #bytes: Uint8Array;
  readonly #order: MemberOrder;
  #at = 0;
  #pending = 0;
  #shift = 0;
  #resourceType: string | undefined;

  constructor(source: string | Uint8Array) {
    this.#source = source;
    this.#bytes = bytesOf(source);
    this.#order = new MemberOrder(this.#bytes);
  }

  scan(): ScannedFhir {
    this.#begin();
    this.#value(0);
    if (this.#at < this.#bytes.length - 1) {
      this.#fail("FHIR_MALFORMED", "the end of the text after the resource; several (NDJSON) are given one by one");
    }
    this.#flush(this.#at);
    return { canonical: this.#order.write(this.#at - this.#shift), resourceType: this.#resourceType };
  }

  /** Names what is no JSON in UTF-8 at all. */
  #begin(): void {
    const [first, second, third] = this.#bytes;
    if (first === 0xef && second === 0xbb && third === 0xbf) {
      this.#fail("FHIR_ENCODING", "JSON without a byte order mark (RFC 8259, section 8.1)");
    }
    if ((first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe)) {
      this.#fail("FHIR_ENCODING", "JSON in UTF-8, not in UTF-16 (RFC 8259, section 8.1)");
    }
    this.#space();
    if (this.#bytes[this.#at] === LESS_THAN) {
      this.#fail("FHIR_NOT_JSON", "a resource in JSON (application/fhir+json), which XML must be converted to first");
    }
  }

  /** Reads a value and the white space behind it; `depth` is the number of objects and lists around it. */
  #value(depth: number): void {
    const byte = this.#bytes[this.#at]!;
    if (byte === QUOTE) this.#string();
    else if (byte === OPEN_OBJECT) this.#object(depth + 1);
    else if (byte === OPEN_LIST) this.#list(depth + 1);
    else if (byte === MINUS || isDigit(byte)) this.#number();
    else if (byte === LOWER_T) this.#word("true");
    else if (byte === LOWER_F) this.#word("false");
    else if (byte === LOWER_N) this.#word("null");
    else this.#fail("FHIR_MALFORMED", 'a value: "{", "[", a string in double quotes, a number, true, false or null');
    this.#space();
  }

  #object(depth: number): void {
    this.#checkDepth(depth);
    const bytes = this.#bytes;
    const first = this.#order.count;
    let isSorted = true;
    let separator = this.#at - this.#shift;
    this.#step();
    if (bytes[this.#at] === CLOSE_OBJECT) {
      this.#at++;
      return;
    }
    for (;;) {
      if (!this.#key(separator, first)) isSorted = false;
      const keyEnd = this.#at - this.#shift;
      this.#space();
      if (bytes[this.#at] !== COLON) this.#fail("FHIR_MALFORMED", '":" after a key');
      this.#step();
      this.#value(depth);
      if (depth === 1 && this.#isTypeKey(separator + 2, keyEnd - 1)) this.#noteType(keyEnd + 1);
      const byte = bytes[this.#at];
      if (byte === CLOSE_OBJECT) break;
      if (byte !== COMMA) this.#fail("FHIR_MALFORMED", '"," or "}" after a member');
      separator = this.#at - this.#shift;
      this.#step();
    }
    const twice = this.#order.close(first, this.#at - this.#shift, isSorted);
    if (twice >= 0) this.#failTwice(twice);
    this.#at++;
  }

  #list(depth: number): void {
    this.#checkDepth(depth);
    this.#step();
    if (this.#bytes[this.#at] === CLOSE_LIST) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#value(depth);
      const byte = this.#bytes[this.#at];
      if (byte === CLOSE_LIST) break;
      if (byte !== COMMA) this.#fail("FHIR_MALFORMED", '"," or "]" after an element');
      this.#step();
    }
    this.#at++;
  }

  #checkDepth(depth: number): void {
    if (depth > MAX_FHIR_DEPTH) this.#fail("FHIR_TOO_DEEP", `at most ${MAX_FHIR_DEPTH} levels of objects and lists`);
  }

  /** Reads a key. `separator` is where the brace or comma before it will be. Returns whether it is above the one before. */
  #key(separator: number, first: number): boolean {
    const found = this.#at;
    if (this.#bytes[found] !== QUOTE) this.#fail("FHIR_MALFORMED", "a key in double quotes");
    this.#string();
    // Keys are compared where they will be.
    this.#flush(this.#at);
    const difference = this.#order.add(separator, this.#at - this.#shift, found, first);
    if (difference === 0) this.#failTwice(found);
    return difference > 0;
  }

  /** Whether the key at `start` to before `end`, where it will be, is `resourceType`. */
  #isTypeKey(start: number, end: number): boolean {
    return end - start === RESOURCE_TYPE.length && RESOURCE_TYPE.every((byte, i) => this.#bytes[start + i] === byte);
  }

  /** Takes the type from the value that was just read and will be at `start`. */
  #noteType(start: number): void {
    this.#flush(this.#at);
    const value: unknown = JSON.parse(new TextDecoder().decode(this.#bytes.slice(start, this.#at - this.#shift)));
    if (typeof value === "string") this.#resourceType = value;
  }

  #string(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      while (PLAIN[bytes[at]!] === 1) at++;
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      if (byte >= 0x80) {
        const length = sequenceLength(bytes, at);
        if (length === 0) this.#failAt(at, "FHIR_ENCODING", "UTF-8 (RFC 3629)");
        at += length;
      } else if (byte === BACKSLASH) {
        at = this.#escape(at);
      } else {
        this.#failAt(
          at,
          "FHIR_MALFORMED",
          'the rest of a string and its closing quote; control characters as "\\u0000"',
        );
      }
    }
    this.#at = at + 1;
  }

  /** Writes an escape at `at` as RFC 8785 has it. Returns where the text goes on. */
  #escape(at: number): number {
    const letter = this.#bytes[at + 1]!;
    if (SHORT_ESCAPE[letter] === 1) return at + 2;
    if (letter === SLASH) return this.#replace(at, at + 2, [SLASH]);
    if (letter !== LOWER_U) this.#failAt(at + 1, "FHIR_MALFORMED", 'one of "\\/bfnrtu after a backslash');
    const unit = this.#hex(at + 2);
    if (unit < 0xd800 || unit > 0xdfff) return this.#replace(at, at + 6, canonicalBytes(unit));
    const isPair = unit < 0xdc00 && this.#bytes[at + 6] === BACKSLASH && this.#bytes[at + 7] === LOWER_U;
    const low = isPair ? this.#hex(at + 8) : 0;
    if (low < 0xdc00 || low > 0xdfff) this.#failAt(at, "FHIR_ENCODING", WHOLE_PAIR);
    return this.#replace(at, at + 12, canonicalBytes(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)));
  }

  /** The number that four hexadecimal digits at `at` write. */
  #hex(at: number): number {
    let value = 0;
    for (let i = at; i < at + 4; i++) {
      const digit = hexDigit(this.#bytes[i]!);
      if (digit < 0) this.#failAt(i, "FHIR_MALFORMED", 'four hexadecimal digits after "\\u"');
      value = value * 16 + digit;
    }
    return value;
  }

  /** Puts bytes, not more than were there, where others are to be from `at` on. Returns `end`. */
  #replace(at: number, end: number, written: readonly number[]): number {
    this.#flush(at);
    for (const [i, byte] of written.entries()) this.#bytes[at - this.#shift + i] = byte;
    this.#shift += end - at - written.length;
    this.#pending = end;
    return end;
  }

  /** Reads a number (RFC 8259, section 6) and leaves it as it is. */
  #number(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    if (bytes[at] === MINUS) at++;
    if (bytes[at] === ZERO) {
      at++;
      if (isDigit(bytes[at]!)) this.#failAt(at, "FHIR_MALFORMED", "a number without a leading zero");
    } else {
      at = this.#digits(at);
    }
    if (bytes[at] === DOT) at = this.#digits(at + 1);
    // An e of either case.
    if ((bytes[at]! | 0x20) === 0x65) {
      at++;
      if (bytes[at] === 0x2b || bytes[at] === MINUS) at++;
      at = this.#digits(at);
    }
    this.#at = at;
  }

  #digits(start: number): number {
    let at = start;
    while (isDigit(this.#bytes[at]!)) at++;
    if (at === start) this.#failAt(at, "FHIR_MALFORMED", "a digit");
    return at;
  }

  #word(word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.#bytes[this.#at + i] !== word.charCodeAt(i)) this.#failAt(this.#at + i, "FHIR_MALFORMED", `"${word}"`);
    }
    this.#at += word.length;
  }

  /** Goes over one byte that stays, and the white space behind. */
  #step(): void {
    this.#at++;
    this.#space();
  }

  /** Leaves white space out. */
  #space(): void {
    const bytes = this.#bytes;
    const start = this.#at;
    if (SPACE[bytes[start]!] === 0) return;
    let end = start + 1;
    while (SPACE[bytes[end]!] === 1) end++;
    this.#flush(start);
    this.#pending = end;
    this.#shift += end - start;
    this.#at = end;
  }

  /** Writes what waits, up to `end`. */
  #flush(end: number): void {
    const bytes = this.#bytes;
    const start = this.#pending;
    const shift = this.#shift;
    this.#pending = end;
    if (shift === 0) return;
    if (end - start > FEW_BYTES) bytes.copyWithin(start - shift, start, end);
    else for (let i = start; i < end; i++) bytes[i - shift] = bytes[i]!;
  }

  #failTwice(at: number): never {
    this.#failAt(at, "FHIR_DUPLICATE_KEY", "a key that the object does not have yet", "one that it has");
  }

  #fail(code: FhirJsonErrorCode, expected: string): never {
    this.#failAt(this.#at, code, expected);
  }

  #failAt(at: number, code: FhirJsonErrorCode, expected: string, found = this.#found(at)): never {
    throw new FhirJsonError(code, placeOf(this.#source, at), expected, found);
  }

  #found(at: number): string {
    if (at >= this.#bytes.length - 1) return "the end of the text";
    const byte = this.#bytes[at]!;
    if (byte < 0x80) return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `U+${hex(byte, 4)}`;
    const length = sequenceLength(this.#bytes, at);
    if (length === 0) return `the byte 0x${hex(byte, 2)}`;
    return `U+${hex(new TextDecoder().decode(this.#bytes.slice(at, at + length)).codePointAt(0)!, 4)}`;
  }
}

/** A copy of the text in UTF-8, to be written over, with a zero behind. */
function bytesOf(source: string | Uint8Array): Uint8Array {
  const start = { offset: 0, line: 1, column: 1 };
  if (typeof source !== "string" && !(ArrayBuffer.isView(source) && "BYTES_PER_ELEMENT" in source)) {
    const expected = "text or its bytes as they were received: a parser's value has lost digits and keys";
    throw new FhirJsonError("FHIR_NOT_JSON", start, expected, source === null ? "null" : typeof source);
  }
  if (source.length > MAX_FHIR_BYTES) throw tooLarge(start);
  if (typeof source === "string" && !(source as string & { isWellFormed(): boolean }).isWellFormed()) {
    const half = source.search(/\p{Surrogate}/u);
    const found = `U+${hex(source.charCodeAt(half), 4)}`;
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

/** The place of a byte, in the units of the source. */
function placeOf(source: string | Uint8Array, at: number): FhirJsonPlace {
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

/** The length of a character's UTF-8 from `at` on, for one above ASCII; 0 if it is none (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const second = bytes[at + 1]!;
  if (lead < 0xc2 || lead > 0xf4 || !isTail(second)) return 0;
  if (lead < 0xe0) return 2;
  if ((lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f) || !isTail(bytes[at + 2]!)) return 0;
  if (lead < 0xf0) return 3;
  if ((lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f) || !isTail(bytes[at + 3]!)) return 0;
  return 4;
}

function isTail(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** How RFC 8785, section 3.2.2.2, writes a character that is no half of a pair. */
function canonicalBytes(point: number): readonly number[] {
  // JSON.stringify is what the RFC defines it by.
  return [...new TextEncoder().encode(JSON.stringify(String.fromCodePoint(point)).slice(1, -1))];
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - ZERO;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}

function tableOf(holds: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(holds(byte)));
}
