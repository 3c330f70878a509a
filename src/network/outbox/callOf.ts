import { Transaction } from "ethers";

import type { OutboxCall, OutboxEntry } from "./OutboxEntry.js";

/**
 * A write's call as the caller gave it, whatever was signed for it since.
 *
 * @example
 * ```ts
 * const { to, data } = callOf(entry);
 * ```
 */
export function callOf(entry: OutboxEntry): OutboxCall {
  const { to, data, value, gasLimit } = entry.call ?? Transaction.from(entry.raw);
  return { to: to!, data, value: BigInt(value), gasLimit: BigInt(gasLimit) };
}
