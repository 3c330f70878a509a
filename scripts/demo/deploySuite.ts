import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";

import hre from "hardhat";

import Suite from "../../ignition/modules/Suite.js";
import { connectSuite } from "../../src/network/suite/connectSuite.js";
import { SUITE_NAMES, type SuiteContracts, type SuiteName } from "../../src/network/suite/suiteContracts.js";

import type { Account } from "./freeAccount.js";
import type { DemoChain } from "./openChain.js";

/** The suite, and where it is. */
export interface DeployedSuite {
  contracts: SuiteContracts;
  addresses: Record<SuiteName, string>;
  /** Block from which its events are read. */
  fromBlock: number;
}

/**
 * Deploys the whole suite by Ignition and hands it to a council.
 *
 * @param periods Seconds that a request at the counter stays open, and that what ends a freeze waits.
 * @param journal Folder that Ignition's journal is moved to; a chain inside this process has none.
 */
export async function deploySuite(
  chain: DemoChain,
  council: { members: Account[]; threshold: number; delay: number },
  recovery: { members: Account[]; threshold: number; delay: number },
  periods: { lapse: number; didDelay: number },
  journal: string,
): Promise<DeployedSuite> {
  const fromBlock = await chain.provider.getBlockNumber();
  const deploymentId = `demo-${Date.now()}`;
  const deployed = await chain.connection.ignition.deploy(Suite, {
    deploymentId,
    // On a chain that makes blocks for transactions only, a second confirmation never comes.
    config: { requiredConfirmations: 1, blockPollingInterval: 100 },
    parameters: {
      Trust: {
        members: council.members.map((member) => member.address),
        threshold: council.threshold,
        recoveryMembers: recovery.members.map((member) => member.address),
        recoveryThreshold: recovery.threshold,
      },
      Identity: {
        exitDelay: periods.didDelay,
        guardiansDelay: 2 * periods.didDelay,
        enrolmentLapse: periods.lapse,
      },
      Suite: { delay: council.delay, recoveryDelay: recovery.delay },
    },
  });
  await moveJournal(deploymentId, journal);

  const located = SUITE_NAMES.map(async (name) => [name, await deployed[name].getAddress()] as const);
  const addresses = Object.fromEntries(await Promise.all(located)) as DeployedSuite["addresses"];
  return { contracts: connectSuite(addresses, chain.provider), addresses, fromBlock };
}

/** Out of the sources' folder, where Ignition keeps it, and where a later chain of the same id would find it. */
async function moveJournal(deploymentId: string, journal: string): Promise<void> {
  const kept = join(hre.config.paths.ignition, "deployments", deploymentId);
  await rm(journal, { recursive: true, force: true });
  await mkdir(join(journal, ".."), { recursive: true });
  await rename(kept, journal).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  });
  // Others may keep journals there.
  await rmdir(join(kept, "..")).catch(() => undefined);
}
