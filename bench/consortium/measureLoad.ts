import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

import { toQuantity } from "ethers";

import type { CliqueNetwork } from "../../scripts/network/cliqueNetwork.js";

import { askAtOnce } from "./askAtOnce.js";
import type { Load } from "./signLoad.js";

/** How a network wrote a load. */
export interface LoadFigures {
  readonly kind: string;
  readonly item: string;
  readonly transactions: number;
  /** Blocks that had more to hold than went in: all but the last. */
  readonly fullBlocks: number;
  /** Shares of the block's gas that the full blocks used: the least, and the mean. */
  readonly leastFull: number;
  readonly meanFull: number;
  readonly gasEach: number;
  readonly transactionsPerBlock: number;
  readonly transactionsPerSecond: number;
  readonly itemsPerBlock: number;
  readonly itemsPerSecond: number;
  /** Seconds from one full block to the next, in the mean. */
  readonly secondsPerBlock: number;
  /** Million gas a second that nodes executed when they took these blocks in: the slowest of all, and the median. */
  readonly slowestMegagas: number;
  readonly medianMegagas: number;
}

interface Block {
  number: string;
  timestamp: string;
  gasUsed: string;
  gasLimit: string;
  transactions: string[];
}

const FILL_SECONDS = 120;
const DRAIN_SECONDS = 300;
const ON_TOP = 2;

/**
 * Gives all nodes a load while none of them seals, lets them seal, and waits until it is written.
 *
 * @throws Error when a transaction was refused by its contract or lost, or a pool does not take the load.
 */
export async function measureLoad(network: CliqueNetwork, { kind, raws }: Load): Promise<LoadFigures> {
  const { nodes, rpcUrls } = network;
  await Promise.all(nodes.map((node) => node.ask("miner_stop")));
  await Promise.all(
    rpcUrls.map((url) =>
      askAtOnce(
        url,
        "eth_sendRawTransaction",
        raws.map((raw) => [raw]),
      ),
    ),
  );
  await until(FILL_SECONDS, "the pools have the load", async () => {
    const states = await Promise.all(nodes.map((node) => node.ask("txpool_status")));
    return states.every((state) => Number((state as { pending: string }).pending) === raws.length);
  });
  const first =
    1 + Math.max(...(await Promise.all(nodes.map(async (node) => Number(await node.ask("eth_blockNumber"))))));
  await Promise.all(nodes.map((node) => node.seal()));

  let blocks: Block[] = [];
  await until(DRAIN_SECONDS, "the load is written", async () => {
    blocks = await blocksFrom(rpcUrls[0]!, first);
    // Clique may put another block in the place of the newest.
    return sum(blocks.slice(0, -ON_TOP).map(({ transactions }) => transactions.length)) >= raws.length;
  });
  blocks = blocks.slice(blocks.findIndex(isFilled), 1 + blocks.findLastIndex(isFilled));
  await requireAllDone(rpcUrls[0]!, blocks, raws.length);
  return {
    kind: kind.name,
    item: kind.item,
    ...figuresOf(blocks.slice(0, -1), kind.items),
    transactions: raws.length,
    ...speeds(network, blocks),
  };
}

async function blocksFrom(url: string, first: number): Promise<Block[]> {
  const [head] = (await askAtOnce<string>(url, "eth_blockNumber", [[]])) as [string];
  const numbers = Array.from({ length: Math.max(0, Number(head) + 1 - first) }, (_, i) => toQuantity(first + i));
  const found = await askAtOnce<Block | null>(
    url,
    "eth_getBlockByNumber",
    numbers.map((number) => [number, false]),
  );
  return found.filter((block) => block !== null);
}

const isFilled = ({ transactions }: Block): boolean => transactions.length > 0;

function figuresOf(full: readonly Block[], items: number) {
  const shares = full.map(({ gasUsed, gasLimit }) => Number(gasUsed) / Number(gasLimit));
  const counts = full.map(({ transactions }) => transactions.length);
  const [gas, sent] = [sum(full.map(({ gasUsed }) => Number(gasUsed))), sum(counts)];
  const seconds = Number(full.at(-1)?.timestamp) - Number(full[0]?.timestamp);
  // The first block's transactions were there before its time began.
  const perSecond = (sent - (counts[0] ?? 0)) / seconds;
  return {
    fullBlocks: full.length,
    leastFull: Math.min(...shares),
    meanFull: sum(shares) / full.length,
    gasEach: gas / sent / items,
    transactionsPerBlock: sent / full.length,
    transactionsPerSecond: perSecond,
    itemsPerBlock: (sent / full.length) * items,
    itemsPerSecond: perSecond * items,
    secondsPerBlock: seconds / (full.length - 1),
  };
}

/** Every transaction is in a block, and none was refused. */
async function requireAllDone(url: string, blocks: readonly Block[], count: number): Promise<void> {
  const receipts = await askAtOnce<{ status: string }[]>(
    url,
    "eth_getBlockReceipts",
    blocks.map(({ number }) => [number]),
  );
  const statuses = receipts.flat().map(({ status }) => status);
  const refused = statuses.filter((status) => status !== "0x1").length;
  if (statuses.length !== count || refused > 0) {
    throw new Error(`of ${count} transactions ${statuses.length} were written, and ${refused} of these refused`);
  }
}

/** From what geth prints when it has executed another's block. */
function speeds({ nodes }: CliqueNetwork, blocks: readonly Block[]) {
  const numbers = new Set(
    blocks.filter(({ transactions }) => transactions.length > 0).map(({ number }) => Number(number)),
  );
  const found = nodes.flatMap(({ log }) =>
    [...readFileSync(log, "utf8").matchAll(/Imported new chain segment.*? number=(\S+).*?mgasps=(\S+)/g)]
      .filter(([, number]) => numbers.has(Number(number!.replaceAll(",", ""))))
      .map(([, , speed]) => Number(speed))
      // Another sealer may have made an empty block of the same number, which came to nothing.
      .filter((speed) => speed > 0),
  );
  found.sort((a, b) => a - b);
  return { slowestMegagas: found[0] ?? NaN, medianMegagas: found[Math.floor(found.length / 2)] ?? NaN };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

async function until(seconds: number, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await isSo())) {
    await setTimeout(250);
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain until ${what}`);
  }
}
