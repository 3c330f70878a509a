import { ChainProofError } from "./ChainProofError.js";
import type { ChainReceipt, ReceiptLog } from "./receipt.js";
import { rpcReaders, type RpcObject } from "./rpcFields.js";

/**
 * A receipt out of a node's answer to `eth_getTransactionReceipt` or `eth_getBlockReceipts`, as JSON gives it.
 *
 * @throws {@link ChainProofError} `RECEIPT_MALFORMED`.
 *
 * @example
 * ```ts
 * const receipt = fromRpcReceipt(await provider.send("eth_getTransactionReceipt", [hash]));
 * ```
 */
export function fromRpcReceipt(answer: RpcObject): ChainReceipt {
  const { data, quantity, count, has } = rpcReaders(answer, "RECEIPT_MALFORMED");
  const { logs } = answer;
  if (!Array.isArray(logs)) throw new ChainProofError("RECEIPT_MALFORMED", "the answer's logs are not a list");
  return {
    type: has("type") ? count("type") : 0,
    outcome: has("status") ? outcomeOf(quantity("status")) : data("root"),
    cumulativeGasUsed: quantity("cumulativeGasUsed"),
    logsBloom: data("logsBloom"),
    logs: logs.map((log: unknown) => readLog(log)),
  };
}

function outcomeOf(status: bigint): string {
  if (status > 1n) throw new ChainProofError("RECEIPT_MALFORMED", `the answer's status is ${status}`);
  return status === 1n ? "0x01" : "0x";
}

function readLog(log: unknown): ReceiptLog {
  if (typeof log !== "object" || log === null) throw new ChainProofError("RECEIPT_MALFORMED", "a log is not an object");
  const { address, topics, data } = log as RpcObject;
  if (typeof address !== "string" || typeof data !== "string" || !areTexts(topics)) {
    throw new ChainProofError("RECEIPT_MALFORMED", "a log has an address, topics and data");
  }
  return { address, topics, data };
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
