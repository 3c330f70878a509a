import { isCallException } from "ethers";

import type { JsonRpc } from "./JsonRpc.js";
import { RpcRefusal } from "./RpcRefusal.js";

/**
 * Calls a contract's function of the newest block.
 *
 * @returns What it gives back, or undefined where the node understood the call and the contract, or the node, refused it.
 * @throws what the node throws otherwise: that it cannot be reached is no answer
 * @example
 * ```ts
 * const isKnown = (await callOrRefused(node, registry, data)) !== undefined;
 * ```
 */
export async function callOrRefused(node: JsonRpc, to: string, data: string): Promise<string | undefined> {
  try {
    return (await node.send("eth_call", [{ to, data }, "latest"])) as string;
  } catch (error) {
    if (error instanceof RpcRefusal || isCallException(error) || holdsRefusal(error)) return undefined;
    throw error;
  }
}

/** ethers puts what the node said a level down. */
function holdsRefusal(error: unknown): boolean {
  const { info } = error as { info?: { error?: { code?: unknown } } };
  return typeof info?.error?.code === "number";
}
