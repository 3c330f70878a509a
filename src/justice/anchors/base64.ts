/**
 * Bytes as base64 (RFC 4648, section 4), in browsers and in Node.
 *
 * @example
 * ```ts
 * const line = encodeBase64(root);
 * ```
 */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Bytes of base64 in its one canonical form: padded, no white space, no bits left over.
 *
 * @returns undefined when it is anything else.
 * @example
 * ```ts
 * const root = decodeBase64(line);
 * ```
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
    return encodeBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
