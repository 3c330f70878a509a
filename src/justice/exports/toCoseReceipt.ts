import { leafHash } from "../../ledger/logHashes.js";
import { verifyInclusion } from "../../ledger/verifyInclusion.js";
import { JusticeError } from "../JusticeError.js";
import {
  COSE_ALGORITHMS,
  type CoseAlgorithm,
  encodeCbor,
  encodeSign1,
  INCLUSION_PROOF,
  LABEL,
  RFC9162_SHA256,
  signedBytes,
} from "./coseReceipt.js";

/** The key of the body that gives the receipt, wherever it is kept. */
export interface CoseSigner {
  algorithm: CoseAlgorithm;
  /** What a verifier finds the key by; it is written into the protected header. */
  keyId?: Uint8Array;
  /** Signs the SHA-256 of the bytes and returns r and s, 32 bytes each (RFC 9053, section 2.1). */
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** What a receipt is made of: an entry, and the proof that a log has it. */
export interface CoseReceiptInput {
  /** The entry's bytes; those of the contracts are 32, a commitment. */
  entry: Uint8Array;
  /** The entry's index, counted from 0. */
  index: number;
  /** Number of entries of the log at the checkpoint. */
  size: number;
  /** Siblings from the leaf to the root, as `LogTree.inclusionProof` gives them. */
  path: readonly Uint8Array[];
  /** The checkpoint's root. */
  root: Uint8Array;
}

/**
 * A COSE receipt that an entry is in a log: a COSE_Sign1 message over the log's root, which is detached, with an inclusion
 * proof of RFC9162_SHA256 in its unprotected header (RFC 9942, section 5.2). Anybody's implementation reads it without a
 * word of this library.
 *
 * @throws JusticeError RECEIPT_PROOF_INVALID when the proof does not lead to the root: nothing is signed then;
 *   RECEIPT_INEXPRESSIBLE for a log of one entry, whose path is empty, which the RFC's grammar has no form for;
 *   RECEIPT_SIGNATURE_MALFORMED when the signer returns something other than 64 bytes.
 * @example
 * ```ts
 * const path = tree.inclusionProof(3);
 * const signer = { algorithm: "ES256" as const, sign: (bytes: Uint8Array) => p256.sign(bytes, secretKey) };
 * const receipt = await toCoseReceipt({ entry, index: 3, size: tree.size, path, root: tree.root() }, signer);
 * ```
 */
export async function toCoseReceipt(input: CoseReceiptInput, signer: CoseSigner): Promise<Uint8Array> {
  const { entry, index, size, path, root } = input;
  if (!verifyInclusion({ leaf: leafHash(entry), index, size, path, root })) {
    throw new JusticeError("RECEIPT_PROOF_INVALID", `the path does not prove entry ${index} of ${size}`);
  }
  if (path.length === 0) throw new JusticeError("RECEIPT_INEXPRESSIBLE", "a log of one entry has no path");

  const header = new Map<number, unknown>([
    [LABEL.algorithm, COSE_ALGORITHMS[signer.algorithm]],
    [LABEL.structure, RFC9162_SHA256],
  ]);
  if (signer.keyId !== undefined) header.set(LABEL.keyId, signer.keyId);
  const protectedHeader = encodeCbor(header);
  const signature = await signer.sign(signedBytes(protectedHeader, root));
  if (signature.length !== 64) {
    throw new JusticeError("RECEIPT_SIGNATURE_MALFORMED", `the signature has ${signature.length} bytes, not 64`);
  }
  const proofs = new Map([[INCLUSION_PROOF, [encodeCbor([size, index, path])]]]);
  return encodeSign1({
    protectedHeader,
    unprotectedHeader: new Map([[LABEL.proofs, proofs]]),
    payload: null,
    signature,
  });
}
