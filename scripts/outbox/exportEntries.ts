import { once } from "node:events";

import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { allEntries } from "./allEntries.js";

/** Prints every write as a line of JSON, no faster than it is read. */
export async function exportEntries(store: OutboxStore): Promise<number> {
  for await (const entry of allEntries(store, "all")) {
    if (!process.stdout.write(`${JSON.stringify(entry)}\n`)) await once(process.stdout, "drain");
  }
  return 0;
}
