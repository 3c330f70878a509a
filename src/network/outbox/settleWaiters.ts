import { NetworkError } from "../NetworkError.js";
import type { OutboxEntry } from "./OutboxEntry.js";

/** Those who wait for a write. */
export interface SettleWaiters {
  readonly open: (id: string, until: "included" | "final") => Promise<OutboxEntry>;
  /** Tells where a write stands now. */
  readonly tell: (entry: OutboxEntry) => void;
  readonly fail: (id: string, error: Error) => void;
  readonly failAll: (error: Error) => void;
}

interface Waiter {
  readonly until: "included" | "final";
  readonly resolve: (entry: OutboxEntry) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Keeps those who wait for writes, and nothing of writes that nobody waits for.
 *
 * @example
 * ```ts
 * const waiters = settleWaiters();
 * const entry = waiters.open("exhibit 2026/117", "final");
 * ```
 */
export function settleWaiters(): SettleWaiters {
  const waiting = new Map<string, Waiter[]>();
  const fail = (id: string, error: Error): void => {
    for (const { reject } of waiting.get(id) ?? []) reject(error);
    waiting.delete(id);
  };
  return {
    open: (id, until) =>
      new Promise((resolve, reject) => {
        waiting.set(id, [...(waiting.get(id) ?? []), { until, resolve, reject }]);
      }),
    tell: (entry) => {
      const here = waiting.get(entry.id);
      if (here === undefined) return;
      const { id, state, reason } = entry;
      if (state === "refused") {
        fail(id, new NetworkError("OUTBOX_REFUSED", `the write ${id} is not on the chain: ${reason ?? ""}`));
        return;
      }
      const isDone = ({ until }: Waiter): boolean =>
        state === "final" || (state === "included" && until === "included");
      for (const waiter of here.filter(isDone)) waiter.resolve(entry);
      const left = here.filter((waiter) => !isDone(waiter));
      if (left.length > 0) waiting.set(id, left);
      else waiting.delete(id);
    },
    fail,
    failAll: (error) => {
      for (const id of [...waiting.keys()]) fail(id, error);
    },
  };
}
