import { Transaction } from "ethers";

import { contractErrorOf, decodeContractError } from "../../chain/decodeContractError.js";
import { RpcRefusal } from "../rpc/RpcRefusal.js";
import type { Nodes } from "../rpc/openNodes.js";

/** The code that geth gives a call that reverts. */
const REVERTED = 3;

/**
 * Why a contract refused a write in its block: a receipt does not say, the same call on the state before the block does, unless
 * the block itself changed the answer.
 *
 * @returns A sentence.
 * @example
 * ```ts
 * await explainRevert(nodes, key, raw, 120); // "the exhibit 7 is sealed"
 * ```
 */
export async function explainRevert(nodes: Nodes, key: string, raw: string, blockNumber: number): Promise<string> {
  const { to, data, value, gasLimit } = Transaction.from(raw);
  const hex = (number: bigint | number): string => `0x${number.toString(16)}`;
  const call = { from: key, to, data, value: hex(value), gas: hex(gasLimit) };
  try {
    await nodes.ask((node) => node.call("eth_call", [call, hex(Math.max(0, blockNumber - 1))]));
    return "the contract refused in the block, and would not have done so just before it";
  } catch (error) {
    const reason = reasonOf(error);
    // A node may be away, or keep no state so old: that is no word of the contract's.
    return isRevert(error) ? reason : `the contract refused in the block; why, no node tells (${reason})`;
  }
}

/** EIP-1474's code, or what clients say without it. */
function isRevert(error: unknown): boolean {
  if (!(error instanceof RpcRefusal)) return false;
  const isGas = /out of gas|invalid opcode|stack/i.test(error.message);
  return error.code === REVERTED || isGas || /revert/i.test(error.message) || /0x[0-9a-f]{8,}/.test(String(error.data));
}

/** What a node said of a call that fails, as a sentence. */
export function reasonOf(error: unknown): string {
  // Some clients give the data of a revert behind a word.
  const data = error instanceof RpcRefusal ? /0x[0-9a-f]{8,}/.exec(String(error.data))?.[0] : undefined;
  const known = decodeContractError(error);
  if (known === error && data !== undefined) return contractErrorOf(data).message;
  return known instanceof Error ? known.message : String(known);
}
