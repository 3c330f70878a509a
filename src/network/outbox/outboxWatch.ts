import { NetworkError } from "../NetworkError.js";
import type { OutboxEntry } from "./OutboxEntry.js";
import { type LookOptions, outboxLook } from "./outboxLook.js";
import { outboxSender } from "./outboxSender.js";
import { repeatRounds } from "./repeatRounds.js";
import { settleWaiters } from "./settleWaiters.js";
import { trackEntries } from "./trackEntries.js";

/** What the watch works with. */
export interface WatchOptions extends LookOptions {
  readonly pollMs: number;
  readonly window: number;
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

/** With nothing under way the chain is looked at this much less often. */
const IDLE_FACTOR = 5;

/**
 * The part of an outbox that sends and watches: in nonce order, with at most four windows of entries in memory. It sends while it
 * looks, so that a chain does not idle while nodes are slow to tell what it did.
 *
 * @example
 * ```ts
 * const watch = outboxWatch({ store, nodes, terms, writer, pollMs: 1_000, resendMs: 5_000, window: 1_024, finality });
 * watch.add(entry);
 * ```
 */
export function outboxWatch(options: WatchOptions): OutboxWatch {
  const { store, nodes, terms, writer, pollMs, window } = options;
  const { key } = terms;
  const waiters = settleWaiters();
  const tracked = trackEntries({ store, writer, key, window });
  const sender = outboxSender(nodes, tracked, options);
  const look = outboxLook(tracked, options);
  const problems = new Map<() => Promise<void>, string>();
  let lookedAt = -Infinity;
  let isStopped = false;

  /** Whatever goes wrong, the next round may do better; nothing is lost meanwhile. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      problems.delete(work);
      return true;
    } catch (error) {
      problems.set(work, (error as Error).message);
      // A database that went away may stay away: nobody is left waiting for what it would have to keep.
      if (error instanceof NetworkError && error.code === "OUTBOX_STORE_REFUSES") waiters.failAll(error);
      return false;
    }
  };
  const save = async (): Promise<void> => {
    for (const entry of await tracked.save()) waiters.tell(entry);
  };
  const loadAndSend = async (): Promise<void> => {
    await tracked.load();
    await sender.sendFresh();
  };
  const lookAndResend = async (): Promise<void> => {
    await look();
    await sender.resendStuck();
  };

  const sending = repeatRounds(async () => {
    const isSent = await attempt(loadAndSend);
    const isSaved = await attempt(save);
    return isSent && isSaved && sender.hasFresh() ? 0 : pollMs;
  });
  const looking = repeatRounds(async () => {
    const pauseMs = tracked.all().length > 0 ? pollMs : pollMs * IDLE_FACTOR;
    if (performance.now() - lookedAt < pauseMs) return pollMs;
    lookedAt = performance.now();
    await attempt(lookAndResend);
    await attempt(save);
    // There may be room for more.
    sending.wake();
    return pollMs;
  });
  const lookNow = (): void => {
    lookedAt = -Infinity;
    sending.wake();
    looking.wake();
  };

  return {
    add: (entry) => {
      tracked.add(entry);
      sending.wake();
    },
    wait: async (id, until) => {
      if (isStopped) throw new NetworkError("OUTBOX_CLOSED", "the outbox was closed");
      // Heard from now on, so that nothing is missed while the store is asked.
      const waiter = waiters.open(id, until);
      // It may fail while the store is asked, when nobody hears it yet.
      waiter.catch(() => undefined);
      const [entry] = await store.find(key, [id]);
      if (entry === undefined) waiters.fail(id, new NetworkError("OUTBOX_UNKNOWN_ID", `no write has the id ${id}`));
      else waiters.tell(entry);
      return waiter;
    },
    cancel: async (id) => {
      await tracked.cancel(id);
      lookNow();
    },
    retry: () => {
      for (const one of tracked.all()) if (one.entry.state !== "included") one.sentAt = 0;
      lookNow();
    },
    problem: () => [...problems.values()].at(-1) ?? null,
    stop: async () => {
      isStopped = true;
      await Promise.all([sending.stop(), looking.stop()]);
      await tracked.idle();
      waiters.failAll(new NetworkError("OUTBOX_CLOSED", "the outbox was closed"));
    },
  };
}
