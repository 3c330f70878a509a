import { NetworkError } from "../NetworkError.js";
import { callNode, type RpcAnswer, type RpcCall } from "./callNode.js";
import { hostOf } from "./hostOf.js";
import type { NodesOptions, RpcNode } from "./openNodes.js";
import { requireChain } from "./requireChain.js";

/** A node of several, with what is known of it. */
export interface WatchedNode {
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
const LONGEST_REST_MS = 30_000;
/** Milliseconds before a node that failed is tried again, if nothing else is said. */
export const REST_MS = 1_000;
/** A failure that comes sooner is worth a second try at once; after a timeout the next node is. */
const QUICK_MS = 500;

/** A node that nothing is known of yet. */
export function watchNode(url: string, timeoutMs: number, restMs: number): WatchedNode {
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
  const one: WatchedNode = {
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

function rest(one: WatchedNode, restMs: number): void {
  const now = performance.now();
  one.restsUntil = now + restMs;
  one.awayUntil = now + Math.min(restMs * 2 ** one.failures, LONGEST_REST_MS);
  one.failures++;
}

/** Whether it was found to be of the chain, not long ago. */
export function isChecked({ checkedAt }: WatchedNode): boolean {
  return checkedAt > 0 && performance.now() - checkedAt < CHECK_AGAIN_MS;
}

/** Whether it is time to look at it. */
export function isDue(one: WatchedNode, isOtherThere: boolean): boolean {
  return !isChecked(one) && performance.now() >= (isOtherThere ? one.awayUntil : one.restsUntil);
}

/** It has been asked, and the others have waited for it already. */
export function isLate({ checking, checkingSince }: WatchedNode, graceMs: number): boolean {
  return checking !== undefined && performance.now() - checkingSince > graceMs;
}

/** Resolves when all checks have ended; or, once there is a good node, when the others had their time. */
export async function firstOf(
  checks: readonly Promise<boolean>[],
  isOneThere: boolean,
  graceMs: number,
): Promise<void> {
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
export async function checkNode(one: WatchedNode, options: NodesOptions): Promise<boolean> {
  if (one.checking === undefined) {
    one.checkingSince = performance.now();
    one.checking = isRight(one, options).finally(() => {
      one.checking = undefined;
    });
  }
  return one.checking;
}

async function isRight(one: WatchedNode, options: NodesOptions): Promise<boolean> {
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
