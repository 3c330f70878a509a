import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { AnchorError } from "./AnchorError.js";
import { encodeBase64 } from "./base64.js";
import { parseCheckpoint } from "./parseCheckpoint.js";
import { encodeVerifierKey, noteKeyId, type VerifierKey } from "./verifierKey.js";

/** A witness that signs. */
export interface CosigningWitness {
  /** As in its verifier key. */
  name: string;
  /** Ed25519: 32 bytes. */
  secretKey: Uint8Array;
  /** Now, in Unix seconds. */
  time: number;
}

/**
 * Cosigns a checkpoint (C2SP tlog-cosignature, cosignature/v1). By it the witness says that of all that it signed under this
 * origin this is the newest: of a log, that it grew by appending alone (which `verifyConsistency` tells); of a chain
 * (`blockNote`), that it signed no other block of this height. Whether that is so the caller must have made sure of and
 * must keep: this function remembers nothing.
 *
 * @param text From `checkpointNote` or `blockNote`.
 * @returns A signature line, ended: the signed note is the text, an empty line and such lines.
 * @throws AnchorError CHECKPOINT_MALFORMED, KEY_MALFORMED; COSIGNATURE_MALFORMED when the time is none
 * @example
 * ```ts
 * const note = `${text}\n${createCosignature(text, { name: "witness.example/w1", secretKey, time })}`;
 * ```
 */
export function createCosignature(text: string, { name, secretKey, time }: CosigningWitness): string {
  parseCheckpoint(text);
  // Zero says "no time" in the specification.
  if (!Number.isSafeInteger(time) || time <= 0)
    throw new AnchorError("COSIGNATURE_MALFORMED", `${time} is no time in Unix seconds`);
  if (secretKey.length !== 32) throw new AnchorError("KEY_MALFORMED", "an Ed25519 key has 32 bytes");
  const key: VerifierKey = { name, algorithm: "cosignature-v1", publicKey: ed25519.getPublicKey(secretKey) };
  encodeVerifierKey(key);
  const signature = ed25519.sign(cosignedMessage(text, time), secretKey);
  const head = new Uint8Array(12);
  const view = new DataView(head.buffer);
  view.setUint32(0, noteKeyId(key));
  view.setBigUint64(4, BigInt(time));
  return `\u2014 ${name} ${encodeBase64(concatBytes(head, signature))}\n`;
}

/**
 * What a cosignature signs.
 *
 * @param time In Unix seconds.
 * @example
 * ```ts
 * const message = cosignedMessage(text, 1_700_000_000);
 * ```
 */
export function cosignedMessage(text: string, time: number | bigint): Uint8Array {
  return utf8ToBytes(`cosignature/v1\ntime ${time}\n${text}`);
}
