import { setTimeout } from "node:timers/promises";

import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { printStatus, readStatus } from "./status.js";

const EVERY_MS = 1_000;

/** Prints the status whenever it changes, until nothing is under way. */
export async function watchStore(store: OutboxStore, json: boolean): Promise<number> {
  for (let last = ""; ;) {
    const status = await readStatus(store, []);
    const text = JSON.stringify(status);
    const code = text === last ? 1 : printStatus(status, json);
    if (code === 0) return 0;
    last = text;
    await setTimeout(EVERY_MS);
  }
}
