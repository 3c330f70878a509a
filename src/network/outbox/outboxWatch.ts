import { NetworkError } from "../NetworkError.js";
import type { Nodes } from "../rpc/openNodes.js";
import { agreedCount, askCounts } from "./agreedCount.js";
import { explainRevert } from "./explainRevert.js";
import { findForeign } from "./findForeign.js";
import type { Inclusion } from "./inspectEntries.js";
import { isHeldBack } from "./isHeldBack.js";
import { isOfWrite } from "./isOfWrite.js";
import { type FinalityTerms, type InclusionJudgment, judgeInclusions } from "./judgeInclusions.js";
import type { OutboxEntry } from "./OutboxEntry.js";
import type { OutboxStore } from "./OutboxStore.js";
import type { OutboxWriter } from "./outboxWriter.js";
import { sendEntries, sendEverywhere, type SendResult } from "./sendEntries.js";
import { settleWaiters } from "./settleWaiters.js";
import type { SigningTerms } from "./signBytes.js";
import { withBytes } from "./withBytes.js";

/** What the watch works with. */
export interface WatchOptions {
  readonly store: OutboxStore;
  readonly nodes: Nodes;
  readonly terms: SigningTerms;
  readonly writer: OutboxWriter;
  readonly pollMs: number;
  readonly resendMs: number;
  readonly window: number;
  readonly finality: FinalityTerms;
}

/** Sends what is stored, and sees it through until it is final. */
export interface OutboxWatch {
  readonly add: (entry: OutboxEntry) => void;
  readonly wait: (id: string, until: "included" | "final") => Promise<OutboxEntry>;
  readonly cancel: (id: string) => Promise<void>;
  readonly retry: () => void;
  readonly problem: () => string | null;
  readonly stop: () => Promise<void>;
}

/** An entry under way, and what of it is not worth storing. */
interface Tracked {
  entry: OutboxEntry;
  /** By the clock of this process, which nobody sets back; 0 to send at once. */
  sentAt: number;
  /** How often the nonce was used and the entry nowhere. */
  missed: number;
}

/** So many looks in a row, since a node tells a count and a receipt at two moments. */
const MISSED_OFTEN = 3;
/** With nothing under way the chain is looked at this much less often. */
const IDLE_FACTOR = 5;
const AT_ONCE = 200;
/** So many that wait for more blocks on top are as one that is in none: else a chain with deep finality would idle meanwhile. */
const INCLUDED_AS_ONE = 4;
/** The oldest matter most: they become final next. */
const HEIGHTS_AT_ONCE = 50;

/**
 * The part of an outbox that sends and watches: in nonce order, with at most four windows of entries in memory.
 *
 * @example
 * ```ts
 * const watch = outboxWatch({ store, nodes, terms, writer, pollMs: 1_000, resendMs: 5_000, window: 1_024, finality });
 * watch.add(entry);
 * ```
 */
export function outboxWatch(options: WatchOptions): OutboxWatch {
  const { store, nodes, terms, writer, pollMs, resendMs, window, finality } = options;
  const { key } = terms;
  const waiters = settleWaiters();
  /** When those that are to be given up were asked for, in this process. */
  const cancelAsked = new Map<string, number>();
  /** Under way, by nonce. */
  let open: Tracked[] = [];
  /** The nonce of the next entry to load from the store. */
  let loadFrom = 0;
  let count = 0;
  let gapSince: number | undefined;
  let highestHead = 0;
  let lookedAt = -Infinity;
  let sendsFrom = 0;
  let problem: string | null = null;
  let isStopped = false;
  let wake: () => void = () => undefined;
  /** Changed since the store was told. */
  const changed = new Set<Tracked>();

  const change = (tracked: Tracked, fields: Partial<OutboxEntry>): void => {
    tracked.entry = { ...tracked.entry, ...fields };
    changed.add(tracked);
  };
  const track = (entries: readonly OutboxEntry[]): void => {
    for (const entry of entries) {
      // It may have been read from the store before that was asked.
      const cancelAskedAt = cancelAsked.get(entry.id) ?? entry.cancelAskedAt;
      open.push({ entry: { ...entry, cancelAskedAt }, sentAt: 0, missed: 0 });
    }
    open.sort((a, b) => a.entry.nonce - b.entry.nonce);
  };
  let turn: Promise<unknown> = Promise.resolve();
  /** What replaces entries in the store goes one after the other, so that nothing is put back to what it was. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const signAgain = (tracked: Tracked, how: Parameters<OutboxWriter["signAgain"]>[1]): Promise<void> =>
    alone(async () => {
      try {
        const entry = await writer.signAgain(tracked.entry, how);
        Object.assign(tracked, { entry, sentAt: 0, missed: 0 });
        open.sort((a, b) => a.entry.nonce - b.entry.nonce);
      } catch (error) {
        // A signer that is away, or refuses these bytes, is asked again later, and holds up no other write.
        change(tracked, { lastError: `it could not be signed again (${how.reason}): ${(error as Error).message}` });
      }
    });

  /** How many more may be under way: those in a block only wait for more blocks, and count a quarter. */
  const room = (): number => {
    if (open.length < window) return window - open.length;
    const included = open.filter(({ entry }) => entry.state === "included").length;
    return Math.ceil(window - (open.length - included) - included / INCLUDED_AS_ONE);
  };

  const load = async (): Promise<void> => {
    const most = room();
    if (most <= 0) return;
    const entries = await store.list(key, loadFrom, most, "open");
    // An entry that was signed again under a new nonce is here already.
    const known = new Set(open.map(({ entry }) => entry.id));
    track(entries.filter(({ id }) => !known.has(id)));
    loadFrom = Math.max(loadFrom, 1 + (entries.at(-1)?.nonce ?? -1));
  };

  const send = async (tracked: readonly Tracked[]): Promise<void> => {
    if (tracked.length === 0) return;
    const results = await sendEntries(
      nodes,
      tracked.map(({ entry }) => entry),
    );
    for (const [i, result] of results.entries()) await sent(tracked[i]!, result);
    if (results.every(({ outcome }) => outcome !== "later")) return;
    // The next node may be in a better state, or this one a little later.
    nodes.turn();
    sendsFrom = performance.now() + pollMs;
  };
  const sent = async (tracked: Tracked, { outcome, reason }: SendResult): Promise<void> => {
    tracked.sentAt = performance.now();
    if (outcome === "taken") {
      if (tracked.entry.state === "signed") change(tracked, { state: "sent" });
    } else if (outcome === "never" && !tracked.entry.isFilled) {
      await signAgain(tracked, { as: "empty", nonce: "same", reason: reason! });
    } else if (tracked.entry.lastError !== reason) {
      change(tracked, { lastError: reason });
    }
  };
  const sendFresh = async (): Promise<void> => {
    const now = performance.now();
    if (now < sendsFrom) return;
    const isDue = (tracked: Tracked): boolean =>
      isFresh(tracked) || (isToSend(tracked) && tracked.entry.state === "signed" && now - tracked.sentAt > pollMs);
    await send(open.filter(isDue).slice(0, AT_ONCE));
  };
  /** The oldest holds up all others. */
  const resendStuck = async (): Promise<void> => {
    // Whatever the nodes say of the nonce: the bytes are the same, and one that took them may have kept them to itself.
    const stuck = open.filter(isToSend).slice(0, AT_ONCE);
    if (stuck.length === 0 || performance.now() - stuck[0]!.sentAt <= resendMs) return;
    nodes.turn();
    await send(stuck);
    await sendEverywhere(
      nodes,
      stuck.map(({ entry }) => entry),
    );
  };

  const look = async (): Promise<void> => {
    const heads = await nodes.look();
    const known = await askCounts(heads, key);
    count = agreedCount(key, known, finality.agreeing);
    // One node alone, where there are others, may tell of nonces that nobody used.
    if (known.length >= Math.min(finality.agreeing, nodes.standings().length)) await writer.skipTo(Math.min(...known));
    await healGap(Math.max(...known), Math.max(...heads.map((one) => one.head)));

    const moved = await findMoved(heads);
    const head = heads[0]!.head;
    const asked = open.filter((tracked) => {
      const { state, nonce, blockNumber } = tracked.entry;
      if (state !== "included") return nonce < count;
      return moved.has(tracked) || head - blockNumber! >= finality.depth;
    });
    // Some at a time, so that a node which fails now and then does not undo what was learnt before.
    for (let start = 0; start < asked.length; start += AT_ONCE) {
      const some = asked.slice(start, start + AT_ONCE);
      const judgments = await judgeInclusions(
        heads,
        some.map(({ entry }) => entry),
        finality,
      );
      for (const tracked of some) {
        const judgment = judgments.get(tracked.entry);
        if (judgment !== undefined) await apply(tracked, judgment);
      }
    }
    for (const tracked of open) if (isHeldBack(tracked.entry)) await cancelNow(tracked);
    await signExpired();
  };

  /** The included whose block is no more the chain's, by the first node's word. */
  const findMoved = async (heads: Awaited<ReturnType<Nodes["look"]>>): Promise<Set<Tracked>> => {
    const held = open.filter(({ entry }) => entry.state === "included");
    const heights = [...new Set(held.map(({ entry }) => entry.blockNumber!))].slice(0, HEIGHTS_AT_ONCE);
    const included = held.filter(({ entry }) => heights.includes(entry.blockNumber!));
    const answers = await heads[0]!.node.callAll(
      heights.map((height) => ({ method: "eth_getBlockByNumber", params: [`0x${height.toString(16)}`, false] })),
    );
    const hashes = new Map(
      heights.map((height, i) => {
        const answer = answers[i]!;
        return [height, "result" in answer ? (answer.result as { hash?: string } | null)?.hash : undefined];
      }),
    );
    return new Set(included.filter(({ entry }) => hashes.get(entry.blockNumber!) !== entry.blockHash));
  };

  const apply = async (tracked: Tracked, judgment: InclusionJudgment): Promise<void> => {
    if (judgment.state === "nowhere") {
      await missing(tracked);
      return;
    }
    tracked.missed = 0;
    const { inclusion } = judgment;
    place(tracked, inclusion);
    if (judgment.state === "disputed") {
      change(tracked, {
        lastError: `the nodes do not agree whether and where block ${inclusion.blockNumber} holds it`,
      });
    } else if (judgment.state === "final") {
      const { isFilled, raw } = tracked.entry;
      const settled = { settledAt: Date.now(), state: isFilled ? "refused" : "final" } as const;
      const reverted = inclusion.succeeded ? null : await explainRevert(nodes, key, raw, inclusion.blockNumber);
      change(tracked, isFilled ? settled : { ...settled, reason: reverted });
    }
  };
  const place = (tracked: Tracked, { hash, blockNumber, blockHash, succeeded }: Inclusion): void => {
    const { entry } = tracked;
    if (entry.state === "included" && entry.blockHash === blockHash && entry.hash === hash) return;
    // Of two that are the same, the present ones.
    const former = hash === entry.hash ? undefined : entry.history.find((one) => one.hash === hash);
    const bytes = former === undefined ? {} : withBytes(entry, former, "earlier bytes were taken in their place");
    change(tracked, { ...bytes, state: "included", blockNumber, blockHash, succeeded });
  };
  /** What used a nonce in place of ours, if enough nodes show the same, proved and final. */
  const agreedForeign = async (nonce: number) => {
    const heads = await nodes.look();
    const shown = await Promise.all(
      heads.map(({ node, head }) =>
        findForeign(node, { key, nonce, upTo: head - finality.depth, chainId: terms.chainId }).catch(() => undefined),
      ),
    );
    const needed = Math.min(finality.agreeing, heads.length);
    return shown.find((one) => one && shown.filter((other) => other?.hash === one.hash).length >= needed);
  };
  const missing = async (tracked: Tracked): Promise<void> => {
    const { entry } = tracked;
    if (entry.state === "included") {
      const lastError = `a reorganisation dropped block ${entry.blockNumber ?? "?"} (${entry.blockHash ?? "?"})`;
      change(tracked, { state: "sent", blockNumber: null, blockHash: null, succeeded: null, lastError });
      tracked.sentAt = 0;
      return;
    }
    tracked.missed++;
    if (tracked.missed < MISSED_OFTEN || tracked !== open[0]) return;
    const foreign = await agreedForeign(entry.nonce);
    const isOurs = [entry, ...entry.history].some(({ hash }) => hash === foreign?.hash);
    if (foreign === undefined || isOurs) return;
    if (isOfWrite(entry, foreign.raw, terms)) {
      const why = `${foreign.hash} was signed in their place, which a copy of the store that was restored did not know`;
      change(tracked, { ...withBytes(entry, foreign, why), lastError: why });
      tracked.missed = 0;
      return;
    }
    // Its nonce is used up by other bytes for good, so that these can never be taken.
    const taken = new NetworkError(
      "OUTBOX_NONCE_TAKEN",
      `the nonce ${entry.nonce} was used outside of the outbox, by ${foreign.hash} in block ${foreign.blockNumber}`,
    );
    const reason = `${taken.code}: ${taken.message}`;
    // An empty transaction was only there to use the nonce up.
    if (entry.isFilled) change(tracked, { state: "refused", settledAt: Date.now(), lastError: reason });
    else await signAgain(tracked, { as: isHeldBack(entry) ? "empty" : "the call", nonce: "next", reason });
  };

  const signExpired = async (): Promise<void> => {
    const now = Date.now() / 1000;
    for (const tracked of open) {
      const { expiresAt, nonce, state, isFilled } = tracked.entry;
      if (expiresAt === null || expiresAt > now || nonce < count || state === "included" || isFilled) continue;
      await signAgain(tracked, { as: "the call", nonce: "same", reason: "the bytes expired" });
    }
  };
  const cancelNow = async (tracked: Tracked): Promise<void> => {
    const { nonce, state } = tracked.entry;
    if (nonce < count || state === "included") return;
    await signAgain(tracked, { as: "empty", nonce: "same", reason: "it was cancelled" });
  };

  /**
   * The chain waits for a nonce before the first that is under way: it lost what was final, or no write ever had the nonce.
   *
   * @param highest The highest count that any node tells: those that are still catching up tell less.
   * @param head The highest block that any has: where all are behind what was seen before, they are catching up.
   */
  const healGap = async (highest: number, head: number): Promise<void> => {
    const first = open[0]?.entry.nonce ?? writer.nextNonce();
    if (highest >= first || head < highestHead) gapSince = undefined;
    else gapSince ??= performance.now();
    highestHead = Math.max(highestHead, head);
    if (gapSince === undefined || performance.now() - gapSince <= resendMs) return;
    gapSince = undefined;
    const end = Math.min(first, count + AT_ONCE);
    const stored = (await store.list(key, count, end - count, "all")).filter(({ nonce }) => nonce < end);
    if (stored.some(({ blockNumber }) => blockNumber !== null && blockNumber > head)) return; // not there yet
    const there = new Set(stored.map(({ nonce }) => nonce));
    const lost = { state: "sent", blockNumber: null, blockHash: null, succeeded: null, settledAt: null } as const;
    const lastError = `the chain fell back to before it, though it was final`;
    track(stored);
    // One that was asked to be given up too late was told to be final: final it becomes again.
    for (const tracked of open) {
      const { nonce, isFilled, cancelAskedAt } = tracked.entry;
      if (there.has(nonce)) change(tracked, { ...lost, lastError, cancelAskedAt: isFilled ? cancelAskedAt : null });
    }
    for (let nonce = count; nonce < end; nonce++) if (!there.has(nonce)) track([await writer.fillGap(nonce)]);
  };

  const save = async (): Promise<void> => {
    if (changed.size === 0) return;
    await alone(async () => {
      const some = [...changed];
      await store.update(some.map(({ entry }) => entry));
      for (const tracked of some) changed.delete(tracked);
      for (const { entry } of some) if (entry.settledAt !== null) cancelAsked.delete(entry.id);
      open = open.filter(({ entry }) => entry.settledAt === null);
      for (const { entry } of some) waiters.tell(entry);
    });
  };

  /** Whatever goes wrong, the next round may do better; nothing is lost meanwhile. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      problem = (error as Error).message;
      // A database that went away may stay away: nobody is left waiting for what it would have to keep.
      if (error instanceof NetworkError && error.code === "OUTBOX_STORE_REFUSES") waiters.failAll(error);
      return false;
    }
  };
  const round = async (): Promise<void> => {
    const isSent = await attempt(async () => {
      await load();
      await sendFresh();
    });
    // What cannot be sent holds up nothing that is on its way.
    if (performance.now() - lookedAt >= (open.length > 0 ? pollMs : pollMs * IDLE_FACTOR)) {
      lookedAt = performance.now();
      const isSeen = await attempt(async () => {
        await look();
        await resendStuck();
      });
      if (isSent && isSeen) problem = null;
    }
    await attempt(save);
  };
  const hasFresh = (): boolean => problem === null && performance.now() >= sendsFrom && open.some(isFresh);
  const run = async (): Promise<void> => {
    while (!isStopped) {
      await round();
      if (isStopped || hasFresh()) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();

  return {
    add: (entry) => {
      // One that does not fit is loaded later.
      if (entry.nonce === loadFrom && room() > 0) {
        track([entry]);
        loadFrom = entry.nonce + 1;
      }
      wake();
    },
    wait: async (id, until) => {
      if (isStopped) throw new NetworkError("OUTBOX_CLOSED", "the outbox was closed");
      // Heard from now on, so that nothing is missed while the store is asked.
      const waiter = waiters.open(id, until);
      const [entry] = await store.find(key, [id]);
      if (entry === undefined) waiters.fail(id, new NetworkError("OUTBOX_UNKNOWN_ID", `no write has the id ${id}`));
      else waiters.tell(entry);
      return waiter;
    },
    cancel: (id) =>
      alone(async () => {
        const tracked = (): Tracked | undefined => open.find(({ entry }) => entry.id === id);
        const [stored] = await store.find(key, [id]);
        const entry = tracked()?.entry ?? stored;
        if (entry === undefined) throw new NetworkError("OUTBOX_UNKNOWN_ID", `no write has the id ${id}`);
        if (entry.settledAt !== null || entry.cancelAskedAt !== null) return;
        const cancelAskedAt = Date.now();
        await store.update([{ ...entry, cancelAskedAt }]);
        cancelAsked.set(id, cancelAskedAt);
        const now = tracked();
        if (now !== undefined) now.entry = { ...now.entry, cancelAskedAt };
        lookedAt = -Infinity;
        wake();
      }),
    retry: () => {
      for (const tracked of open) if (tracked.entry.state !== "included") tracked.sentAt = 0;
      lookedAt = -Infinity;
      wake();
    },
    problem: () => problem,
    stop: async () => {
      isStopped = true;
      wake();
      await running;
      await alone(() => Promise.resolve());
      waiters.failAll(new NetworkError("OUTBOX_CLOSED", "the outbox was closed"));
    },
  };
}

function isToSend({ entry }: Tracked): boolean {
  return entry.state !== "included" && !isHeldBack(entry);
}

/** Not sent by this process yet, or not since something happened to it. */
function isFresh(tracked: Tracked): boolean {
  return tracked.sentAt === 0 && isToSend(tracked);
}
