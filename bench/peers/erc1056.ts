import type { BaseContract } from "ethers";

import { fetchPeer } from "./fetchPeer.js";
import type { Chain } from "./openChain.js";
import { PEER_PACKAGES } from "./peerPackages.js";
import { readArtifact } from "./readArtifact.js";

/** Puts the registry of ERC-1056 on a chain. */
export async function deployErc1056(chain: Chain): Promise<BaseContract> {
  const folder = await fetchPeer(PEER_PACKAGES.erc1056);
  return chain.deploy(readArtifact(folder, "artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json"));
}
