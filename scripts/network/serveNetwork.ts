import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { NETWORK_MANIFEST_SCHEMA, type NetworkManifest } from "../../src/network/manifest/NetworkManifest.js";
import { ObstacleError } from "../demo/obstacles.js";
import type { Progress } from "../demo/progress.js";

import { type CliqueNetwork, startCliqueNetwork } from "./cliqueNetwork.js";
import { findGeth, GethMissing } from "./findGeth.js";
import { PortInUse } from "./freePorts.js";
import type { NetworkOptions } from "./networkOptions.js";

/** A network that runs. */
export interface ServedNetwork {
  /** What to tell a person. */
  text: string;
  /** Resolves, with what to tell, when a node ended that nobody asked to. */
  nodeEnded: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a network, and writes its manifest and genesis, which are there only while the network is.
 *
 * @param stopped Resolves when it is to stop; what is being started then is given up.
 * @returns undefined when it was stopped before it ran
 * @throws ObstacleError
 */
export async function serveNetwork(
  options: NetworkOptions,
  progress: Progress,
  stopped: Promise<unknown>,
): Promise<ServedNetwork | undefined> {
  let isOver = false;
  void stopped.then(() => {
    isOver = true;
  });
  const network = await start(options, progress);
  const [manifest, genesis] = [join(options.out, "manifest.json"), join(options.out, "genesis.json")];
  const stop = async (): Promise<void> => {
    isOver = true;
    await network.stop();
    await Promise.all([manifest, genesis].map((file) => rm(file, { force: true })));
  };
  try {
    await mkdir(options.out, { recursive: true });
    await writeFile(genesis, `${JSON.stringify(network.genesis, null, 2)}\n`);
    await writeFile(manifest, `${JSON.stringify(manifestOf(network), null, 2)}\n`);
  } catch (error) {
    await stop();
    throw new ObstacleError(`${options.out} cannot be written to: ${String(error)}`);
  }
  if (isOver) {
    await stop();
    return undefined;
  }
  const nodeEnded = new Promise<string>((resolve) => {
    for (const node of network.nodes) {
      void node.ended.then((why) => {
        if (!isOver) resolve(`Node ${node.index} (${node.rpcUrl}) ended by itself: ${why}\n${node.lastWords()}`);
      });
    }
  });
  return { text: textOf(options, network, manifest), nodeEnded, stop };
}

async function start(options: NetworkOptions, progress: Progress): Promise<CliqueNetwork> {
  const { binary, validators } = options;
  try {
    progress.step("Find geth");
    const geth = await findGeth(binary, (text) => {
      progress.note(text);
    });
    progress.step(`Start ${validators} validators`);
    return await startCliqueNetwork({ ...options, geth });
  } catch (error) {
    if (error instanceof GethMissing || error instanceof PortInUse) throw new ObstacleError(error.message);
    throw error;
  }
}

function manifestOf({ chainId, genesisHash, signers, nodes }: CliqueNetwork): NetworkManifest {
  return {
    schema: NETWORK_MANIFEST_SCHEMA,
    name: "validators on this machine",
    chainId,
    genesisHash,
    consensus: "clique",
    validators: signers.map((signer) => signer.toLowerCase()),
    nodes: nodes.map(({ rpcUrl, signer, pid, log }) => ({ rpcUrl, signer: signer.toLowerCase(), pid, log })),
    relay: "forwarder",
    contracts: {},
    implementations: {},
    schemas: [],
  };
}

function textOf(options: NetworkOptions, network: CliqueNetwork, manifest: string): string {
  const lines = network.nodes.map(({ index, rpcUrl, signer }) => `  node ${index}  ${rpcUrl}  seals as ${signer}`);
  return [
    `Chain ${network.chainId}, Clique, a block every ${options.period} s, rules of ${options.rules}; block 0 is ${network.genesisHash}`,
    ...lines,
    `Manifest: ${manifest}`,
    "",
    `npm start -- --rpc ${network.rpcUrls[0]} runs the main job on it. Ctrl-C ends it.`,
    "",
  ].join("\n");
}
