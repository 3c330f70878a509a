import { ChainProofError } from "./ChainProofError.js";

/** What RLP writes: a string of bytes, or a list of such items. */
export type RlpItem = Uint8Array | readonly RlpItem[];

/** Headers, receipts and nodes of a trie nest less. */
const MAX_DEPTH = 16;

/**
 * Reads one RLP item that fills the bytes (Ethereum yellow paper, appendix B), in its one canonical form: a byte below 0x80
 * is its own encoding, lengths are as short as can be, nothing follows. So what was read encodes to the same bytes again,
 * and one value has one hash. Strings are views into the bytes.
 *
 * @throws {@link ChainProofError} `RLP_MALFORMED` for all else, and for lists within lists more than sixteen deep.
 *
 * @example
 * ```ts
 * const fields = decodeRlp(getBytes(block.rawHeader));
 * ```
 */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  const [item, end] = readItem(bytes, 0, bytes.length, 0);
  if (end !== bytes.length) throw malformed(`${bytes.length - end} bytes follow the item`);
  return item;
}

function readItem(bytes: Uint8Array, start: number, limit: number, depth: number): [RlpItem, number] {
  const first = start < limit ? bytes[start] : undefined;
  if (first === undefined) throw malformed("an item is missing");
  if (first < 0x80) return [bytes.subarray(start, start + 1), start + 1];

  const isList = first >= 0xc0;
  const short = first - (isList ? 0xc0 : 0x80);
  const [from, length] = short < 56 ? [start + 1, short] : readLength(bytes, start + 1, short - 55, limit);
  const to = from + length;
  if (to > limit) throw malformed(`an item ends ${to - limit} bytes past what holds it`);

  if (isList) return [readList(bytes, from, to, depth + 1), to];
  if (length === 1 && (bytes[from] ?? 0) < 0x80) throw malformed("a byte below 0x80 has a length before it");
  return [bytes.subarray(from, to), to];
}

function readList(bytes: Uint8Array, from: number, to: number, depth: number): RlpItem[] {
  if (depth > MAX_DEPTH) throw malformed(`lists are nested more than ${MAX_DEPTH} deep`);
  const items: RlpItem[] = [];
  for (let at = from; at < to;) {
    const [item, end] = readItem(bytes, at, to, depth);
    items.push(item);
    at = end;
  }
  return items;
}

function readLength(bytes: Uint8Array, from: number, size: number, limit: number): [number, number] {
  if (size > 4 || from + size > limit) throw malformed("a length is longer than what holds it");
  let length = 0;
  for (let i = from; i < from + size; i++) length = length * 256 + (bytes[i] ?? 0);
  if (bytes[from] === 0 || length < 56) throw malformed("a length is not written in its shortest form");
  return [from + size, length];
}

function malformed(message: string): ChainProofError {
  return new ChainProofError("RLP_MALFORMED", `not canonical RLP: ${message}`);
}
