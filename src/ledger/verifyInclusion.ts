import { inclusionRoot } from "./inclusionRoot.js";
import { sameBytes } from "./sameBytes.js";

/** A claim that an entry stands at an index of a log, with its proof. */
export interface InclusionClaim {
  /** `leafHash(entry)`: hash the entry yourself, never take this from whoever brings the proof. */
  leaf: Uint8Array;
  /** The entry's index, counted from 0. */
  index: number | bigint;
  /** Number of entries of the log at the checkpoint. */
  size: number | bigint;
  /** Siblings from the leaf to the root, 32 bytes each. */
  path: readonly Uint8Array[];
  /** The checkpoint's root. */
  root: Uint8Array;
}

/**
 * Whether an entry stands at an index of a log of a given size and root (RFC 9162, section 2.1.3.2). A path that is too
 * long or too short is refused, and so is an index past the end. Never throws for what others sent.
 *
 * @example
 * ```ts
 * const ok = verifyInclusion({ leaf: leafHash(entry), index: 3, size: 10, path, root });
 * ```
 */
export function verifyInclusion({ root, ...claim }: InclusionClaim): boolean {
  const proven = inclusionRoot(claim);
  return proven !== undefined && sameBytes(proven, root);
}
