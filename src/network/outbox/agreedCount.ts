import { NetworkError } from "../NetworkError.js";
import type { RpcNode } from "../rpc/openNodes.js";

/**
 * How many transactions a key has sent, as far as enough nodes agree: the highest count that so many of those that answered reach.
 * One node that tells more than there are cannot raise it where there are others.
 *
 * @param key The key's address, for the error.
 * @param counts What the nodes told, as `askCounts` gives it; one that is behind tells less.
 * @param agreeing How many must reach it, where so many answered.
 * @throws NetworkError RPC_UNREACHABLE, when no node told.
 * @example
 * ```ts
 * agreedCount(key, [8, 1_000_000, 7], 2); // 8
 * ```
 */
export function agreedCount(key: string, counts: readonly number[], agreeing: number): number {
  const descending = [...counts].sort((a, b) => b - a);
  const agreed = descending[Math.min(agreeing, descending.length) - 1];
  if (agreed !== undefined) return agreed;
  throw new NetworkError("RPC_UNREACHABLE", `no node tells how many transactions ${key} has sent`);
}

/**
 * Asks nodes how many transactions a key has sent.
 *
 * @returns The counts of those that told one, in no order.
 * @example
 * ```ts
 * const count = agreedCount(key, await askCounts(await nodes.look(), key), 2);
 * ```
 */
export async function askCounts(heads: readonly { readonly node: RpcNode }[], key: string): Promise<number[]> {
  const answers = await Promise.allSettled(
    heads.map(({ node }) => node.call("eth_getTransactionCount", [key, "latest"])),
  );
  const counts = answers.map((one) => (one.status === "fulfilled" ? readCount(one.value) : NaN));
  return counts.filter((count) => !Number.isNaN(count));
}

function readCount(answer: unknown): number {
  const count = typeof answer === "string" && /^0x[0-9a-f]+$/i.test(answer) ? Number(answer) : NaN;
  return Number.isSafeInteger(count) ? count : NaN;
}
