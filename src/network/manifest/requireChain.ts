import type { JsonRpc } from "../JsonRpc.js";
import { NetworkError } from "../NetworkError.js";

import type { NetworkManifest } from "./NetworkManifest.js";

/**
 * Makes sure that a node is on a manifest's chain: the id alone is shared by chains that were made anew.
 *
 * @throws NetworkError CHAIN_IS_OTHER; NODE_UNREADABLE when the node has no block 0.
 * @example
 * ```ts
 * await requireChain(manifest, node);
 * ```
 */
export async function requireChain(
  { chainId, genesisHash }: Pick<NetworkManifest, "chainId" | "genesisHash">,
  node: JsonRpc,
): Promise<void> {
  const [id, genesis] = await Promise.all([
    node.send("eth_chainId", []),
    node.send("eth_getBlockByNumber", ["0x0", false]) as Promise<{ hash?: unknown } | null>,
  ]);
  if (BigInt(id as string) !== BigInt(chainId)) {
    const message = `the manifest is of the chain ${chainId}, the node of ${BigInt(id as string)}`;
    throw new NetworkError("CHAIN_IS_OTHER", message);
  }
  if (typeof genesis?.hash !== "string") throw new NetworkError("NODE_UNREADABLE", "the node has no block 0");
  if (genesis.hash !== genesisHash) {
    const message = `the chain ${chainId} was made anew: its genesis is ${genesis.hash}, the manifest's ${genesisHash}`;
    throw new NetworkError("CHAIN_IS_OTHER", message);
  }
}
