import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { getBytes, HDNodeWallet, hexlify, toUtf8Bytes } from "ethers";

import { canonicalJson, type Json } from "../identity/json.js";
import { SealError } from "./SealError.js";

/** One kind of sealed files: a file of another kind does not open. */
export interface SealKind {
  /** What a person calls such a file. */
  readonly name: string;
  /** The media type of its document, in the JWE's header. */
  readonly type: string;
  /** What the document's key is derived for (HKDF). */
  readonly purpose: string;
  /** The format that is written; earlier ones are read. */
  readonly version: number;
}

/** The member of the keystore that holds the document. */
export interface SealedMember {
  version: number;
  /** A compact JWE (RFC 7516), `dir` and `A256GCM`. */
  document: string;
  /** Of the RFC 8785 form of all other members: it tells damage from a wrong password. */
  sha256: string;
}

/** How a document is encrypted. */
export const JWE = { alg: "dir", enc: "A256GCM" } as const;

/**
 * The key at a path of words.
 *
 * @throws SealError MALFORMED
 * @example
 * ```ts
 * const key = keyOfPhrase(phrase, "m/44'/60'/0'/0/0");
 * ```
 */
export function keyOfPhrase(phrase: string, path: string): HDNodeWallet {
  try {
    return HDNodeWallet.fromPhrase(phrase, undefined, path);
  } catch {
    // Without the cause: it holds the words.
    throw new SealError("MALFORMED", `the words or the path ${path} give no key`);
  }
}

/**
 * The key of a document, from a hardened path of its own: what signs says nothing of what encrypts.
 *
 * @throws SealError MALFORMED
 * @example
 * ```ts
 * const key = documentKey(phrase, kind);
 * ```
 */
export function documentKey(phrase: string, { purpose }: SealKind): Uint8Array {
  const { privateKey } = keyOfPhrase(phrase, "m/44'/60'/0'/1'/0'");
  return hkdf(sha256, getBytes(privateKey), undefined, toUtf8Bytes(purpose), 32);
}

/**
 * The checksum of a file's members.
 *
 * @example
 * ```ts
 * const sha256 = checksumOf(file);
 * ```
 */
export function checksumOf(file: object): string {
  return hexlify(sha256(toUtf8Bytes(canonicalJson(file as Json)))).slice(2);
}
