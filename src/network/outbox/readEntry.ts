import type { OutboxEntry } from "./OutboxEntry.js";

/**
 * An entry as a store keeps it. What later versions added to entries is null in those of a store that was made before.
 *
 * @param body JSON.
 * @example
 * ```ts
 * const { id, state } = readEntry(row.body);
 * ```
 */
export function readEntry(body: string): OutboxEntry {
  return { cancelAskedAt: null, ...(JSON.parse(body) as Omit<OutboxEntry, "cancelAskedAt"> & Partial<OutboxEntry>) };
}
