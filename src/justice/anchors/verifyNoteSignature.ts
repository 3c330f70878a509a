import { ed25519 } from "@noble/curves/ed25519.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

import { AnchorError } from "./AnchorError.js";
import { parseSignedNote, type SignedNote } from "./parseSignedNote.js";
import { decodeVerifierKey, noteKeyId } from "./verifierKey.js";

/**
 * Verifies the plain signature of a log under its own checkpoint (C2SP signed-note, Ed25519), such as that of the Go
 * checksum database.
 *
 * @param verifierKey As `encodeVerifierKey` writes it, of the algorithm "ed25519".
 * @throws AnchorError NOTE_MALFORMED, KEY_MALFORMED; NOTE_FOREIGN when no line is of this key; COSIGNATURE_FORGED when one is
 * and does not verify
 * @example
 * ```ts
 * const { text } = verifyNoteSignature(note, "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
 * ```
 */
export function verifyNoteSignature(note: string, verifierKey: string): SignedNote {
  const signed = parseSignedNote(note);
  const key = decodeVerifierKey(verifierKey);
  if (key.algorithm !== "ed25519")
    throw new AnchorError("KEY_MALFORMED", `the key of ${key.name} makes cosignatures, not signatures`);
  const id = noteKeyId(key);
  const lines = signed.signatures.filter(({ name, keyId }) => name === key.name && keyId === id);
  if (lines.length === 0) throw new AnchorError("NOTE_FOREIGN", `the note has no signature of ${key.name}`);
  const message = utf8ToBytes(signed.text);
  for (const { signature } of lines)
    if (!isSigned(signature, message, key.publicKey))
      throw new AnchorError("COSIGNATURE_FORGED", `the note was not signed by ${key.name}`);
  return signed;
}

function isSigned(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return signature.length === 64 && verifyEd25519(signature, message, publicKey);
}

/**
 * Verifies an Ed25519 signature as RFC 8032 does, strictly: no key or point of small order, one encoding.
 *
 * @example
 * ```ts
 * const holds = verifyEd25519(signature, utf8ToBytes(text), publicKey);
 * ```
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}
