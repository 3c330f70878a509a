/**
 * The length in bytes of a character above ASCII (RFC 3629, section 4).
 *
 * @param bytes UTF-8 with at least a byte of ASCII behind.
 * @param at Where the character begins.
 * @returns 2 to 4; 0 when there is none.
 * @example
 * ```ts
 * utf8Length(new TextEncoder().encode("\u20ac."), 0); // 3
 * ```
 */
export function utf8Length(bytes: Uint8Array, at: number): number {
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
