import { NetworkError } from "../NetworkError.js";
import type { OutboxStore, StoreOptions } from "./OutboxStore.js";
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
export async function openOutboxStore(place: string, options: StoreOptions = {}): Promise<OutboxStore> {
  if (/^postgres(ql)?:/i.test(place)) return postgresStore(place, options);
  // As a path it would be repeated in messages, with the password that may be in it.
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(place)) {
    throw new NetworkError(
      "OUTBOX_STORE_REFUSES",
      "a store is a file's path, or postgres://…: this is another address",
    );
  }
  return sqliteStore(place, options);
}
