import type { SealingKind } from "../../blocks/BlockHeader.js";

import { sortedValidators } from "../genesis/sortedValidators.js";
import type { JsonRpc } from "../rpc/JsonRpc.js";
import { NetworkError } from "../NetworkError.js";

/** Each client has a method of its own: Besu's first, then GoQuorum's, which has one for both kinds. */
const METHODS: Readonly<Record<SealingKind, readonly string[]>> = {
  qbft: ["qbft_getValidatorsByBlockNumber", "istanbul_getValidators"],
  ibft2: ["ibft_getValidatorsByBlockNumber", "istanbul_getValidators"],
  clique: ["clique_getSigners"],
  none: [],
};

/**
 * Who seals a chain's blocks now, by a node that has the consensus engine's methods open.
 *
 * @param node The node.
 * @param sealing How the chain is sealed.
 * @returns Addresses in ascending order; none where blocks are not sealed.
 * @throws NetworkError NODE_UNREADABLE when the node tells by none of the methods.
 * @example
 * ```ts
 * const validators = await askValidators(node, "clique");
 * ```
 */
export async function askValidators(node: JsonRpc, sealing: SealingKind): Promise<string[]> {
  const refusals: string[] = [];
  for (const method of METHODS[sealing]) {
    try {
      return sortedValidators((await node.send(method, ["latest"])) as string[]);
    } catch (error) {
      refusals.push(`${method}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (sealing === "none") return [];
  throw new NetworkError("NODE_UNREADABLE", `the node does not tell the validators: ${refusals.join("; ")}`);
}
