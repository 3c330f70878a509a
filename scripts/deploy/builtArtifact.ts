import hre from "hardhat";

import type { ContractArtifact } from "../../src/network/manifest/ContractArtifact.js";
import { ObstacleError } from "../console/obstacles.js";
import { immutableNames } from "../tooling/immutable-names.js";

/**
 * A contract as it was built here, which is what is deployed.
 *
 * @throws ObstacleError when it is not built
 */
export async function builtArtifact(contractName: string): Promise<ContractArtifact> {
  const isBuilt = await hre.artifacts.artifactExists(contractName);
  const artifact = isBuilt ? await hre.artifacts.readArtifact(contractName) : undefined;
  const output = await hre.artifacts.getBuildInfoOutputPath(artifact?.buildInfoId ?? "");
  if (artifact === undefined || output === undefined) {
    throw new ObstacleError(`${contractName} is not built here: leave out --built`);
  }
  const { immutableReferences = {} } = artifact;
  return { ...artifact, immutableReferences, immutableNames: immutableNames(output, immutableReferences) };
}
