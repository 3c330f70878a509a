import type { RpcNode } from "../rpc/openNodes.js";
import type { OutboxEntry } from "./OutboxEntry.js";

/** Where a node has a transaction: in a block of its chain. */
export interface Inclusion {
  readonly hash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly succeeded: boolean;
}

interface Receipt {
  readonly transactionHash?: unknown;
  readonly blockHash?: unknown;
  readonly blockNumber?: unknown;
  readonly status?: unknown;
}

interface Block {
  readonly hash: string;
  readonly transactions: ReadonlySet<string>;
}

/** Nodes and proxies limit what one request may ask. */
const AT_ONCE = 50;

/**
 * Where a node has each of several writes. A receipt counts only if the block at its height is the one that it names, holds the
 * transaction, and is not above the node's head: nodes serve receipts of dropped blocks, and after a crash of blocks to come.
 *
 * @param head The node's newest block.
 * @returns For each entry, in their order, where it is, or undefined.
 * @throws NetworkError RPC_UNREACHABLE; RpcRefusal.
 * @example
 * ```ts
 * const [inclusion] = await inspectEntries(node, head, [entry]);
 * ```
 */
export async function inspectEntries(
  node: RpcNode,
  head: number,
  entries: readonly OutboxEntry[],
): Promise<(Inclusion | undefined)[]> {
  const hashes = entries.flatMap(hashesAtNonce);
  const receipts = await askAll<Receipt | null>(
    node,
    hashes.map((hash) => ({ method: "eth_getTransactionReceipt", params: [hash] })),
  );
  const found = new Map<string, Inclusion>();
  for (const [i, hash] of hashes.entries()) {
    const inclusion = read(hash, receipts[i] ?? null);
    if (inclusion !== undefined && inclusion.blockNumber <= head) found.set(hash, inclusion);
  }
  const heights = [...new Set([...found.values()].map(({ blockNumber }) => blockNumber))];
  const blocks = await askAll<Record<string, unknown> | null>(
    node,
    heights.map((height) => ({ method: "eth_getBlockByNumber", params: [`0x${height.toString(16)}`, false] })),
  );
  const byHeight = new Map(heights.map((height, i) => [height, readBlock(blocks[i] ?? null)]));
  return entries.map((entry) =>
    hashesAtNonce(entry)
      .map((hash) => found.get(hash))
      .find((inclusion) => inclusion !== undefined && isIn(byHeight.get(inclusion.blockNumber), inclusion)),
  );
}

/** Bytes that were replaced at the same nonce were perhaps sent, and may be the ones that are taken. */
function hashesAtNonce({ hash, nonce, history }: OutboxEntry): string[] {
  return [hash, ...history.filter((former) => former.nonce === nonce).map((former) => former.hash)];
}

async function askAll<T>(node: RpcNode, calls: { method: string; params: unknown[] }[]): Promise<T[]> {
  const results: T[] = [];
  for (let start = 0; start < calls.length; start += AT_ONCE) {
    for (const answer of await node.callAll(calls.slice(start, start + AT_ONCE))) {
      if ("refusal" in answer) throw answer.refusal;
      results.push(answer.result as T);
    }
  }
  return results;
}

function read(hash: string, receipt: Receipt | null): Inclusion | undefined {
  if (receipt === null || receipt.transactionHash !== hash) return undefined;
  const { blockHash, blockNumber, status } = receipt;
  const number = Number(blockNumber ?? NaN);
  if (typeof blockHash !== "string" || !Number.isSafeInteger(number)) return undefined;
  return { hash, blockNumber: number, blockHash, succeeded: Number(status) === 1 };
}

function readBlock(block: Record<string, unknown> | null): Block | undefined {
  if (block === null || typeof block["hash"] !== "string" || !Array.isArray(block["transactions"])) return undefined;
  return { hash: block["hash"], transactions: new Set(block["transactions"] as string[]) };
}

function isIn(block: Block | undefined, { hash, blockHash }: Inclusion): boolean {
  return block !== undefined && block.hash === blockHash && block.transactions.has(hash);
}
