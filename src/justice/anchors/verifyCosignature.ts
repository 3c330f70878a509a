import { AnchorError } from "./AnchorError.js";
import { cosignedMessage } from "./createCosignature.js";
import { parseCheckpoint } from "./parseCheckpoint.js";
import { parseSignedNote } from "./parseSignedNote.js";
import { decodeVerifierKey, noteKeyId } from "./verifierKey.js";
import { verifyEd25519 } from "./verifyNoteSignature.js";

/** That a witness saw a checkpoint. */
export interface Cosignature {
  /** The witness's name. */
  name: string;
  keyId: number;
  /** When it signed, by its own clock, in Unix seconds. */
  time: number;
  /** The checkpoint's text. */
  text: string;
}

/**
 * Verifies that a witness cosigned a checkpoint (C2SP tlog-cosignature, cosignature/v1). Signatures of other keys are left
 * alone, and none of a trusted key may be wrong.
 *
 * @param note Signed; its text is a checkpoint.
 * @param verifierKey The witness's, as `encodeVerifierKey` writes it, of the algorithm "cosignature-v1".
 * @param expectedText What the note must say, from `checkpointNote` or `blockNote`; whatever it says, if left out.
 * @returns The latest of several cosignatures of this key.
 * @throws AnchorError NOTE_MALFORMED, CHECKPOINT_MALFORMED, KEY_MALFORMED; NOTE_FOREIGN when it is a note of something else;
 * COSIGNATURE_FOREIGN when the witness did not sign; COSIGNATURE_MALFORMED, COSIGNATURE_FORGED
 * @example
 * ```ts
 * const { time } = verifyCosignature(note, trusted.witnessKeys[0], blockNote({ chainId, number, hash }));
 * ```
 */
export function verifyCosignature(note: string, verifierKey: string, expectedText?: string): Cosignature {
  const { text, signatures } = parseSignedNote(note);
  if (expectedText !== undefined && text !== expectedText)
    throw new AnchorError("NOTE_FOREIGN", "the note is of another log, of another state of it, or of another block");
  parseCheckpoint(text);
  const key = decodeVerifierKey(verifierKey);
  if (key.algorithm !== "cosignature-v1")
    throw new AnchorError("KEY_MALFORMED", `the key of ${key.name} makes signatures, not cosignatures`);
  const keyId = noteKeyId(key);
  const own = signatures.filter((line) => line.name === key.name && line.keyId === keyId);
  if (own.length === 0) throw new AnchorError("COSIGNATURE_FOREIGN", `${key.name} did not cosign the note`);
  const times = own.map(({ signature }) => timeOf(signature, text, key));
  return { name: key.name, keyId, time: Math.max(...times), text };
}

function timeOf(bytes: Uint8Array, text: string, key: { name: string; publicKey: Uint8Array }): number {
  if (bytes.length !== 72)
    throw new AnchorError("COSIGNATURE_MALFORMED", `the cosignature of ${key.name} has ${bytes.length} bytes, not 72`);
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (time === 0n || time > BigInt(Number.MAX_SAFE_INTEGER))
    throw new AnchorError("COSIGNATURE_MALFORMED", `the cosignature of ${key.name} has the time ${time}`);
  if (!verifyEd25519(bytes.subarray(8), cosignedMessage(text, time), key.publicKey))
    throw new AnchorError("COSIGNATURE_FORGED", `${key.name} signed something else, or at another time`);
  return Number(time);
}
