import type { Comparison } from "./Comparison.js";
import type { PeerName } from "./peerPackages.js";

/** What one side does besides; nothing, where it is left out. */
export interface Besides {
  they?: string;
  we?: string;
}

/** A row of gas that was measured on both sides. */
export function gasRow(
  operation: string,
  peer: PeerName,
  [theirs, ours]: readonly [theirs: number, ours: number],
  { they = "", we = "" }: Besides = {},
): Comparison {
  return { operation, peer, unit: "gas", theirs, ours, basis: "measured", theyAlso: they, weAlso: we };
}
