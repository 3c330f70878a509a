import { ripemd160, sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";

import { AnchorError } from "./AnchorError.js";

/** A hash function of a file that a proof may be of. */
export type OtsFileHash = "sha-1" | "ripemd-160" | "sha-256";

/** What somebody attests of a message that the operations led to. */
export type OtsAttestation =
  | { kind: "bitcoin"; message: Uint8Array; height: number }
  | { kind: "pending"; message: Uint8Array; uri: string }
  | { kind: "unknown"; message: Uint8Array; tag: string };

/** A proof with its operations carried out. */
export interface OtsProof {
  algorithm: OtsFileHash;
  /** Of the file. */
  digest: Uint8Array;
  /** In the order of the proof; none of them verified. */
  attestations: OtsAttestation[];
}

const MAGIC = Uint8Array.from([
  ...[0x00, 0x4f, 0x70, 0x65, 0x6e, 0x54, 0x69, 0x6d, 0x65, 0x73, 0x74, 0x61, 0x6d, 0x70, 0x73, 0x00],
  ...[0x00, 0x50, 0x72, 0x6f, 0x6f, 0x66, 0x00, 0xbf, 0x89, 0xe2, 0xe8, 0x84, 0xe8, 0x92, 0x94],
]);
const VERSION = 1;
const FORK = 0xff;
const ATTESTATION = 0x00;
const APPEND = 0xf0;
const PREPEND = 0xf1;
const BITCOIN = "0588960d73d71901";
const PENDING = "83dfe30d2ef90c8e";

/** As the reference (opentimestamps 0.4.5 for Python), but for the first: proofs have some thousand bytes. */
const MOST = { proof: 1 << 16, message: 4096, depth: 256, payload: 8192, uri: 1000 };

const UNARY: Readonly<Record<number, (message: Uint8Array) => Uint8Array>> = {
  0x02: sha1,
  0x03: ripemd160,
  0x08: sha256,
  0x67: keccak_256,
};
const FILE_HASHES: Readonly<Record<number, readonly [OtsFileHash, number]>> = {
  0x02: ["sha-1", 20],
  0x03: ["ripemd-160", 20],
  0x08: ["sha-256", 32],
};

/**
 * Reads an OpenTimestamps proof (`.ots`) and carries out its operations. Stricter than the reference: the shortest form of
 * each number, at most 64 KiB, and neither of the operations that no calendar uses (reverse, hexlify).
 *
 * @throws AnchorError OTS_MALFORMED
 * @example
 * ```ts
 * const { digest, attestations } = decodeOpenTimestamps(readFileSync("hello-world.txt.ots"));
 * ```
 */
export function decodeOpenTimestamps(proof: Uint8Array): OtsProof {
  if (proof.length > MOST.proof) throw malformed(`it has more than ${MOST.proof} bytes`);
  const reader = new Reader(proof);
  if (!MAGIC.every((byte) => reader.byte() === byte)) throw malformed("it does not begin as a proof does");
  if (reader.number() !== VERSION) throw malformed("it is of another version");
  const tag = reader.byte();
  const [algorithm, length] = FILE_HASHES[tag] ?? [];
  if (algorithm === undefined || length === undefined)
    throw malformed(`the file's hash function ${hex(tag)} is unknown`);
  const digest = reader.bytes(length);
  const attestations: OtsAttestation[] = [];
  walk(reader, digest, attestations, MOST.depth);
  reader.end();
  return { algorithm, digest, attestations };
}

/** Reads what is said of a message: forks, then a last branch. */
function walk(reader: Reader, message: Uint8Array, found: OtsAttestation[], depth: number): void {
  if (depth === 0) throw malformed(`more than ${MOST.depth} operations follow one another`);
  for (;;) {
    const first = reader.byte();
    const tag = first === FORK ? reader.byte() : first;
    if (tag === ATTESTATION) found.push(readAttestation(reader, message));
    else walk(reader, operate(tag, reader, message), found, depth - 1);
    if (first !== FORK) return;
  }
}

function operate(tag: number, reader: Reader, message: Uint8Array): Uint8Array {
  if (tag === APPEND || tag === PREPEND) {
    const argument = reader.sized(1, MOST.message);
    const result = tag === APPEND ? concatBytes(message, argument) : concatBytes(argument, message);
    if (result.length > MOST.message) throw malformed(`a message has more than ${MOST.message} bytes`);
    return result;
  }
  const operation = UNARY[tag];
  if (operation === undefined) throw malformed(`the operation ${hex(tag)} is unknown`);
  return operation(message);
}

function readAttestation(reader: Reader, message: Uint8Array): OtsAttestation {
  const tag = bytesToHex(reader.bytes(8));
  const payload = new Reader(reader.sized(0, MOST.payload));
  if (tag === BITCOIN) {
    const height = payload.number();
    payload.end();
    if (message.length !== 32) throw malformed("a Bitcoin block's Merkle root has 32 bytes");
    return { kind: "bitcoin", message, height };
  }
  if (tag === PENDING) {
    const uri = String.fromCharCode(...payload.sized(0, MOST.uri));
    payload.end();
    if (!/^[A-Za-z0-9\-._/:]*$/.test(uri))
      throw malformed("a calendar's address holds other signs than the format allows");
    return { kind: "pending", message, uri };
  }
  return { kind: "unknown", message, tag };
}

class Reader {
  readonly #source: Uint8Array;
  #at = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
  }

  byte(): number {
    return this.bytes(1)[0]!;
  }

  bytes(length: number): Uint8Array {
    if (this.#at + length > this.#source.length) throw malformed("it ends too early");
    return this.#source.slice(this.#at, (this.#at += length));
  }

  /** Little-endian in groups of seven bits. */
  number(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (byte === 0 && factor > 1) throw malformed("a number is not in its shortest form");
        return value;
      }
    }
    throw malformed("a number is too large");
  }

  sized(least: number, most: number): Uint8Array {
    const length = this.number();
    if (length < least || length > most) throw malformed(`a part has ${length} bytes, not ${least} to ${most}`);
    return this.bytes(length);
  }

  end(): void {
    if (this.#at !== this.#source.length) throw malformed("something follows its end");
  }
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(2, "0")}`;
}

function malformed(problem: string): AnchorError {
  return new AnchorError("OTS_MALFORMED", `the OpenTimestamps proof is malformed: ${problem}`);
}
