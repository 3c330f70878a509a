import type { PeerName } from "./peerPackages.js";

/** The same work, done by a peer and by Diwan. The ratio, ours by theirs, is reckoned where it is shown. */
export interface Comparison {
  /** What is done: "issue one, a later one of the issuer". One peer has one row of each operation in a family. */
  operation: string;
  peer: PeerName;
  unit: "gas" | "ms" | "bytes";
  theirs: number;
  ours: number;
  basis: "measured" | "quoted";
  /** Where a quoted figure stands. */
  source?: string;
  /** What the peer does here that ours does not; empty when nothing. */
  theyAlso: string;
  /** What ours does here that the peer does not; empty when nothing. */
  weAlso: string;
}
