import { createRequire } from "node:module";
import { resolve } from "node:path";

import type { BaseContract } from "ethers";

import { compilePeer } from "../compilePeer.js";
import { fetchPeer } from "../fetchPeer.js";
import { linkLibraries } from "../linkLibraries.js";
import type { Chain } from "../openChain.js";
import { PEER_PACKAGES } from "../peerPackages.js";

const require = createRequire(import.meta.url);

/** As Semaphore's own build says (packages/contracts/hardhat.config.ts), for chains before Shanghai too. */
const SETTINGS = { viaIR: false, runs: 200, evmVersion: "paris" };

/** Semaphore, with its verifier of real proofs and the Poseidon library as it was published. */
export async function deploySemaphore(chain: Chain): Promise<BaseContract> {
  const [folder, tree, hash] = [
    await fetchPeer(PEER_PACKAGES.semaphore),
    await fetchPeer(PEER_PACKAGES.leanImt),
    await fetchPeer(PEER_PACKAGES.poseidon),
  ];
  const packages = { "@zk-kit/lean-imt.sol": tree, "poseidon-solidity": hash };
  const options = { ...SETTINGS, packages };
  const { bytecode } = require(resolve(hash, "deploy/PoseidonT3.js")) as { bytecode: string };
  const poseidon = await chain.deploy({ abi: [], bytecode });
  const verifier = await chain.deploy(compilePeer(`${folder}/base/SemaphoreVerifier.sol`, options));
  const libraries = { "poseidon-solidity/PoseidonT3.sol:PoseidonT3": await poseidon.getAddress() };
  return chain.deploy(linkLibraries(compilePeer(`${folder}/Semaphore.sol`, options), libraries), verifier);
}
