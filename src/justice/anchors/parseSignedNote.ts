import { AnchorError } from "./AnchorError.js";
import { decodeBase64 } from "./base64.js";

/** A signature line of a note. */
export interface NoteSignature {
  /** Whose key it is, as the line says. */
  name: string;
  /** The first 32 bits of the key's hash. */
  keyId: number;
  /** What follows the key's id: its form hangs on the key. */
  signature: Uint8Array;
}

/** A text and the signatures under it. */
export interface SignedNote {
  /** What is signed, its last line ended too. */
  text: string;
  /** None of them verified. */
  signatures: NoteSignature[];
}

/** Of text and signatures, in bytes: as the specification's own implementation (golang.org/x/mod/sumdb/note). */
const MOST_BYTES = 1_000_000;
const MOST_SIGNATURES = 100;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u;

/**
 * Reads a signed note (C2SP signed-note): text, an empty line, signature lines. Nothing is verified.
 *
 * @throws AnchorError NOTE_MALFORMED
 * @example
 * ```ts
 * const { text, signatures } = parseSignedNote(readFileSync("checkpoint", "utf8"));
 * ```
 */
export function parseSignedNote(note: string): SignedNote {
  if (note.length > MOST_BYTES) throw malformed("it is too long");
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(note)) throw malformed("it holds what is no text");
  const split = note.lastIndexOf("\n\n");
  if (split < 0) throw malformed("no empty line stands before its signatures");
  const lines = note.slice(split + 2).split("\n");
  if (lines.pop() !== "" || lines.length === 0) throw malformed("it has no signatures, or its last line has no end");
  if (lines.length > MOST_SIGNATURES) throw malformed(`it has more than ${MOST_SIGNATURES} signatures`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseLine) };
}

function parseLine(line: string): NoteSignature {
  const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = base64 === undefined ? undefined : decodeBase64(base64);
  if (name === undefined || bytes === undefined || bytes.length < 5)
    throw malformed(`${JSON.stringify(line)} is no signature`);
  return { name, keyId: new DataView(bytes.buffer).getUint32(0), signature: bytes.slice(4) };
}

function malformed(problem: string): AnchorError {
  return new AnchorError("NOTE_MALFORMED", `the signed note is malformed: ${problem}`);
}
