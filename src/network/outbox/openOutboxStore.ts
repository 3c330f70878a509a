import type { OutboxStore } from "./OutboxStore.js";
import { postgresStore } from "./postgresStore.js";
import { sqliteStore } from "./sqliteStore.js";

/**
 * Opens the store that a path or URL names, for Node alone.
 *
 * @param place `postgres://…`, or a file's path.
 * @throws NetworkError OUTBOX_STORE_REFUSES.
 * @example
 * ```ts
 * const store = await openOutboxStore("./outbox.db");
 * ```
 */
export function openOutboxStore(place: string): Promise<OutboxStore> {
  return /^postgres(ql)?:/.test(place) ? postgresStore(place) : sqliteStore(place);
}
