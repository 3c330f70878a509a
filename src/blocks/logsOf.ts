import { getAddress, hexlify, type BytesLike } from "ethers";

import { proofBytes } from "./proofBytes.js";
import type { ChainReceipt, ReceiptLog } from "./receipt.js";

/**
 * The logs of a receipt that one contract wrote, in order. A transaction that failed has none.
 *
 * @param topic If given, only those of one event: the Keccak-256 of its signature.
 *
 * @throws {@link ChainProofError} `INPUT_MALFORMED` for a contract or a topic of another length.
 *
 * @example
 * ```ts
 * const moves = logsOf(receipt, registry, id("CustodyChanged(bytes32,uint32,uint32,uint16,uint32,uint32)"));
 * ```
 */
export function logsOf(receipt: ChainReceipt, contract: BytesLike, topic?: BytesLike): readonly ReceiptLog[] {
  const author = getAddress(hexlify(proofBytes(contract, "the contract", 20)));
  const event = topic === undefined ? undefined : hexlify(proofBytes(topic, "the topic", 32));
  return receipt.logs.filter(({ address, topics }) => address === author && (!event || topics[0] === event));
}
