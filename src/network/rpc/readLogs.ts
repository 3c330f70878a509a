import { toQuantity } from "ethers";

import type { JsonRpc } from "./JsonRpc.js";
import { LOG_RANGE } from "./logRange.js";

/** Which logs. */
export interface LogFilter {
  readonly address: string;
  readonly topics: readonly (string | readonly string[])[];
}

/** A log as a node tells it, as far as it is looked at. */
export interface NodeLog {
  readonly topics: string[];
  readonly data: string;
  readonly transactionHash: string;
}

/**
 * Logs from a block to the newest one, asked for in ranges that every client of consortium networks answers.
 *
 * @throws what the node throws
 * @example
 * ```ts
 * const logs = await readLogs(node, { address, topics: [topicHash] }, deployBlock);
 * ```
 */
export async function readLogs(node: JsonRpc, filter: LogFilter, fromBlock: number): Promise<NodeLog[]> {
  const head = Number(await node.send("eth_blockNumber", []));
  const logs: NodeLog[] = [];
  for (let from = fromBlock; from <= head; from += LOG_RANGE) {
    const toBlock = toQuantity(Math.min(from + LOG_RANGE - 1, head));
    const found = await node.send("eth_getLogs", [{ ...filter, fromBlock: toQuantity(from), toBlock }]);
    logs.push(...(found as NodeLog[]));
  }
  return logs;
}
