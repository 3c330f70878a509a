import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { NetworkError } from "../../src/network/NetworkError.js";
import { ObstacleError } from "../demo/obstacles.js";
import type { Progress } from "../demo/progress.js";

import { startBftNetwork } from "./bftNetwork.js";
import { startCliqueNetwork } from "./cliqueNetwork.js";
import { findGeth, GethMissing } from "./findGeth.js";
import { PortInUse } from "./freePorts.js";
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
 * Starts a network, and writes its manifest, which is there only while the network is.
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
  const manifest = join(options.out, "manifest.json");
  const stop = async (): Promise<void> => {
    isOver = true;
    await network.stop();
    await rm(manifest, { force: true });
  };
  try {
    await mkdir(options.out, { recursive: true });
    await writeFile(manifest, `${JSON.stringify(manifestOf(options, network), null, 2)}\n`);
  } catch (error) {
    await stop();
    throw new ObstacleError(`${manifest} cannot be written: ${String(error)}`);
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
    if (error instanceof GethMissing || error instanceof PortInUse || error instanceof NetworkError)
      throw new ObstacleError(error.message);
    throw error;
  }
}

function manifestOf(options: NetworkOptions, network: RunningNetwork): object {
  const { period, rules, gasLimit } = options;
  const { chainId, genesisHash, genesis, signers } = network;
  return {
    chainId,
    genesisHash,
    consensus: options.client === "geth" ? "clique" : "qbft",
    validators: signers,
    period,
    rules,
    gasLimit,
    nodes: network.nodes.map(({ rpcUrl, signer, pid, log }) => ({ rpcUrl, signer, pid, log })),
    genesis,
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
