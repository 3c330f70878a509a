import { existsSync } from "node:fs";

import { openOutboxStore } from "../../src/network/outbox/openOutboxStore.js";
import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { OptionsError } from "../console/OptionsError.js";

/** Opens a store that is there, and makes none in another program's database. */
export async function openStore(place: string): Promise<OutboxStore> {
  if (!place.includes("://") && !existsSync(place)) throw new OptionsError(`there is no store at ${place}`);
  return openOutboxStore(place, { mustExist: true });
}
