import { isWhole } from "./isWhole.js";
import { nodeHash } from "./logHashes.js";
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
export function verifyInclusion({ leaf, index, size, path, root }: InclusionClaim): boolean {
  if (!isWhole(index) || !isWhole(size)) return false;
  let node = BigInt(index);
  let last = BigInt(size) - 1n;
  if (node < 0n || node > last || path.some((sibling) => sibling.length !== 32)) return false;

  let hash = leaf;
  for (const sibling of path) {
    if (last === 0n) return false;
    if (node % 2n === 1n || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node / 2n, last / 2n];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [node / 2n, last / 2n];
  }
  return last === 0n && sameBytes(hash, root);
}
