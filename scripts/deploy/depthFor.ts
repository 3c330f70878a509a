import { confirmationsFor } from "../../src/network/consensus/confirmationsFor.js";

/**
 * How many blocks a transaction must be in or under, its own among them, which is what Ignition counts: the block itself where
 * validators agree on each, and under Clique the confirmations on top of it.
 */
export function depthFor(chain: Parameters<typeof confirmationsFor>[0]): number {
  const confirmations = confirmationsFor(chain);
  return chain.kind === "clique" ? confirmations + 1 : confirmations;
}
