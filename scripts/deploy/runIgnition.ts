import { readFile } from "node:fs/promises";
import { join } from "node:path";

import {
  errorDeploymentResultToExceptionMessage,
  HardhatArtifactResolver,
} from "@nomicfoundation/hardhat-ignition/helpers";
import { deploy, DeploymentResultType } from "@nomicfoundation/ignition-core";
import hre from "hardhat";

import Suite from "../../ignition/modules/Suite.js";
import { IMPLEMENTATIONS } from "../../src/network/manifest/NetworkManifest.js";
import type { DeploymentFacts } from "../../src/network/manifest/makeManifest.js";
import { SUITE_NAMES } from "../../src/network/suite/suiteContracts.js";
import { ObstacleError } from "../console/obstacles.js";

import type { SuiteParameters } from "./parameters.js";
import type { signingProvider } from "./signingProvider.js";

/** How Ignition is to deploy. */
export interface IgnitionOptions {
  /** Folder of its journal. */
  journal: string;
  parameters: SuiteParameters;
  /** Blocks that a transaction must be in or under, its own among them. */
  depth: number;
  /** Milliseconds between two looks for a new block. */
  polling: number;
  from: string;
}

/**
 * Deploys the suite, or goes on where the journal ends.
 *
 * @returns where each contract is, and what made it
 * @throws ObstacleError with what Ignition says
 */
export async function runIgnition(
  provider: ReturnType<typeof signingProvider>,
  { journal, parameters, depth, polling, from }: IgnitionOptions,
): Promise<DeploymentFacts["created"]> {
  const result = await tellPlainly(
    deploy({
      provider,
      artifactResolver: new HardhatArtifactResolver(hre.artifacts),
      deploymentDir: journal,
      ignitionModule: Suite,
      deploymentParameters: parameters,
      accounts: [from.toLowerCase()],
      defaultSender: from.toLowerCase(),
      config: { requiredConfirmations: depth, blockPollingInterval: polling, disableFeeBumping: true },
      gasPrice: 0n,
      disableFeeBumping: true,
    }),
  );
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) {
    throw new ObstacleError(errorDeploymentResultToExceptionMessage(result));
  }
  const made = await readCreations(join(journal, "journal.jsonl"));
  const found = [...SUITE_NAMES, ...IMPLEMENTATIONS].map((name) => {
    const address = result.contracts[Suite.results[name].id]!.address;
    const transaction = made.get(address.toLowerCase());
    if (transaction === undefined) throw new ObstacleError(`the journal does not tell what made ${name} at ${address}`);
    return [name, { address, transaction }] as const;
  });
  return Object.fromEntries(found) as DeploymentFacts["created"];
}

/** What stops Ignition is for people: a message, and no stack. */
async function tellPlainly<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // Hardhat does not export the class.
    if (error instanceof Error && error.constructor.name === "HardhatError")
      throw new ObstacleError(error.message, { cause: error });
    throw error;
  }
}

/** The transaction that made each contract, by its address. */
async function readCreations(journal: string): Promise<Map<string, string>> {
  const lines = (await readFile(journal, "utf8")).split("\n").filter((line) => line !== "");
  const messages = lines.map(
    (line) => JSON.parse(line) as { type: string; hash: string; receipt?: { contractAddress?: string } },
  );
  return new Map(
    messages
      .filter(({ type, receipt }) => type === "TRANSACTION_CONFIRM" && receipt?.contractAddress !== undefined)
      .map(({ hash, receipt }) => [receipt!.contractAddress!.toLowerCase(), hash]),
  );
}
