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
  /** Milliseconds before a node that failed is tried again; 1,000, if left out. Twice as long each time, up to 30,000. */
  readonly restMs?: number;
}

interface Watched {
  readonly url: string;
  readonly node: RpcNode;
  /** A call that is no work: that it succeeds does not yet make a node that failed a good one. */
  readonly probe: RpcNode["call"];
  checkedAt: number;
  /** The check that is under way. */
  checking: Promise<boolean> | undefined;
  checkingSince: number;
  problem: string | null;
  isWrong: boolean;
  /** How often it failed since it last did work. */
  failures: number;
  /** Until then it is not asked at all. */
  restsUntil: number;
  /** Until then it is not asked while another is there. */
  awayUntil: number;
  inOne: boolean;
  head: number | null;
  movedAt: number;
}

/** A proxy may send its requests elsewhere later. */
const CHECK_AGAIN_MS = 60_000;
const REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;
/**
 * How long nodes that answered wait for one that was not yet looked at, or half the timeout, if that is shorter: what several must
 * agree on shall not hang on who is fastest.
 */
const GRACE_MS = 3_000;
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
  const graceMs = Math.min(GRACE_MS, timeoutMs / 2);

  const inTurn = (): Watched[] => [...all.slice(first), ...all.slice(0, first)];
  const isStale = (one: Watched): boolean =>
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
    const checks = new Map(due.map((one) => [one, check(one, options)]));
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
      Object.assign(one, { problem: (error as Error).message, checkedAt: 0 });
      rest(one, restMs);
      throw error;
    }
  };
  const work = async (calls: readonly RpcCall[]): Promise<RpcAnswer[]> => {
    const answers = await callAll(calls);
    one.failures = 0;
    return answers;
  };
  const one: Watched = {
    ...{ url, node: { url, callAll: work, call: singly(work) }, probe: singly(callAll) },
    ...{ checkedAt: 0, checking: undefined, checkingSince: 0, problem: null, isWrong: false, failures: 0 },
    ...{ restsUntil: 0, awayUntil: 0, inOne: true, head: null, movedAt: performance.now() },
  };
  return one;
}

function singly(callAll: (calls: readonly RpcCall[]) => Promise<RpcAnswer[]>): RpcNode["call"] {
  return async (method, params) => {
    const [answer] = await callAll([{ method, params }]);
    if ("refusal" in answer!) throw answer.refusal;
    return answer!.result;
  };
}

function rest(one: Watched, restMs: number): void {
  const now = performance.now();
  one.restsUntil = now + restMs;
  one.awayUntil = now + Math.min(restMs * 2 ** one.failures, LONGEST_REST_MS);
  one.failures++;
}

function isChecked({ checkedAt }: Watched): boolean {
  return checkedAt > 0 && performance.now() - checkedAt < CHECK_AGAIN_MS;
}

function isDue(one: Watched, isOtherThere: boolean): boolean {
  return !isChecked(one) && performance.now() >= (isOtherThere ? one.awayUntil : one.restsUntil);
}

/** It has been asked, and the others have waited for it already. */
function isLate({ checking, checkingSince }: Watched, graceMs: number): boolean {
  return checking !== undefined && performance.now() - checkingSince > graceMs;
}

/** Resolves when all checks have ended; or, once there is a good node, when the others had their time. */
async function firstOf(checks: readonly Promise<boolean>[], isOneThere: boolean, graceMs: number): Promise<void> {
  const over = Promise.all(checks);
  const good = isOneThere ? Promise.resolve() : Promise.any(checks.map(requireTrue)).catch(() => over);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const grace = good.then(
    () =>
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      }),
  );
  await Promise.race([over, grace]);
  clearTimeout(timer);
}

async function requireTrue(check: Promise<boolean>): Promise<void> {
  if (!(await check)) throw new Error("not this one");
}

/** Looks at a node, once at a time. */
async function check(one: Watched, options: NodesOptions): Promise<boolean> {
  if (one.checking === undefined) {
    one.checkingSince = performance.now();
    one.checking = isRight(one, options).finally(() => {
      one.checking = undefined;
    });
  }
  return one.checking;
}

async function isRight(one: Watched, options: NodesOptions): Promise<boolean> {
  const now = performance.now();
  const before = one.failures;
  try {
    await requireChain(options, { send: one.probe }, hostOf(one.url));
  } catch (error) {
    if (error instanceof NetworkError && error.code === "RPC_WRONG_CHAIN") {
      Object.assign(one, { problem: error.message, isWrong: true, checkedAt: 0 });
      Object.assign(one, { restsUntil: now + CHECK_AGAIN_MS, awayUntil: now + CHECK_AGAIN_MS });
      return false;
    }
    one.problem ??= (error as Error).message;
    // Silence has been counted; a refusal has not.
    if (one.failures === before) rest(one, options.restMs ?? REST_MS);
    return false;
  }
  Object.assign(one, { checkedAt: now, problem: null, isWrong: false });
  return true;
}

function isUnreachable(error: unknown): boolean {
  return error instanceof NetworkError && error.code === "RPC_UNREACHABLE";
}
