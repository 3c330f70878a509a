import { type CliqueNetwork, startCliqueNetwork } from "../network/cliqueNetwork.js";
import { findGeth, GethMissing } from "../network/findGeth.js";

import { ObstacleError } from "../console/obstacles.js";
import type { Progress } from "../console/progress.js";

import { type DemoChain, openRemoteChain } from "./openChain.js";

/**
 * Starts five validators on this machine, and opens their chain at the first of them. They end with the chain, at Ctrl-C, and with
 * this process however it ends.
 *
 * @throws ObstacleError where there is no geth, and none can be built
 */
export async function openConsortium(progress: Progress): Promise<DemoChain> {
  progress.step("Start five validators");
  const network = await start(progress);
  // In order; where this process just ends, as while they start, their warden ends them and removes what they kept.
  const interrupt = () => {
    void network.stop().finally(() => process.exit(130));
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  const stop = async () => {
    for (const signal of SIGNALS) process.removeListener(signal, interrupt);
    await network.stop();
  };
  try {
    const chain = await openRemoteChain(network.rpcUrls[0]!, progress);
    const close = async () => {
      await chain.close();
      await stop();
    };
    return { ...chain, clique: cliqueOf(network), close };
  } catch (error) {
    await stop();
    throw error;
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function start(progress: Progress): Promise<CliqueNetwork> {
  try {
    const geth = await findGeth(undefined, (text) => {
      progress.note(text);
    });
    return await startCliqueNetwork({ geth });
  } catch (error) {
    if (error instanceof GethMissing) throw new ObstacleError(error.message);
    throw error;
  }
}

function cliqueOf({ genesis, genesisHash, signers }: CliqueNetwork): NonNullable<DemoChain["clique"]> {
  const { period, epoch } = genesis.config["clique"] as { period: number; epoch: number };
  return { genesisHash, period, epoch, signers: signers.length };
}
