import type { JsonRpcApiProvider, Signer } from "ethers";

import { NetworkError } from "../NetworkError.js";
import { requireChain } from "../rpc/requireChain.js";
import { connectSuite } from "../suite/connectSuite.js";
import { SUITE_NAMES, type SuiteContracts, type SuiteName } from "../suite/suiteContracts.js";

import type { NetworkManifest } from "./NetworkManifest.js";
import { requireSuite } from "./requireSuite.js";

/** A network that one can work on. */
export interface ConnectedNetwork {
  readonly contracts: SuiteContracts;
  /** Where the events of the suite begin. */
  readonly fromBlock: number;
}

/**
 * The contracts of a network by its manifest, once the node is seen to be on that very chain.
 *
 * @param manifest From `readManifest`; that it is true, `verifyManifest` tells.
 * @param runner A signer with a JSON-RPC provider, or such a provider for reading alone.
 * @throws NetworkError RPC_WRONG_CHAIN when the node is on another chain, or on one made anew with the same id;
 * NODE_UNREADABLE when the runner has no JSON-RPC provider; MANIFEST_INVALID when nothing is deployed there yet.
 * @example
 * ```ts
 * const manifest = readManifest(await readFile("manifest.json", "utf8"));
 * const { contracts, fromBlock } = await connect(manifest, new Wallet(key, new JsonRpcProvider(url)));
 * ```
 */
export async function connect(
  manifest: NetworkManifest,
  runner: Signer | JsonRpcApiProvider,
): Promise<ConnectedNetwork> {
  const { contracts } = requireSuite(manifest);
  const { provider } = runner;
  if (provider === null || !("send" in provider) || typeof provider.send !== "function") {
    throw new NetworkError("NODE_UNREADABLE", "the signer has no JSON-RPC provider to see the chain by");
  }
  await requireChain(manifest, provider);
  const addresses = SUITE_NAMES.map((name) => [name, contracts[name].address] as const);
  return {
    contracts: connectSuite(Object.fromEntries(addresses) as Record<SuiteName, string>, runner),
    fromBlock: Math.min(...SUITE_NAMES.map((name) => contracts[name].deployBlock)),
  };
}
