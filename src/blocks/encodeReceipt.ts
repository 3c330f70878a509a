import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";

import { ChainProofError } from "./ChainProofError.js";
import { decodeReceipt } from "./decodeReceipt.js";
import { encodeRlp } from "./encodeRlp.js";
import { proofBytes } from "./proofBytes.js";
import type { ChainReceipt, ReceiptLog } from "./receipt.js";
import { scalarBytes } from "./rlpFields.js";

/**
 * A receipt as the trie of receipts holds it: RLP of four fields, after the byte of the type where there is one (EIP-2718).
 *
 * @returns `0x` and digits.
 * @throws {@link ChainProofError} `RECEIPT_MALFORMED`.
 *
 * @example
 * ```ts
 * const receipt = encodeReceipt(fromRpcReceipt(answer));
 * ```
 */
export function encodeReceipt({ type, outcome, cumulativeGasUsed, logsBloom, logs }: ChainReceipt): string {
  if (!Number.isInteger(type) || type < 0 || type > 0x7f) {
    throw new ChainProofError("RECEIPT_MALFORMED", `a transaction has the type ${type}`);
  }
  const payload = encodeRlp([
    field(outcome, "outcome"),
    scalarBytes(cumulativeGasUsed),
    field(logsBloom, "logsBloom", 256),
    logs.map(encodeLog),
  ]);
  const encoded = `0x${bytesToHex(type === 0 ? payload : concatBytes(Uint8Array.of(type), payload))}`;
  decodeReceipt(encoded);
  return encoded;
}

function encodeLog({ address, topics, data }: ReceiptLog): [Uint8Array, Uint8Array[], Uint8Array] {
  return [
    field(address, "a log's address", 20),
    topics.map((topic) => field(topic, "a topic", 32)),
    field(data, "data"),
  ];
}

function field(value: string, what: string, length?: number): Uint8Array {
  return proofBytes(value, what, length, "RECEIPT_MALFORMED");
}
