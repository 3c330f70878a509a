import type { webcrypto } from "node:crypto";

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import type { Point } from "../curve.js";
import { toWords } from "../words.js";
import { type CeremonyRound, wordsOfRound } from "./ceremonyRound.js";

/** Bytes of an encrypted share: a compressed point, the share, and 16 bytes that authenticate both. */
export const SHARE_BYTES = 81;

/** Bytes of a compressed point. */
export const POINT_BYTES = 33;

/** Whose share is encrypted for whom. */
export interface ShareRoute {
  readonly round: CeremonyRound;
  /** The dealer's index, from 1. */
  readonly dealer: number;
  /** The receiver's index, from 1. */
  readonly receiver: number;
}

const TAG = utf8ToBytes("diwan/ceremony/share/v1");

/** What WebCrypto takes. */
export interface ShareCipher {
  readonly parameters: {
    readonly name: string;
    readonly iv: Uint8Array<ArrayBuffer>;
    readonly additionalData: Uint8Array<ArrayBuffer>;
  };
  readonly key: webcrypto.CryptoKey;
}

/**
 * The cipher of one share: AES-256-GCM with a key hashed (HKDF-SHA256) from what an ephemeral and the receiver's key have in
 * common. Each key encrypts once, so that the nonce may be zeros. The route is authenticated and in the key, and so are both
 * public keys: a ciphertext that is moved to another place opens nowhere.
 *
 * @param route Whose share is encrypted for whom.
 * @param ephemeral The ephemeral public key.
 * @param receiver The receiver's public key.
 * @param common The point that both can compute.
 * @returns The parameters for WebCrypto, and the key.
 * @throws VotingError CEREMONY_MALFORMED
 * @example
 * ```ts
 * const { parameters, key } = await shareCipher(route, ephemeral, receiver, receiver.multiply(secret));
 * ```
 */
export async function shareCipher(
  { round, dealer, receiver: index }: ShareRoute,
  ephemeral: Point,
  receiver: Point,
  common: Point,
): Promise<ShareCipher> {
  const bound = concatBytes(TAG, toWords([...wordsOfRound(round), BigInt(dealer), BigInt(index)]));
  const info = concatBytes(bound, ephemeral.toBytes(true), receiver.toBytes(true));
  const raw = hkdf(sha256, common.toBytes(true), undefined, info, 32);
  const key = await globalThis.crypto.subtle.importKey("raw", new Uint8Array(raw), "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  return { parameters: { name: "AES-GCM", iv: new Uint8Array(12), additionalData: new Uint8Array(bound) }, key };
}
