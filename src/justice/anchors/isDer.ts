const CONSTRUCTED = 0x20;
const SEQUENCE = 0x30;
const SET = 0x31;
const DEEPEST = 32;

/**
 * Whether bytes are one value of ASN.1 in DER, down to its last part: one length for each, the shortest; numbers without
 * leading zeros; no strings in pieces. So the same value has no second form in which a byte could be altered unseen.
 *
 * @example
 * ```ts
 * if (!isDer(token)) throw new AnchorError("TOKEN_MALFORMED", "the token is not in DER");
 * ```
 */
export function isDer(bytes: Uint8Array): boolean {
  return valueEnd(bytes, 0, bytes.length, 0) === bytes.length;
}

/** Where the value that starts at `at` ends; undefined when it is malformed. */
function valueEnd(bytes: Uint8Array, at: number, limit: number, depth: number): number | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (depth > DEEPEST || tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first - 0x80;
    if (count === 0 || count > 3) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    if (length < 0x80 || length < 256 ** (count - 1)) return undefined;
    start += count;
  }
  const end = start + length;
  if (end > limit) return undefined;
  return (tag & CONSTRUCTED) === 0
    ? isPrimitive(tag, bytes.subarray(start, end))
      ? end
      : undefined
    : isConstructed(tag, bytes, start, end, depth)
      ? end
      : undefined;
}

function isConstructed(tag: number, bytes: Uint8Array, start: number, end: number, depth: number): boolean {
  // Of the universal types only these two consist of others.
  if (tag < 0x40 && tag !== SEQUENCE && tag !== SET) return false;
  for (let at = start; at < end;) {
    const next = valueEnd(bytes, at, end, depth + 1);
    if (next === undefined) return false;
    at = next;
  }
  return true;
}

function isPrimitive(tag: number, content: Uint8Array): boolean {
  const [first = 0, second = 0] = content;
  switch (tag) {
    case 0x01:
      return content.length === 1 && (first === 0 || first === 0xff);
    case 0x02:
    case 0x0a:
      return (
        content.length > 0 &&
        !(content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
      );
    case 0x03:
      return content.length > 0 && first < 8;
    case 0x05:
      return content.length === 0;
    default:
      return tag !== (SEQUENCE & ~CONSTRUCTED) && tag !== (SET & ~CONSTRUCTED);
  }
}
