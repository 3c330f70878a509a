import { isWhole } from "./isWhole.js";
import { nodeHash } from "./logHashes.js";
import { sameBytes } from "./sameBytes.js";

/** A claim that a log was only appended to between two checkpoints, with its proof. */
export interface ConsistencyClaim {
  /** Number of entries at the earlier checkpoint. */
  firstSize: number | bigint;
  /** The earlier checkpoint's root. */
  firstRoot: Uint8Array;
  /** Number of entries at the later checkpoint. */
  secondSize: number | bigint;
  /** The later checkpoint's root. */
  secondRoot: Uint8Array;
  /** The proof's nodes, 32 bytes each. */
  path: readonly Uint8Array[];
}

/**
 * Whether a log of one size and root was only appended to until it had another size and root (RFC 9162, section
 * 2.1.4.2, which is for `0 < firstSize < secondSize`). Beyond it: equal sizes are consistent when the roots are equal and
 * the path is empty; of the empty log nothing can be proved, so it is refused. Never throws for what others sent.
 *
 * @example
 * ```ts
 * const ok = verifyConsistency({ firstSize: 6, firstRoot, secondSize: 10, secondRoot, path });
 * ```
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { firstRoot, secondRoot, path } = claim;
  if (!isWhole(claim.firstSize) || !isWhole(claim.secondSize)) return false;
  const firstSize = BigInt(claim.firstSize);
  const secondSize = BigInt(claim.secondSize);
  if (firstSize <= 0n || firstSize > secondSize) return false;
  if (firstSize === secondSize) return path.length === 0 && sameBytes(firstRoot, secondRoot);
  if (path.some((node) => node.length !== 32)) return false;

  let node = firstSize - 1n;
  let last = secondSize - 1n;
  while (node % 2n === 1n) [node, last] = [node / 2n, last / 2n];

  // The old tree is a perfect subtree of the new one: the path starts at its root and leaves it out.
  const isPerfect = (firstSize & (firstSize - 1n)) === 0n;
  const [start, ...rest] = isPerfect ? [firstRoot, ...path] : path;
  if (start === undefined || path.length === 0) return false;

  let first = start;
  let second = start;
  for (const sibling of rest) {
    if (last === 0n) return false;
    if (node % 2n === 1n || node === last) {
      first = nodeHash(sibling, first);
      second = nodeHash(sibling, second);
      while (node % 2n === 0n && node !== 0n) [node, last] = [node / 2n, last / 2n];
    } else {
      second = nodeHash(second, sibling);
    }
    [node, last] = [node / 2n, last / 2n];
  }
  return last === 0n && sameBytes(first, firstRoot) && sameBytes(second, secondRoot);
}
