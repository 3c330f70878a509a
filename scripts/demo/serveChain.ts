import { network } from "hardhat";

import { HOST, ObstacleError } from "../console/obstacles.js";
import type { Progress } from "../console/progress.js";

import { openServedChain } from "./openChain.js";
import { openConsent } from "./openConsent.js";
import { openElection, OPENING } from "./openElection.js";
import type { DemoOptions } from "./options.js";
import { historyOf, runDemo } from "./runDemo.js";
import { writeNodeManifest } from "./writeNodeManifest.js";

/** Where and how a chain is served. */
export interface ServeOptions {
  port: number;
  /** Seconds between blocks, besides those that transactions make; 0 for none. */
  blockTime: number;
  demo: DemoOptions;
}

/** A chain that is being served. */
export interface ServedChain {
  url: string;
  chainId: bigint;
  /** Path of the file that describes it. */
  manifest: string;
  close: () => Promise<void>;
}

/**
 * Serves a chain on 127.0.0.1 on which all that the main job does has happened in the weeks before now, and one more election is open.
 *
 * @throws ObstacleError when the port cannot be had, or the chain did not become what it should be
 */
export async function serveChain({ port, blockTime, demo }: ServeOptions, progress: Progress): Promise<ServedChain> {
  progress.step(`Listen on ${HOST}:${port}`);
  const initialDate = new Date(Date.now() - (historyOf(demo) + OPENING) * 1_000);
  const server = await network.createServer({ override: { initialDate } }, HOST, port);
  await server.listen();
  const url = `http://${HOST}:${port}`;
  try {
    const chain = await openServedChain(url);
    const { job } = await runDemo(chain, demo, progress);
    if (job.checks.failed.length > 0) {
      throw new ObstacleError(`the chain is not as it should be: ${job.checks.failed.map(({ id }) => id).join(", ")}`);
    }
    progress.step("An election is opened, for front ends to vote in");
    const health = await openConsent(job);
    const election = await openElection(job);
    await chain.waitUntil(Math.floor(Date.now() / 1_000));
    if (blockTime > 0) {
      await chain.connection.provider.request({ method: "evm_setIntervalMining", params: [blockTime * 1_000] });
    }
    const manifest = await writeNodeManifest(job, { election, health }, url);
    const close = async () => {
      await chain.close();
      await server.close();
    };
    return { url, chainId: job.chainId, manifest, close };
  } catch (error) {
    await server.close();
    throw error;
  } finally {
    progress.end();
  }
}
