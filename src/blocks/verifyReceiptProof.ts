import type { BytesLike } from "ethers";

import { ChainProofError } from "./ChainProofError.js";
import { decodeReceipt } from "./decodeReceipt.js";
import { receiptKey, type ReceiptProof } from "./proveReceipt.js";
import type { ChainReceipt } from "./receipt.js";
import { verifyTrieProof } from "./verifyTrieProof.js";

/**
 * The receipt that a proof shows to be in a block, with its logs.
 *
 * @param receiptsRoot Of the block's header, whose hash and seals were checked.
 * @throws {@link ChainProofError} as `verifyTrieProof` does; `RECEIPT_ABSENT` if the block has no receipt of that index;
 * `RECEIPT_MALFORMED` if what it has is none.
 *
 * @example
 * ```ts
 * const receipt = verifyReceiptProof(header.receiptsRoot, proof);
 * const [moved] = logsOf(receipt, registry);
 * ```
 */
export function verifyReceiptProof(receiptsRoot: BytesLike, { index, nodes }: ReceiptProof): ChainReceipt {
  if (!Number.isSafeInteger(index) || index < 0) {
    throw new ChainProofError("INPUT_MALFORMED", `a receipt has the index ${index}`);
  }
  const value = verifyTrieProof(receiptsRoot, receiptKey(index), nodes);
  if (value === undefined) throw new ChainProofError("RECEIPT_ABSENT", `the block has no receipt number ${index}`);
  return decodeReceipt(value);
}
