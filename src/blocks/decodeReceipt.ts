import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { BytesLike } from "ethers";

import { ChainProofError } from "./ChainProofError.js";
import { decodeRlp, type RlpItem } from "./decodeRlp.js";
import { proofBytes } from "./proofBytes.js";
import type { ChainReceipt, ReceiptLog } from "./receipt.js";
import { fieldReaders } from "./rlpFields.js";

const { list, hex, address, scalar } = fieldReaders("RECEIPT_MALFORMED");

/**
 * Reads a receipt out of the bytes that the trie of receipts holds. Its bloom must be that of its logs.
 *
 * @throws {@link ChainProofError} `RECEIPT_MALFORMED` or `RLP_MALFORMED`.
 *
 * @example
 * ```ts
 * const { logs } = decodeReceipt(bytes);
 * ```
 */
export function decodeReceipt(receipt: BytesLike): ChainReceipt {
  const bytes = proofBytes(receipt, "the receipt");
  const first = bytes[0] ?? 0;
  const type = first > 0 && first < 0x80 ? first : 0;
  const fields = list(decodeRlp(type === 0 ? bytes : bytes.subarray(1)), "the receipt");
  if (fields.length !== 4) throw refuse(`a receipt has 4 fields, not ${fields.length}`);

  const logs = list(fields[3], "logs").map(readLog);
  const logsBloom = hex(fields[2], "logsBloom", 256);
  if (logsBloom !== bloomOf(logs)) throw refuse("the receipt's bloom is not that of its logs");
  return {
    type,
    outcome: readOutcome(fields[0]),
    cumulativeGasUsed: scalar(fields[1], "cumulativeGasUsed", 8),
    logsBloom,
    logs,
  };
}

function readOutcome(item: RlpItem | undefined): string {
  const outcome = hex(item, "outcome");
  if (outcome !== "0x" && outcome !== "0x01" && outcome.length !== 66) throw refuse(`an outcome of ${outcome}`);
  return outcome;
}

function readLog(item: RlpItem): ReceiptLog {
  const fields = list(item, "a log");
  const topics = list(fields[1], "topics").map((topic) => hex(topic, "a topic", 32));
  if (fields.length !== 3 || topics.length > 4) throw refuse("a log has an address, four topics at most, and data");
  return { address: address(fields[0], "a log's address"), topics, data: hex(fields[2], "data") };
}

/** Three bits of 2048 for each address and topic (Ethereum yellow paper, section 4.3.1). */
function bloomOf(logs: readonly ReceiptLog[]): string {
  const bloom = new Uint8Array(256);
  for (const value of logs.flatMap(({ address, topics }) => [address, ...topics])) {
    const hash = keccak_256(proofBytes(value, "a bloom's item"));
    for (const at of [0, 2, 4]) {
      const bit = (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & 2047;
      const index = 255 - (bit >> 3);
      bloom[index] = (bloom[index] ?? 0) | (1 << (bit & 7));
    }
  }
  return `0x${bytesToHex(bloom)}`;
}

function refuse(message: string): ChainProofError {
  return new ChainProofError("RECEIPT_MALFORMED", message);
}
