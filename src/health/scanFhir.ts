import { FhirJsonError, type FhirJsonErrorCode } from "./FhirJsonError.js";
import { encodeSource, placeOf, WHOLE_PAIR } from "./fhirSource.js";
import { MemberOrder } from "./MemberOrder.js";
import { utf8Length } from "./utf8Length.js";

/**
 * The most levels of objects and lists that have a canonical form; HL7's own examples have 22.
 *
 * @example
 * ```ts
 * const tooDeep = "[".repeat(MAX_FHIR_DEPTH + 1);
 * ```
 */
export const MAX_FHIR_DEPTH = 256;

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
/** How a string holds each character below 0x80: RFC 8785 takes it from ECMAScript's JSON.stringify. */
const ASCII = Array.from({ length: 0x80 }, (_, unit) => JSON.stringify(String.fromCharCode(unit)).slice(1, -1));
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
    this.#bytes = encodeSource(source);
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
    if (twice >= 0) this.#failAt(twice, "FHIR_DUPLICATE_KEY", "a key that the object has not yet", "one that it has");
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
    return this.#order.add(separator, this.#at - this.#shift, found, first);
  }

  /** Whether the key at `start` to before `end`, where it will be, is `resourceType`. */
  #isTypeKey(start: number, end: number): boolean {
    return end - start === RESOURCE_TYPE.length && RESOURCE_TYPE.every((byte, i) => this.#bytes[start + i] === byte);
  }

  /** Takes the type from the value that was just read and will be at `start`, if it is a string. */
  #noteType(start: number): void {
    this.#flush(this.#at);
    if (this.#bytes[start] !== QUOTE) return;
    const text = new TextDecoder().decode(this.#bytes.slice(start, this.#at - this.#shift));
    this.#resourceType = JSON.parse(text) as string;
  }

  #string(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      while (PLAIN[bytes[at]!] === 1) at++;
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      if (byte >= 0x80) {
        const length = utf8Length(bytes, at);
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
    if (letter === SLASH) return this.#replace(at, at + 2, SLASH);
    if (letter !== LOWER_U) this.#failAt(at + 1, "FHIR_MALFORMED", 'one of "\\/bfnrtu after a backslash');
    const unit = this.#hex(at + 2);
    if (unit < 0xd800 || unit > 0xdfff) return this.#replace(at, at + 6, unit);
    const isPair = unit < 0xdc00 && this.#bytes[at + 6] === BACKSLASH && this.#bytes[at + 7] === LOWER_U;
    const low = isPair ? this.#hex(at + 8) : 0;
    if (low < 0xdc00 || low > 0xdfff) this.#failAt(at, "FHIR_ENCODING", WHOLE_PAIR);
    return this.#replace(at, at + 12, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
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

  /** Writes a character, in no more bytes than its escape at `at` has, which ends before `end`. Returns `end`. */
  #replace(at: number, end: number, point: number): number {
    this.#flush(at);
    const written = this.#write(at - this.#shift, point);
    this.#pending = end;
    this.#shift = end - written;
    return end;
  }

  /** Writes a character at `to` as RFC 8785, section 3.2.2.2, has it in a string. Returns the place behind. */
  #write(to: number, point: number): number {
    const bytes = this.#bytes;
    if (point < 0x80) {
      const text = ASCII[point]!;
      for (let i = 0; i < text.length; i++) bytes[to + i] = text.charCodeAt(i);
      return to + text.length;
    }
    let at = to;
    if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x10000) {
        bytes[at++] = 0xe0 | (point >> 12);
      } else {
        bytes[at++] = 0xf0 | (point >> 18);
        bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (point & 0x3f);
    return at;
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
    const length = utf8Length(this.#bytes, at);
    if (length === 0) return `the byte 0x${hex(byte, 2)}`;
    const character = new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.#bytes.slice(at, at + length));
    return `U+${hex(character.codePointAt(0)!, 4)}`;
  }
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
