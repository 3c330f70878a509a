import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { NETWORK_MANIFEST_SCHEMA, type NetworkManifest } from "../../src/network/manifest/NetworkManifest.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { ObstacleError } from "../console/obstacles.js";
import type { Progress } from "../console/progress.js";

import { startBftNetwork } from "./bftNetwork.js";
import { startCliqueNetwork } from "./cliqueNetwork.js";
import { findGeth, GethMissing } from "./findGeth.js";
import type { NetworkOptions } from "./networkOptions.js";
import type { RunningNetwork } from "./RunningNetwork.js";

/** A network that runs. */
export interface ServedNetwork {
  /** What to tell a person. */
  text: string;
  /** Resolves, with what to tell, when a node ended that nobody asked to. */
  nodeEnded: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a network, and writes its manifest and genesis, which are there only while the network is, even where this is killed.
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
  };
  try {
    await mkdir(options.out, { recursive: true });
    await network.publish(genesis, `${JSON.stringify(network.genesis, null, 2)}\n`);
    await network.publish(manifest, `${JSON.stringify(manifestOf(options, network), null, 2)}\n`);
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

async function start(options: NetworkOptions, progress: Progress): Promise<RunningNetwork> {
  const { client, binary, validators } = options;
  try {
    if (client !== "geth") {
      progress.step(`Start ${validators} validators`);
      return await startBftNetwork({ ...options, client, binary: binary! });
    }
    progress.step("Find geth");
    const geth = await findGeth(binary, (text) => {
      progress.note(text);
    });
    progress.step(`Start ${validators} validators`);
    return await startCliqueNetwork({ ...options, geth });
  } catch (error) {
    if (error instanceof GethMissing || error instanceof NetworkError) throw new ObstacleError(error.message);
    throw error;
  }
}

function manifestOf({ client }: NetworkOptions, network: RunningNetwork): NetworkManifest {
  const { chainId, genesisHash, signers, nodes } = network;
  return {
    schema: NETWORK_MANIFEST_SCHEMA,
    name: "validators on this machine",
    chainId,
    genesisHash,
    consensus: client === "geth" ? "clique" : "qbft",
    validators: signers.map((signer) => signer.toLowerCase()),
    nodes: nodes.map(({ rpcUrl, signer, pid, log }) => ({ rpcUrl, signer: signer.toLowerCase(), pid, log })),
    relay: "forwarder",
    contracts: {},
    implementations: {},
    schemas: [],
  };
}

function textOf(options: NetworkOptions, network: RunningNetwork, manifest: string): string {
  const lines = network.nodes.map(({ index, rpcUrl, signer }) => `  node ${index}  ${rpcUrl}  seals as ${signer}`);
  return [
    `Chain ${network.chainId}, ${options.client === "geth" ? "Clique" : "QBFT"}, a block every ${options.period} s, rules of ${options.rules}; block 0 is ${network.genesisHash}`,
    ...lines,
    `Manifest: ${manifest}`,
    "",
    `npm start -- --rpc ${network.nodes[0]!.rpcUrl} runs the main job on it. Ctrl-C ends it.`,
    "",
  ].join("\n");
}
