import type { SealingKind } from "../../blocks/BlockHeader.js";
import { ChainProofError } from "../../blocks/ChainProofError.js";
import type { RpcObject } from "../../blocks/rpcFields.js";
import { detectSealing } from "../../blocks/detectSealing.js";

/**
 * How a chain seals its blocks, from one of them; `none` for what is unknown here, too. Nothing is proved by it.
 *
 * @param block A node's answer to `eth_getBlockByNumber`.
 * @example
 * ```ts
 * const sealing = sealingOf(await node.send("eth_getBlockByNumber", ["latest", false]));
 * ```
 */
export function sealingOf(block: RpcObject): SealingKind {
  try {
    return detectSealing(block);
  } catch (error) {
    if (error instanceof ChainProofError) return "none";
    throw error;
  }
}
