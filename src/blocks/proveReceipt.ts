import { ChainProofError } from "./ChainProofError.js";
import { encodeReceipt } from "./encodeReceipt.js";
import { encodeRlp } from "./encodeRlp.js";
import { makeTrie } from "./makeTrie.js";
import { proofBytes } from "./proofBytes.js";
import type { ChainReceipt } from "./receipt.js";
import { scalarBytes } from "./rlpFields.js";

/** That a receipt is in a block; plain JSON. The receipt is the last node's value. */
export interface ReceiptProof {
  /** Of the transaction in its block, from 0. */
  readonly index: number;
  /** The nodes from `receiptsRoot`, each `0x` and digits. */
  readonly nodes: readonly string[];
}

/**
 * Proves a receipt of a block out of all its receipts, since nodes give receipts and no proofs of them.
 *
 * @param receipts All of the block's, in order.
 * @returns The proof, and the root that the block's header must have.
 * @throws {@link ChainProofError} `RECEIPT_ABSENT` if there is none of that index, or `RECEIPT_MALFORMED`.
 *
 * @example
 * ```ts
 * const { root, proof } = proveReceipt(answers.map(fromRpcReceipt), 2);
 * if (root !== header.receiptsRoot) throw new Error("the node left receipts out");
 * ```
 */
export function proveReceipt(
  receipts: readonly ChainReceipt[],
  index: number,
): { readonly root: string; readonly proof: ReceiptProof } {
  if (receipts[index] === undefined) {
    throw new ChainProofError("RECEIPT_ABSENT", `the block has ${receipts.length} receipts; none is number ${index}`);
  }
  const entries = receipts.map(
    (receipt, i) => [receiptKey(i), proofBytes(encodeReceipt(receipt), "a receipt")] as const,
  );
  const { root, proof } = makeTrie(entries, receiptKey(index));
  return { root, proof: { index, nodes: proof } };
}

/**
 * The key of a receipt in the trie of receipts: the RLP of its index.
 *
 * @example
 * ```ts
 * receiptKey(0); // 0x80
 * ```
 */
export function receiptKey(index: number): Uint8Array {
  return encodeRlp(scalarBytes(index));
}
