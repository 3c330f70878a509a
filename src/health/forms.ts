/**
 * Whether a value that others sent is an object with all of these members, perhaps some that may be missing, and no others:
 * nothing may be in it that nobody looks at.
 *
 * @param names The members that it must have.
 * @param optional Those that it may have.
 * @example
 * ```ts
 * if (!isObjectOf(value, ["body"])) refuse();
 * ```
 */
export function isObjectOf(
  value: unknown,
  names: readonly string[],
  optional: readonly string[] = [],
): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return (
    names.every((name) => Object.hasOwn(value, name)) &&
    Object.keys(value).every((name) => names.includes(name) || optional.includes(name))
  );
}

/**
 * Whether a value is 32 bytes in hex, in lower case with 0x: one text for each word.
 *
 * @example
 * ```ts
 * if (!isWord(commitment)) refuse();
 * ```
 */
export function isWord(value: unknown): value is string {
  return typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value);
}

/**
 * Whether a value is an address in hex, with 0x.
 *
 * @example
 * ```ts
 * if (!isAddressText(registry)) refuse();
 * ```
 */
export function isAddressText(value: unknown): value is string {
  return typeof value === "string" && /^0x[0-9a-f]{40}$/i.test(value);
}

/**
 * Whether a value is a whole number within bounds.
 *
 * @param least The least that it may be.
 * @param most The most.
 * @example
 * ```ts
 * if (!isCount(body, 1, 2 ** 32 - 1)) refuse();
 * ```
 */
export function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}
