import { NetworkError } from "../NetworkError.js";
import type { RpcAnswer, RpcCall } from "./callNode.js";
import { hostOf } from "./hostOf.js";
import { checkNode, firstOf, isChecked, isDue, isLate, REST_MS, type WatchedNode, watchNode } from "./watchedNode.js";

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
  /** Milliseconds before a node that failed is tried again; 1,000, if left out. Twice as long each time, up to 30,000. */
  readonly restMs?: number;
}

/**
 * How long nodes that answered wait for one that was not yet looked at, or half the timeout, if that is shorter: what several must
 * agree on shall not hang on who is fastest.
 */
const GRACE_MS = 3_000;
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
  const all = urls.map((url) => watchNode(url, timeoutMs, restMs));
  let first = 0;
  const graceMs = Math.min(GRACE_MS, timeoutMs / 2);

  const inTurn = (): WatchedNode[] => [...all.slice(first), ...all.slice(0, first)];
  const isStale = (one: WatchedNode): boolean =>
    one.head !== null &&
    all.some((other) => (other.head ?? 0) > one.head! && !other.isWrong && other.movedAt - one.movedAt > staleMs);
  const failure = (): NetworkError => {
    const said = all.map(({ url, problem }) => problem ?? `${hostOf(url)} did not answer`).join("; ");
    return new NetworkError(all.every(({ isWrong }) => isWrong) ? "RPC_WRONG_CHAIN" : "RPC_UNREACHABLE", said);
  };
  const usable = async (): Promise<RpcNode[]> => {
    const isOneThere = all.some(isChecked);
    const due = all.filter((one) => isDue(one, isOneThere));
    // One that failed is not waited for while another is there: a silent one would cost each request its timeout.
    const fresh = due.filter((one) => one.failures === 0 && !isLate(one, graceMs));
    const checks = new Map(due.map((one) => [one, checkNode(one, options)]));
    await firstOf(
      fresh.map((one) => checks.get(one)!),
      isOneThere,
      graceMs,
    );
    if (!all.some(isChecked)) await firstOf([...checks.values()], false, graceMs);
    const good = inTurn().filter(isChecked);
    return [...good.filter((one) => !isStale(one)), ...good.filter(isStale)].map(({ node }) => node);
  };

  return {
    usable,
    ask: async (work) => {
      const tried = new Set<RpcNode>();
      for (;;) {
        // Where the last good one failed, those that rest are looked at again.
        const node = (await usable()).find((one) => !tried.has(one));
        if (node === undefined) throw failure();
        tried.add(node);
        try {
          return await work(node);
        } catch (error) {
          if (!isUnreachable(error)) throw error;
        }
      }
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

function isUnreachable(error: unknown): boolean {
  return error instanceof NetworkError && error.code === "RPC_UNREACHABLE";
}
