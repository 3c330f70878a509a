/** Something to be searched for. */
export interface Pattern {
  /** What it stands for. */
  name: string;
  /** At least 5. */
  bytes: Uint8Array;
  /** Whether it counts only where a word of the ABI may begin. */
  isAligned?: boolean;
  /** Whether it counts only in words of storage, wherever it begins in them. */
  isPacked?: boolean;
  /** Whether it is digits alone, which in a text count only as a whole number. */
  isDigits?: boolean;
}

/** Bytes to search in. */
export interface Blob {
  /** What they are. */
  where: string;
  bytes: Uint8Array;
  /** Where the first word of 32 bytes begins; -1 when there are no words. */
  words: number;
  /** Whether they are a word of storage, in which numbers are packed. */
  isStored?: boolean;
  /** Whether they are a text for people, in which any digits stand in longer numbers. */
  isText?: boolean;
}

/** A pattern that was found. */
export interface Hit {
  name: string;
  where: string;
  at: number;
}

/** Bytes by which a pattern is known before it is compared. */
const WINDOW = 5;

interface Anchored extends Pattern {
  /** Where in the pattern the window is taken: not in the zeros that words are filled up with. */
  anchor: number;
}

/**
 * Finds many patterns in one pass: each place's next 5 bytes are looked up among the patterns' (Karp and Rabin, 1987),
 * and what is found there is compared byte by byte. It neither misses a pattern nor finds one that is not there.
 */
export function searcherOf(patterns: readonly Pattern[]): (blobs: Iterable<Blob>) => Hit[] {
  const byWindow = new Map<number, Anchored[]>();
  for (const pattern of patterns) {
    if (pattern.bytes.length < WINDOW) throw new Error(`${pattern.name} has fewer than ${WINDOW} bytes`);
    const anchor = anchorOf(pattern.bytes);
    const window = windowAt(pattern.bytes, anchor);
    byWindow.set(window, [...(byWindow.get(window) ?? []), { ...pattern, anchor }]);
  }

  return (blobs) => {
    const hits: Hit[] = [];
    for (const { where, bytes, words, isText, isStored } of blobs) {
      let window = 0;
      for (let end = 0; end < bytes.length; end++) {
        window = (window % 2 ** 32) * 256 + bytes[end]!;
        if (end < WINDOW - 1) continue;
        for (const { name, bytes: pattern, anchor, isAligned, isPacked, isDigits } of byWindow.get(window) ?? []) {
          const at = end - WINDOW + 1 - anchor;
          if (isAligned === true && (words < 0 || (at - words) % 32 !== 0)) continue;
          if (isPacked === true && isStored !== true) continue;
          if (isText === true && isDigits === true && isWithinDigits(bytes, at, pattern.length)) continue;
          if (isAt(bytes, at, pattern)) hits.push({ name, where, at });
        }
      }
    }
    return hits;
  };
}

function isAt(bytes: Uint8Array, at: number, pattern: Uint8Array): boolean {
  if (at < 0 || at + pattern.length > bytes.length) return false;
  for (let i = 0; i < pattern.length; i++) if (bytes[at + i] !== pattern[i]) return false;
  return true;
}

function isWithinDigits(bytes: Uint8Array, at: number, length: number): boolean {
  const isDigit = (byte = 0) => byte >= 0x30 && byte <= 0x39;
  return isDigit(bytes[at - 1]) || isDigit(bytes[at + length]);
}

/** The window with the fewest zeros. */
function anchorOf(bytes: Uint8Array): number {
  let best = 0;
  let fewest = WINDOW + 1;
  for (let at = 0; at + WINDOW <= bytes.length && fewest > 0; at++) {
    const zeros = bytes.subarray(at, at + WINDOW).filter((byte) => byte === 0).length;
    if (zeros < fewest) [best, fewest] = [at, zeros];
  }
  return best;
}

function windowAt(bytes: Uint8Array, at: number): number {
  let window = 0;
  for (let i = at; i < at + WINDOW; i++) window = window * 256 + bytes[i]!;
  return window;
}
