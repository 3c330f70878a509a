import { NetworkError } from "../NetworkError.js";
import type { JsonRpc } from "./JsonRpc.js";

/** Names a chain: the id alone is shared by chains that were made anew. */
export interface ChainName {
  readonly chainId: bigint | number;
  /** Of block 0; any is right, if left out. */
  readonly genesisHash?: string;
}

/**
 * Makes sure that a node is on a chain.
 *
 * @param title What messages call the node.
 * @throws NetworkError RPC_WRONG_CHAIN; NODE_UNREADABLE when the node has no block 0; what the node throws.
 * @example
 * ```ts
 * await requireChain(manifest, node);
 * ```
 */
export async function requireChain(
  { chainId, genesisHash }: ChainName,
  node: JsonRpc,
  title = "the node",
): Promise<void> {
  const id = BigInt((await node.send("eth_chainId", [])) as string);
  if (id !== BigInt(chainId)) throw new NetworkError("RPC_WRONG_CHAIN", `${title} is of chain ${id}, not ${chainId}`);
  if (genesisHash === undefined) return;
  const genesis = (await node.send("eth_getBlockByNumber", ["0x0", false])) as { hash?: unknown } | null;
  if (typeof genesis?.hash !== "string") throw new NetworkError("NODE_UNREADABLE", `${title} has no block 0`);
  if (genesis.hash.toLowerCase() !== genesisHash.toLowerCase()) {
    const message = `${title} has the genesis ${genesis.hash}, not ${genesisHash}: the chain was made anew`;
    throw new NetworkError("RPC_WRONG_CHAIN", message);
  }
}
