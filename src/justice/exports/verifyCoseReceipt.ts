import { p256 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";

import { inclusionRoot } from "../../ledger/inclusionRoot.js";
import { isWhole } from "../../ledger/isWhole.js";
import { leafHash } from "../../ledger/logHashes.js";
import { sameBytes } from "../../ledger/sameBytes.js";
import {
  COSE_ALGORITHMS,
  type CoseAlgorithm,
  decodeCbor,
  decodeSign1,
  INCLUSION_PROOF,
  LABEL,
  RFC9162_SHA256,
  signedBytes,
} from "./coseReceipt.js";

/** A public key that the verifier trusts for the log, and the only algorithm it is used with. */
export interface CoseVerifier {
  algorithm: CoseAlgorithm;
  /** The point of SEC 1, compressed (33 bytes) or not (65). */
  publicKey: Uint8Array;
}

const CURVES = { ES256: p256, ES256K: secp256k1 } as const;

/** A path longer than this belongs to no log: sizes are below 2^64. */
const LONGEST_PATH = 64;

/**
 * Whether a COSE receipt proves that an entry is in the log of a key (RFC 9942, section 5.2). The root is computed from the
 * entry and the proof, and the signature is tried on that root; one answer for both, as the RFC advises. A receipt whose
 * payload is attached must carry that root. Never throws for what others sent: what is not understood, such as a critical
 * header parameter, another data structure or a second proof, does not verify.
 *
 * @param entry The entry's bytes: have them from the exhibit itself, never from whoever brings the receipt.
 * @example
 * ```ts
 * const proven = verifyCoseReceipt(receipt, entry, { algorithm: "ES256", publicKey });
 * ```
 */
export function verifyCoseReceipt(receipt: Uint8Array, entry: Uint8Array, verifier: CoseVerifier): boolean {
  try {
    const message = decodeSign1(receipt);
    if (message === undefined) return false;
    const header = decodeCbor(message.protectedHeader);
    if (!(header instanceof Map) || header.has(LABEL.critical) || header.has(LABEL.proofs)) return false;
    if (message.unprotectedHeader.has(LABEL.algorithm) || message.unprotectedHeader.has(LABEL.structure)) return false;
    if (header.get(LABEL.algorithm) !== COSE_ALGORITHMS[verifier.algorithm]) return false;
    if (header.get(LABEL.structure) !== RFC9162_SHA256) return false;

    const root = provenRoot(entry, message.unprotectedHeader.get(LABEL.proofs));
    if (root === undefined || (message.payload !== null && !sameBytes(message.payload, root))) return false;
    const bytes = signedBytes(message.protectedHeader, root);
    // ECDSA in COSE does not say which of the two values of s is meant.
    return CURVES[verifier.algorithm].verify(message.signature, bytes, verifier.publicKey, { lowS: false });
  } catch {
    return false; // Neither the decoder nor the curves answer otherwise for bytes that are no CBOR and no point.
  }
}

/** The root that the one proof in a header leads to. */
function provenRoot(entry: Uint8Array, proofs: unknown): Uint8Array | undefined {
  if (!(proofs instanceof Map)) return undefined;
  const list: unknown = proofs.get(INCLUSION_PROOF);
  if (!Array.isArray(list) || list.length !== 1 || !(list[0] instanceof Uint8Array)) return undefined;
  const proof = decodeCbor(list[0]);
  if (!Array.isArray(proof) || proof.length !== 3) return undefined;
  const [size, index, path] = proof as unknown[];
  if (!isCount(size) || !isCount(index) || !Array.isArray(path) || path.length === 0) return undefined;
  if (path.length > LONGEST_PATH || !path.every(isHash)) return undefined;
  return inclusionRoot({ leaf: leafHash(entry), index, size, path });
}

function isCount(value: unknown): value is number | bigint {
  return (typeof value === "number" || typeof value === "bigint") && isWhole(value) && value >= 0;
}

function isHash(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32;
}
