import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Genesis } from "../../src/network/genesis/Genesis.js";

import { openWarden, type Warden } from "./openWarden.js";

/** Where a network's nodes keep what they have, and who ends them. */
export interface Hold {
  readonly folder: string;
  /** Path of the first block's JSON. */
  readonly genesisFile: string;
  readonly warden: Warden;
  /** Ends the processes, and removes the folder. */
  readonly stop: () => Promise<void>;
}

/** Opens a folder and a warden for a network of this machine. */
export async function openHold(genesis: Genesis): Promise<Hold> {
  const folder = await mkdtemp(join(tmpdir(), "diwan-network-"));
  const genesisFile = join(folder, "genesis.json");
  await writeFile(genesisFile, JSON.stringify(genesis));
  const warden = openWarden();
  const stop = async (): Promise<void> => {
    await warden.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  return { folder, genesisFile, warden, stop };
}
