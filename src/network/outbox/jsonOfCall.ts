import type { OutboxCall, OutboxEntry } from "./OutboxEntry.js";

/**
 * A call as an entry keeps it.
 *
 * @example
 * ```ts
 * const entry = { ...signed, call: jsonOfCall(call) };
 * ```
 */
export function jsonOfCall({ to, data, value = 0n, gasLimit }: OutboxCall): NonNullable<OutboxEntry["call"]> {
  return { to, data, value: `${value}`, gasLimit: `${gasLimit}` };
}
