import { id, type BaseContract } from "ethers";

import { fetchPeer } from "../fetchPeer.js";
import { linkLibraries } from "../linkLibraries.js";
import type { Chain } from "../openChain.js";
import { PEER_PACKAGES } from "../peerPackages.js";
import { readArtifact } from "../readArtifact.js";

/** The depths of MACI's largest published circuits, "14-9-2-3". */
export const DEPTHS = {
  stateTreeDepth: 14,
  intStateTreeDepth: 5,
  messageTreeSubDepth: 2,
  messageTreeDepth: 9,
  voteOptionTreeDepth: 3,
} as const;

/** MACI as it was published, with its verifier of real proofs, where anybody may sign up. */
export async function deployMaci(chain: Chain): Promise<Record<"maci" | "verifier" | "keys", BaseContract>> {
  const folder = await fetchPeer(PEER_PACKAGES.maci);
  const artifactOf = (path: string) => {
    const name = path.split("/").at(-1)!;
    return readArtifact(folder, `build/artifacts/contracts/${path}.sol/${name}.json`);
  };
  const libraries: Record<string, string> = {};
  for (const name of ["PoseidonT3", "PoseidonT4", "PoseidonT5", "PoseidonT6"]) {
    const library = await chain.deploy(artifactOf(`crypto/${name}`));
    libraries[`contracts/crypto/${name}.sol:${name}`] = await library.getAddress();
  }
  const deploy = (path: string, ...args: unknown[]) =>
    chain.deploy(linkLibraries(artifactOf(path), libraries), ...args);

  const maci = await deploy(
    "MACI",
    await deploy("PollFactory"),
    await deploy("MessageProcessorFactory"),
    await deploy("TallyFactory"),
    await deploy("gatekeepers/FreeForAllGatekeeper"),
    await deploy("initialVoiceCreditProxy/ConstantInitialVoiceCreditProxy", 1),
    DEPTHS.stateTreeDepth,
    // Roots of trees of empty ballots, which only the coordinator's circuits look into.
    Array.from({ length: 5 }, (_, i) => BigInt(id(`empty ballots ${i}`)) >> 8n),
  );
  return { maci, verifier: await deploy("crypto/Verifier"), keys: await deploy("VkRegistry") };
}
