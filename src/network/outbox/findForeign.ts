import { Transaction, type TransactionLike } from "ethers";

import type { RpcNode } from "../rpc/openNodes.js";

/** A transaction of a key that the store does not have. */
export interface ForeignTransaction {
  readonly hash: string;
  /** The signed transaction, in hex. */
  readonly raw: string;
  readonly blockNumber: number;
}

/**
 * The transaction that used a nonce of a key, proved by the key's own signature, which no node can make up. It is looked for
 * backwards, block by block where the count of the key's transactions says so, in a block that is final.
 *
 * @param of.upTo The newest block that is final.
 * @param of.chainId What the key signed on another chain is public too, and proves nothing here.
 * @returns It, or undefined where the node cannot tell: it keeps no old states, or the nonce is still free there.
 * @throws NetworkError RPC_UNREACHABLE; RpcRefusal.
 * @example
 * ```ts
 * const foreign = await findForeign(node, { key, nonce: 7, upTo: head - 6, chainId });
 * ```
 */
export async function findForeign(
  node: RpcNode,
  { key, nonce, upTo, chainId }: { key: string; nonce: number; upTo: number; chainId: bigint },
): Promise<ForeignTransaction | undefined> {
  const countAt = async (block: number): Promise<number> =>
    Number(await node.call("eth_getTransactionCount", [key, `0x${block.toString(16)}`]));
  if (upTo < 1 || (await countAt(upTo)) <= nonce) return undefined;

  // The nonce is used at `after`, and not yet at `before`.
  let after = upTo;
  let before = upTo;
  for (let step = 1; before > 0 && (await countAt(before)) > nonce; step *= 2) {
    after = before;
    before = Math.max(0, before - step);
  }
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if ((await countAt(middle)) > nonce) after = middle;
    else before = middle;
  }

  const block = (await node.call("eth_getBlockByNumber", [`0x${after.toString(16)}`, true])) as {
    transactions?: Record<string, unknown>[];
  } | null;
  const found = block?.transactions?.find(
    ({ from, nonce: used }) => String(from).toLowerCase() === key.toLowerCase() && Number(used) === nonce,
  );
  const proven = found === undefined ? undefined : prove(found, key, chainId);
  return proven === undefined ? undefined : { ...proven, blockNumber: after };
}

/** The transaction as its own contents give it, if the key signed them. */
function prove(
  found: Record<string, unknown>,
  key: string,
  chainId: bigint,
): { readonly hash: string; readonly raw: string } | undefined {
  const type = Number(found["type"] ?? 0);
  const { r, s, v, yParity } = found;
  const fees =
    type === 2
      ? { maxFeePerGas: found["maxFeePerGas"], maxPriorityFeePerGas: found["maxPriorityFeePerGas"] }
      : { gasPrice: found["gasPrice"] };
  try {
    const transaction = Transaction.from({
      ...{ type, nonce: Number(found["nonce"]), gasLimit: found["gas"], to: found["to"], value: found["value"] },
      ...{ data: found["input"], chainId: found["chainId"] ?? chainIdOf(v), ...fees },
      ...(type === 0 ? {} : { accessList: found["accessList"] ?? [] }),
      signature: { r: padded(r), s: padded(s), v: type === 0 ? v : (yParity ?? v) },
    } as unknown as TransactionLike);
    const isKeys = transaction.from?.toLowerCase() === key.toLowerCase() && transaction.chainId === chainId;
    const { hash, serialized: raw } = transaction;
    return isKeys && hash !== null && hash === found["hash"] ? { hash, raw } : undefined;
  } catch {
    return undefined; // whatever it is, it proves nothing
  }
}

function padded(value: unknown): string {
  return `0x${BigInt(value as string)
    .toString(16)
    .padStart(64, "0")}`;
}

/** EIP-155. */
function chainIdOf(v: unknown): bigint {
  const number = BigInt(v as string);
  return number >= 35n ? (number - 35n) / 2n : 0n;
}
