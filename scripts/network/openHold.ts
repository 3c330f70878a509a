import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Genesis } from "../../src/network/genesis/Genesis.js";

import { openWarden, type Warden } from "./openWarden.js";
import type { RunningNetwork } from "./RunningNetwork.js";

/** Where a network's nodes keep what they have, and who ends them. */
export interface Hold {
  readonly folder: string;
  /** Path of the first block's JSON. */
  readonly genesisFile: string;
  readonly warden: Warden;
  /** Writes a file elsewhere that goes with the network. */
  readonly publish: RunningNetwork["publish"];
  /** Ends the processes, and removes the folder. */
  readonly stop: () => Promise<void>;
}

/** Opens a folder and a warden for a network of this machine; the folder goes even where this process is killed. */
export async function openHold(genesis: Genesis): Promise<Hold> {
  const warden = openWarden();
  const folder = await mkdtemp(join(tmpdir(), "diwan-network-"));
  warden.remove(folder);
  const genesisFile = join(folder, "genesis.json");
  await writeFile(genesisFile, JSON.stringify(genesis));
  const publish = async (path: string, text: string): Promise<void> => {
    warden.remove(resolve(path), text);
    await writeFile(path, text);
  };
  const stop = async (): Promise<void> => {
    await warden.close();
    // Where the warden was killed.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  return { folder, genesisFile, warden, publish, stop };
}
