import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { AnchorError } from "./AnchorError.js";
import { decodeBase64, encodeBase64 } from "./base64.js";

/** How a key signs: notes as they are, or cosignatures with a time. */
export type NoteAlgorithm = "ed25519" | "cosignature-v1";

/** A key that verifies signatures of notes. */
export interface VerifierKey {
  /** A name without white space and `+`; by custom a host's name with a path. */
  name: string;
  algorithm: NoteAlgorithm;
  /** Ed25519: 32 bytes. */
  publicKey: Uint8Array;
}

/** C2SP signed-note, "Signature types". */
const TYPES: Readonly<Record<NoteAlgorithm, number>> = { ed25519: 1, "cosignature-v1": 4 };

/**
 * The id of a key: what a signature line names it by.
 *
 * @returns The first 32 bits of SHA-256 over name, new line, algorithm and key.
 * @example
 * ```ts
 * const id = noteKeyId(decodeVerifierKey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
 * ```
 */
export function noteKeyId({ name, algorithm, publicKey }: VerifierKey): number {
  const hash = sha256(concatBytes(utf8ToBytes(`${name}\n`), Uint8Array.of(TYPES[algorithm]), publicKey));
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}

/**
 * Writes a key as C2SP's signed-note does (`vkey`): name, id and key, joined by `+`.
 *
 * @throws AnchorError KEY_MALFORMED
 * @example
 * ```ts
 * const vkey = encodeVerifierKey({ name: "witness.example/w1", algorithm: "cosignature-v1", publicKey });
 * ```
 */
export function encodeVerifierKey(key: VerifierKey): string {
  if (!/^[^\s+]+$/u.test(key.name) || /\p{Surrogate}/u.test(key.name))
    throw new AnchorError("KEY_MALFORMED", `${JSON.stringify(key.name)} is no name of a key`);
  if (key.publicKey.length !== 32)
    throw new AnchorError("KEY_MALFORMED", `an Ed25519 key has 32 bytes, not ${key.publicKey.length}`);
  const id = noteKeyId(key).toString(16).padStart(8, "0");
  return `${key.name}+${id}+${encodeBase64(Uint8Array.of(TYPES[key.algorithm], ...key.publicKey))}`;
}

/**
 * Reads a key as C2SP's signed-note writes it (`vkey`).
 *
 * @throws AnchorError KEY_MALFORMED
 * @example
 * ```ts
 * const { name } = decodeVerifierKey("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
 * ```
 */
export function decodeVerifierKey(vkey: string): VerifierKey {
  const [name = "", id = "", ...rest] = vkey.split("+");
  // Base64 has plus signs of its own.
  const bytes = decodeBase64(rest.join("+"));
  const algorithm = (Object.keys(TYPES) as NoteAlgorithm[]).find((key) => TYPES[key] === bytes?.[0]);
  if (bytes?.length !== 33 || algorithm === undefined)
    throw new AnchorError("KEY_MALFORMED", "the verifier key is none: name, id and key, joined by plus signs");
  const key = { name, algorithm, publicKey: bytes.slice(1) };
  if (encodeVerifierKey(key) !== vkey)
    throw new AnchorError("KEY_MALFORMED", `the verifier key of ${JSON.stringify(name)} has another id than ${id}`);
  return key;
}
