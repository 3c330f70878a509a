import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/**
 * Whether the chain has the id that was pinned.
 *
 * @param expected The pinned id; any is right, if left out.
 * @example
 * ```ts
 * const finding = checkChainId(answers, 648541n);
 * ```
 */
export function checkChainId({ chainId, genesisHash }: NodeAnswers, expected?: bigint): Finding {
  const about = { id: "chain-id", title: "Chain" };
  const found = `${chainId}, genesis ${genesisHash}`;
  if (expected !== undefined && chainId !== expected) {
    const remedy = `this node is on another chain than ${expected}: check the address of the node, and the network's name`;
    return { ...about, level: "fail", found, remedy };
  }
  if (expected === undefined) {
    const remedy =
      "no chain id is pinned: compare both with what the network's operators publish, or give --expect-chain-id";
    return { ...about, level: "warn", found, remedy };
  }
  return { ...about, level: "ok", found };
}
