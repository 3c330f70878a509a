import { NetworkError } from "../NetworkError.js";

/**
 * How many transactions a key has sent, as far as enough nodes agree: the highest count that so many of those that answered reach.
 * One node that tells more than there are cannot raise it where there are others.
 *
 * @param key The key's address, for the error.
 * @param counts What the nodes told; one that is behind tells less.
 * @param agreeing How many must reach it, where so many answered.
 * @throws NetworkError RPC_UNREACHABLE, when no node told, or one told what is no count.
 * @example
 * ```ts
 * agreedCount(key, [8, 1_000_000, 7], 2); // 8
 * ```
 */
export function agreedCount(key: string, counts: readonly number[], agreeing: number): number {
  const descending = counts.filter((count) => Number.isSafeInteger(count) && count >= 0).sort((a, b) => b - a);
  const agreed = descending[Math.min(agreeing, descending.length) - 1];
  if (agreed !== undefined) return agreed;
  throw new NetworkError("RPC_UNREACHABLE", `no node tells how many transactions ${key} has sent`);
}
