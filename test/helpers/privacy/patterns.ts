import { createHash } from "node:crypto";

import { loadKeccak } from "../../../src/identity/loadKeccak.js";
import { numbersOf, type PersonalValue, writingsOf } from "./personalValues.js";
import type { Pattern } from "./search.js";

const WORD = 32;
/** Shorter than this a text is searched as a whole ABI word alone: anything could be those few bytes. */
const LEAST = 5;

/**
 * What to search for to find a value in bytes: plain in each of its writings, as text in hex and base64, as a number, and
 * hashed without salt by SHA-256 and keccak-256 as UTF-8, as JSON, as hex text, and as Solidity encodes it.
 */
export async function patternsOf(values: readonly PersonalValue[]): Promise<Pattern[]> {
  const keccak = await loadKeccak();
  const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
  const patterns: Pattern[] = [];
  const seen = new Set<string>();

  for (const { source, text } of values) {
    const add = (form: string, bytes: Uint8Array, isAligned = false) => {
      const key = Buffer.from(bytes).toString("latin1");
      if (seen.has(key)) return;
      seen.add(key);
      const isDigits = /^\d+$/.test(key);
      patterns.push({ name: `${source}: ${text.slice(0, 40)} (${form})`, bytes, isAligned, isDigits });
    };
    const addDigest = (form: string, digest: Uint8Array) => {
      add(form, digest);
      add(`${form}, in hex`, utf8(hexOf(digest)));
      add(`${form}, in base64`, utf8(Buffer.from(digest).toString("base64").slice(0, 42)));
      add(`${form}, in base64url`, utf8(Buffer.from(digest).toString("base64url").slice(0, 42)));
    };
    for (const writing of writingsOf(text)) {
      const plain = utf8(writing);
      addPlain(add, plain);
      for (const [form, input] of encodingsOf(writing, plain)) {
        addDigest(`SHA-256 of ${form}`, sha(input));
        addDigest(`keccak-256 of ${form}`, keccak(input));
        addDigest(`keccak-256 twice of ${form}`, keccak(keccak(input)));
      }
    }
    for (const number of numbersOf(text)) add("as a number", word(number), true);
  }
  return patterns;
}

/** Values too short to be searched as bytes; in a text file they are searched as whole strings. */
export function isShort(text: string): boolean {
  return utf8(text).length < LEAST;
}

function addPlain(add: (form: string, bytes: Uint8Array, isAligned?: boolean) => void, plain: Uint8Array): void {
  if (plain.length >= LEAST) {
    add("plain", plain);
    add("plain, in hex", utf8(hexOf(plain)));
    // Three ways to stand in a longer text; without the ends, that its neighbours change.
    for (const shift of [0, 1, 2]) {
      const shifted = Buffer.concat([Buffer.alloc(shift), plain]);
      const whole = shifted.subarray(0, shifted.length - (shifted.length % 3)).toString("base64");
      const inner = whole.slice(shift === 0 ? 0 : 4);
      if (inner.length >= 8) add("plain, in base64", utf8(inner));
    }
    return;
  }
  const padded = new Uint8Array(WORD);
  padded.set(plain);
  add("as bytes32", padded, true);
  add("as a string", Buffer.concat([word(BigInt(plain.length)), padded]));
  const stored = Uint8Array.from(padded);
  stored[WORD - 1] = plain.length * 2;
  add("as a stored string", stored, true);
}

function* encodingsOf(writing: string, plain: Uint8Array): Generator<[string, Uint8Array]> {
  yield ["its UTF-8", plain];
  yield ["its JSON", utf8(JSON.stringify(writing))];
  yield ["its hex", utf8(hexOf(plain))];
  yield ["its hex with 0x", utf8(`0x${hexOf(plain)}`)];
  const padded = new Uint8Array(Math.ceil(plain.length / WORD) * WORD);
  padded.set(plain);
  yield ["its abi.encode", Buffer.concat([word(32n), word(BigInt(plain.length)), padded])];
  if (plain.length <= WORD) yield ["its bytes32", padded.length === 0 ? new Uint8Array(WORD) : padded];
  if (/^\d{5,60}$/.test(writing)) yield ["its number", word(BigInt(writing))];
}

function word(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(2 * WORD, "0"), "hex");
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, "utf8");
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
