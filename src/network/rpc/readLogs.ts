import { toQuantity } from "ethers";

import type { JsonRpc } from "./JsonRpc.js";

/** As many blocks as nodes tell the logs of at once. */
const LOG_RANGE = 5_000;

/** Which logs. */
export interface LogFilter {
  readonly address: string;
  readonly topics: readonly (string | readonly string[])[];
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
export async function readLogs(node: JsonRpc, filter: LogFilter, fromBlock: number): Promise<{ topics: string[] }[]> {
  const head = Number(await node.send("eth_blockNumber", []));
  const logs: { topics: string[] }[] = [];
  for (let from = fromBlock; from <= head; from += LOG_RANGE) {
    const toBlock = toQuantity(Math.min(from + LOG_RANGE - 1, head));
    const found = await node.send("eth_getLogs", [{ ...filter, fromBlock: toQuantity(from), toBlock }]);
    logs.push(...(found as { topics: string[] }[]));
  }
  return logs;
}
