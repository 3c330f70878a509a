import { createHash } from "node:crypto";

import { AbiCoder, getBytes, hexlify, isHexString, keccak256, sha256, ZeroHash } from "ethers";

import { type Claim, claimLeaf } from "../../../src/identity/claims.js";
import { canonicalJson } from "../../../src/identity/json.js";
import { loadKeccak } from "../../../src/ledger/loadKeccak.js";
import { numbersOf, type PersonalValue, writingsOf } from "./personalValues.js";
import type { Pattern } from "./search.js";

const WORD = 32;
/** Bytes of the numbers that are hashed. */
const WIDTHS = [4, 5, 6, 8, 16, WORD];
/**
 * The width of a number that is found wherever it begins in a word of storage: narrower it would be found by chance, and
 * in a wider field its last bytes are these.
 */
const PACKED = 5;
/** Digits of a number that is searched for within words and texts: some four bytes. */
const LEAST_DIGITS = 8;
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
    const addPacked = (bytes: Uint8Array) => {
      patterns.push({ name: `${source}: ${text.slice(0, 40)} (packed)`, bytes, isPacked: true });
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
    for (const number of numbersOf(text)) {
      add("as a number", word(number), true);
      const digits = String(number).replace("-", "");
      if (digits.length >= LEAST_DIGITS) add("as digits", utf8(digits));
      for (const width of WIDTHS) {
        const packed = word(number).subarray(WORD - width);
        if (BigInt.asIntN(8 * width, number) !== number && BigInt.asUintN(8 * width, number) !== number) continue;
        if (width === PACKED && digits.length >= LEAST_DIGITS) addPacked(packed);
        addDigest(`SHA-256 of its number in ${width} bytes`, sha(packed));
        addDigest(`keccak-256 of its number in ${width} bytes`, keccak(packed));
      }
    }
  }
  return patterns;
}

/**
 * What to search for to find claims as the registry's software makes them: the text of each, its hash, the hash of its name
 * and value, and its leaf when nobody salted it. A claim that is a number or a truth is searched for with its name alone.
 */
export function claimPatterns(claims: readonly Pick<Claim, "name" | "value">[]): Pattern[] {
  const patterns = new Map<string, Pattern>();
  const add = (name: string, hex: string) => patterns.set(hex, { name, bytes: getBytes(hex) });
  // Licences made of one example have most claims in common.
  const distinct = new Map(claims.map((claim) => [`${claim.name} ${canonicalJson(claim.value)}`, claim]));
  for (const { name, value } of distinct.values()) {
    const json = canonicalJson(value);
    const what = `claim ${name}: ${json.slice(0, 40)}`;
    const pair = AbiCoder.defaultAbiCoder().encode(["string", "string"], [name, json]);
    const inputs = [pair, hexlify(utf8(`${name}${json}`)), hexlify(utf8(`${name}:${json}`))];
    if (typeof value === "string") {
      inputs.push(hexlify(utf8(`${name}${value}`)), hexlify(utf8(`${name}:${value}`)), hexlify(utf8(value)));
      inputs.push(hexlify(utf8(json)));
      if (value.length >= LEAST) add(`${what} (plain)`, hexlify(utf8(value)));
      if (isHexString(value, WORD)) {
        add(`${what} (its bytes)`, value);
        inputs.push(value);
      }
    }
    const digests = inputs.flatMap((input) => [keccak256(input), keccak256(keccak256(input)), sha256(input)]);
    digests.push(claimLeaf({ salt: ZeroHash, name, value }));
    for (const digest of digests) {
      add(`${what} (hashed)`, digest);
      add(`${what} (hashed, in hex)`, hexlify(utf8(digest.slice(2))));
    }
  }
  return [...patterns.values()];
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
      if (inner.length < 8) continue;
      add("plain, in base64", utf8(inner));
      add("plain, in base64url", utf8(inner.replaceAll("+", "-").replaceAll("/", "_")));
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
  return Buffer.from(
    BigInt.asUintN(8 * WORD, value)
      .toString(16)
      .padStart(2 * WORD, "0"),
    "hex",
  );
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, "utf8");
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
