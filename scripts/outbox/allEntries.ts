import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";

const PAGE = 500;

/** Every entry of a store, by key and nonce, a page at a time. */
export async function* allEntries(store: OutboxStore, which: "all" | "open"): AsyncGenerator<OutboxEntry> {
  for (const key of await store.keys()) {
    for (let from = 0; ;) {
      const entries = await store.list(key, from, PAGE, which);
      yield* entries;
      if (entries.length < PAGE) break;
      from = entries.at(-1)!.nonce + 1;
    }
  }
}
