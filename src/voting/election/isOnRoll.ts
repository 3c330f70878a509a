import { concat, isHexString, keccak256, toBeHex } from "ethers";

import { rollLeaf, type RollEntry } from "./roll.js";

/**
 * Whether an entry is on a roll, as the contract judges it.
 *
 * @param root The roll's root.
 * @param proof The siblings from the entry up.
 * @example
 * ```ts
 * if (!isOnRoll(read.roll.root, entry, proof)) console.error("not on the roll");
 * ```
 */
export function isOnRoll(root: string, entry: RollEntry, proof: readonly string[]): boolean {
  if (entry.weight < 1n || entry.weight >= 2n ** 64n || BigInt(root) === 0n) return false;
  if (!proof.every((node) => isHexString(node, 32))) return false;
  const computed = proof.reduce((node, sibling) => {
    const isFirst = BigInt(node) <= BigInt(sibling);
    return keccak256(isFirst ? concat([node, sibling]) : concat([sibling, node]));
  }, rollLeaf(entry));
  return computed === toBeHex(root, 32);
}
