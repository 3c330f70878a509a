import { isWhole } from "./isWhole.js";
import { nodeHash } from "./logHashes.js";
import type { InclusionClaim } from "./verifyInclusion.js";

/**
 * The root that a proof of inclusion leads to (RFC 9162, section 2.1.3.2), for whoever has the root signed and not at hand. A path that
 * is too long or too short leads nowhere, and so does an index past the end. Never throws for what others sent.
 *
 * @returns 32 bytes, or nothing.
 * @example
 * ```ts
 * const root = inclusionRoot({ leaf: leafHash(entry), index: 3, size: 10, path });
 * ```
 */
export function inclusionRoot({ leaf, index, size, path }: Omit<InclusionClaim, "root">): Uint8Array | undefined {
  if (!isWhole(index) || !isWhole(size)) return undefined;
  let node = BigInt(index);
  let last = BigInt(size) - 1n;
  if (node < 0n || node > last || path.some((sibling) => sibling.length !== 32)) return undefined;

  let hash = leaf;
  for (const sibling of path) {
    if (last === 0n) return undefined;
    if (node % 2n === 1n || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node / 2n, last / 2n];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [node / 2n, last / 2n];
  }
  return last === 0n ? hash : undefined;
}
