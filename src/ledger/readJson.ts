/** Checks one value of a file that somebody else wrote, and gives it its type; `refuse` says what is wrong and never returns. */
export type JsonReader<T> = (value: unknown, path: string, refuse: (path: string, problem: string) => never) => T;

const MOST_CHARACTERS = 2 ** 25;

/**
 * Reads a file that somebody else wrote, to the letter: every member that its readers name and no other.
 *
 * @param text The JSON.
 * @param reader What it must be.
 * @param fail Makes of what is wrong the error that the caller's domain throws; that error is thrown.
 * @example
 * ```ts
 * const opening = objectOf({ salt: textLike(BYTES32) });
 * const { salt } = readJson(text, opening, (problem) => new HealthError("OPENING_MALFORMED", problem));
 * ```
 */
export function readJson<T>(text: string, reader: JsonReader<T>, fail: (problem: string) => Error): T {
  const refuse = (path: string, problem: string): never => {
    throw fail(`the file cannot be read: ${path === "" ? "it" : path} ${problem}`);
  };
  if (typeof text !== "string" || text.length > MOST_CHARACTERS) return refuse("", "is no text, or too long");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without the cause: it quotes the file, which can hold a salt.
    return refuse("", "is no JSON");
  }
  return reader(value, "", refuse);
}

/**
 * An object with these members, none missing and none added, save those that may be left out.
 *
 * @param members A reader for each.
 * @param optional A reader for each that may be left out.
 * @example
 * ```ts
 * const party = objectOf({ body: wholeBelow(2 ** 32), name: textLike(LINE) });
 * ```
 */
export function objectOf<T extends object, O extends object = object>(
  members: { [K in keyof T]: JsonReader<T[K]> },
  optional?: { [K in keyof O]: JsonReader<O[K]> },
): JsonReader<T & Partial<O>> {
  const readers = new Map<string, JsonReader<unknown>>(Object.entries({ ...members, ...optional }));
  const required = Object.keys(members);
  return (value, path, refuse) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(path, "is no object");
    const own = new Map<string, unknown>(Object.entries(value));
    const strange = [...own.keys()].find((name) => !readers.has(name));
    if (strange !== undefined) refuse(path, `has a strange member, ${JSON.stringify(strange.slice(0, 40))}`);
    const missing = required.find((name) => !own.has(name));
    if (missing !== undefined) refuse(path, `lacks ${missing}`);
    const entries = [...own].map(([name, member]) => {
      return [name, readers.get(name)!(member, path === "" ? name : `${path}.${name}`, refuse)];
    });
    return Object.fromEntries(entries) as T & Partial<O>;
  };
}

/**
 * A list.
 *
 * @param reader For each of its values.
 * @param most How many there may be.
 * @example
 * ```ts
 * const path = listOf(textLike(BYTES32), 64);
 * ```
 */
export function listOf<T>(reader: JsonReader<T>, most: number): JsonReader<T[]> {
  return (value, path, refuse) => {
    if (!Array.isArray(value)) return refuse(path, "is no list");
    if (value.length > most) refuse(path, `has more than ${most} values`);
    return value.map((item, i) => reader(item, `${path}[${i}]`, refuse));
  };
}

/**
 * A text of a pattern.
 *
 * @param pattern From its first character to its last.
 * @example
 * ```ts
 * const salt = textLike(BYTES32);
 * ```
 */
export function textLike(pattern: RegExp): JsonReader<string> {
  return (value, path, refuse) => {
    if (typeof value !== "string" || !pattern.test(value)) return refuse(path, `does not match ${pattern.source}`);
    return value;
  };
}

/**
 * One of several texts.
 *
 * @param values The texts.
 * @example
 * ```ts
 * const event = oneOf(["GIVEN", "CHANGED", "WITHDRAWN"]);
 * ```
 */
export function oneOf<const T extends string>(values: readonly T[]): JsonReader<T> {
  return (value, path, refuse) => {
    const found = values.find((one) => one === value);
    return found ?? refuse(path, `is none of ${values.join(", ")}`);
  };
}

/**
 * A whole number from 0.
 *
 * @param end The least that is too large, at most 2^53.
 * @example
 * ```ts
 * const time = wholeBelow(2 ** 40);
 * ```
 */
export function wholeBelow(end: number): JsonReader<number> {
  return (value, path, refuse) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value >= end) {
      return refuse(path, `is no whole number from 0 to below ${end}`);
    }
    return value;
  };
}

/**
 * 20 bytes in hex, lower case: an address without its checksum.
 *
 * @example
 * ```ts
 * const reader = textLike(ADDRESS);
 * ```
 */
export const ADDRESS = /^0x[0-9a-f]{40}$/;

/**
 * 32 bytes in hex, lower case.
 *
 * @example
 * ```ts
 * const reader = textLike(BYTES32);
 * ```
 */
export const BYTES32 = /^0x[0-9a-f]{64}$/;

/**
 * Bytes in hex, lower case, at most 2,048.
 *
 * @example
 * ```ts
 * const reader = textLike(SIGNATURE);
 * ```
 */
export const SIGNATURE = /^0x(?:[0-9a-f]{2}){0,2048}$/;

/**
 * One line of text without control characters or the marks that turn its direction, 1 to 500 characters.
 *
 * @example
 * ```ts
 * const reader = textLike(LINE);
 * ```
 */
export const LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]{1,500}$/u;
