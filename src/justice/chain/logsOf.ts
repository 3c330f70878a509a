import { bytesToHex } from "@noble/hashes/utils.js";
import { getAddress, type BytesLike } from "ethers";

import { proofBytes } from "./proofBytes.js";
import type { ChainReceipt, ReceiptLog } from "./receipt.js";

/**
 * The logs of a receipt that one contract wrote, in order. A transaction that failed has none.
 *
 * @param topic If given, only those of one event: the Keccak-256 of its signature.
 *
 * @example
 * ```ts
 * const moves = logsOf(receipt, registry, id("CustodyChanged(bytes32,uint32,uint32,uint16,uint32,uint32)"));
 * ```
 */
export function logsOf(receipt: ChainReceipt, contract: string, topic?: BytesLike): readonly ReceiptLog[] {
  const wanted = topic === undefined ? undefined : `0x${bytesToHex(proofBytes(topic, "the topic", 32))}`;
  const author = getAddress(contract);
  return receipt.logs.filter(
    ({ address, topics }) => address === author && (wanted === undefined || topics[0] === wanted),
  );
}
