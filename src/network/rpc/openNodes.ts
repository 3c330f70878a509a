import { NetworkError } from "../NetworkError.js";
import { hostOf } from "./hostOf.js";
import { callNode, type RpcAnswer, type RpcCall } from "./callNode.js";
import { requireChain } from "./requireChain.js";

/** A node that is of the chain: this was checked. */
export interface RpcNode {
  readonly url: string;
  /** @throws RpcRefusal; NetworkError RPC_UNREACHABLE. */
  readonly call: (method: string, params: readonly unknown[]) => Promise<unknown>;
  /** Several calls, in one request where the node takes that. @throws NetworkError RPC_UNREACHABLE. */
  readonly callAll: (calls: readonly RpcCall[]) => Promise<RpcAnswer[]>;
}

/** What is known of a node. */
export interface NodeStanding {
  /** Where it is, without what of its address may be secret. */
  readonly host: string;
  /** The newest block that it showed, or null before it showed any. */
  readonly head: number | null;
  /** Its head stood still while another's went on. */
  readonly isStale: boolean;
  /** Why it is not used, or null. */
  readonly problem: string | null;
}

/** Several nodes of one chain. */
export interface Nodes {
  /** The nodes that answer and are of the chain, the one that served last first; stale ones at the end. */
  readonly usable: () => Promise<RpcNode[]>;
  /** Asks the nodes in turn until one answers. @throws what the node refused; NetworkError RPC_UNREACHABLE, RPC_WRONG_CHAIN. */
  readonly ask: <T>(work: (node: RpcNode) => Promise<T>) => Promise<T>;
  /** Asks every node for its newest block. @returns The nodes with their heads, the stale ones at the end. */
  readonly look: () => Promise<{ readonly node: RpcNode; readonly head: number }[]>;
  /** The next request goes to the next node first. */
  readonly turn: () => void;
  readonly standings: () => NodeStanding[];
}

/** Which chain the nodes must be of, and how long to wait for them. */
export interface NodesOptions {
  readonly urls: readonly string[];
  readonly chainId: bigint;
  /** Of block 0; a chain that was made anew has the old id and another genesis. */
  readonly genesisHash?: string;
  /** Milliseconds for a request; 10,000, if left out. */
  readonly timeoutMs?: number;
  /** Milliseconds that a head may stand still while others go on; 30,000, if left out. */
  readonly staleMs?: number;
  /** Milliseconds before a node that failed is tried again; 1,000, if left out. */
  readonly restMs?: number;
}

interface Watched {
  readonly url: string;
  readonly node: RpcNode;
  checkedAt: number;
  problem: string | null;
  isWrong: boolean;
  restsUntil: number;
  inOne: boolean;
  head: number | null;
  movedAt: number;
}

/** A proxy may send its requests elsewhere later. */
const CHECK_AGAIN_MS = 60_000;
const REST_MS = 1_000;
/** A failure that comes sooner is worth a second try at once; after a timeout the next node is. */
const QUICK_MS = 500;

/**
 * Several nodes of one chain as one that is there while any of them is. A node is asked for its chain id (and genesis) before
 * it is used, and again after it failed; one of another chain is never used. Nothing is asked before the first use.
 *
 * @throws NetworkError RPC_UNREACHABLE, without a URL.
 * @example
 * ```ts
 * const nodes = openNodes({ urls: ["http://127.0.0.1:8545", "http://127.0.0.1:8546"], chainId: 2026n });
 * const count = await nodes.ask((node) => node.call("eth_getTransactionCount", [address, "latest"]));
 * ```
 */
export function openNodes(options: NodesOptions): Nodes {
  const { urls, timeoutMs = 10_000, staleMs = 30_000, restMs = REST_MS } = options;
  if (urls.length === 0) throw new NetworkError("RPC_UNREACHABLE", "no node is named");
  const all = urls.map((url) => watch(url, timeoutMs, restMs));
  let first = 0;

  const inTurn = (): Watched[] => [...all.slice(first), ...all.slice(0, first)];
  const isStale = (one: Watched): boolean =>
    one.head !== null &&
    all.some((other) => (other.head ?? 0) > one.head! && !other.isWrong && other.movedAt - one.movedAt > staleMs);
  const failure = (): NetworkError => {
    const said = all.map(({ url, problem }) => problem ?? `${hostOf(url)} did not answer`).join("; ");
    return new NetworkError(all.every(({ isWrong }) => isWrong) ? "RPC_WRONG_CHAIN" : "RPC_UNREACHABLE", said);
  };
  const usable = async (): Promise<RpcNode[]> => {
    const checked = await Promise.all(inTurn().map(async (one) => ((await isUsable(one, options)) ? one : undefined)));
    const good = checked.filter((one) => one !== undefined);
    return [...good.filter((one) => !isStale(one)), ...good.filter(isStale)].map(({ node }) => node);
  };

  return {
    usable,
    ask: async (work) => {
      for (const node of await usable()) {
        try {
          return await work(node);
        } catch (error) {
          if (!isUnreachable(error)) throw error;
        }
      }
      throw failure();
    },
    look: async () => {
      const seen = await Promise.all(
        (await usable()).map(async (node) => {
          const one = all.find((other) => other.node === node)!;
          const head = await node.call("eth_blockNumber", []).then(Number, () => NaN);
          if (!Number.isSafeInteger(head)) return undefined;
          if (head !== one.head) Object.assign(one, { head, movedAt: performance.now() });
          return { node, head, one };
        }),
      );
      const answered = seen.filter((one) => one !== undefined);
      if (answered.length === 0) throw failure();
      // One that runs ahead of all others makes them look stale: they still count.
      const [fresh, stale] = [answered.filter(({ one }) => !isStale(one)), answered.filter(({ one }) => isStale(one))];
      return [...fresh, ...stale].map(({ node, head }) => ({ node, head }));
    },
    turn: () => {
      first = (first + 1) % all.length;
    },
    standings: () =>
      all.map((one) => ({ host: hostOf(one.url), head: one.head, isStale: isStale(one), problem: one.problem })),
  };
}

function watch(url: string, timeoutMs: number, restMs: number): Watched {
  const callAll = async (calls: readonly RpcCall[], isSecond = false): Promise<RpcAnswer[]> => {
    const startedAt = performance.now();
    try {
      return await callNode(url, calls, { timeoutMs, inOne: one.inOne });
    } catch (error) {
      // Proxies and small nodes may not know batches.
      const isBatch = calls.length > 1 && one.inOne && (error as Error).message.includes("several calls");
      if (isBatch) one.inOne = false;
      // A connection that broke may have been an old one. All that is asked may be asked twice.
      if (isBatch || (!isSecond && performance.now() - startedAt < QUICK_MS)) return callAll(calls, !isBatch);
      Object.assign(one, { problem: (error as Error).message, checkedAt: 0, restsUntil: performance.now() + restMs });
      throw error;
    }
  };
  const node: RpcNode = {
    url,
    callAll: (calls) => callAll(calls),
    call: async (method, params) => {
      const [answer] = await callAll([{ method, params }]);
      if ("refusal" in answer!) throw answer.refusal;
      return answer!.result;
    },
  };
  const one: Watched = {
    ...{ url, node, checkedAt: 0, problem: null, isWrong: false, restsUntil: 0, inOne: true, head: null },
    movedAt: performance.now(),
  };
  return one;
}

async function isUsable(one: Watched, options: NodesOptions): Promise<boolean> {
  const now = performance.now();
  if (one.checkedAt > 0 && now - one.checkedAt < CHECK_AGAIN_MS) return true;
  if (now < one.restsUntil) return false;
  try {
    await requireChain(options, { send: one.node.call }, hostOf(one.url));
  } catch (error) {
    if (error instanceof NetworkError && error.code === "RPC_WRONG_CHAIN") {
      Object.assign(one, { problem: error.message, isWrong: true, checkedAt: 0, restsUntil: now + CHECK_AGAIN_MS });
      return false;
    }
    one.problem ??= (error as Error).message;
    one.restsUntil = performance.now() + (options.restMs ?? REST_MS);
    return false;
  }
  Object.assign(one, { checkedAt: now, problem: null, isWrong: false });
  return true;
}

function isUnreachable(error: unknown): boolean {
  return error instanceof NetworkError && error.code === "RPC_UNREACHABLE";
}
