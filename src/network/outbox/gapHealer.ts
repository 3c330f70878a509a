import type { OutboxStore } from "./OutboxStore.js";
import type { OutboxWriter } from "./outboxWriter.js";
import type { TrackedEntries } from "./trackEntries.js";

/** What the nodes tell of a key and of the chain. */
export interface NoncesSeen {
  /** How many of the key's nonces are used, as far as the nodes agree. */
  readonly count: number;
  /** The highest count that any node tells: those that are still catching up tell less. */
  readonly highest: number;
  /** The highest block that any has: where all are behind what was seen before, they are catching up. */
  readonly head: number;
}

const AT_ONCE = 200;

/**
 * Mends a gap: the chain waits for a nonce before the first that is under way, since it lost what was final, or no write ever had
 * the nonce. What was final is under way again, and empty transactions fill the rest.
 *
 * @returns To be called at each look. It throws NetworkError OUTBOX_STORE_REFUSES.
 * @example
 * ```ts
 * const healGap = gapHealer(tracked, { store, writer, terms, resendMs: 5_000 });
 * await healGap({ count: 7, highest: 7, head: 1_204 });
 * ```
 */
export function gapHealer(
  { all, track, change }: TrackedEntries,
  options: {
    readonly store: OutboxStore;
    readonly writer: OutboxWriter;
    readonly terms: { readonly key: string };
    /** Milliseconds for which there must be a gap. */
    readonly resendMs: number;
  },
): (seen: NoncesSeen) => Promise<void> {
  const { store, writer, resendMs } = options;
  const { key } = options.terms;
  let gapSince: number | undefined;
  let highestHead = 0;

  return async ({ count, highest, head }) => {
    const first = all()[0]?.entry.nonce ?? writer.nextNonce();
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
    for (const tracked of all()) {
      const { nonce, isFilled, cancelAskedAt, settledAt } = tracked.entry;
      // One that was just stored is under way in any case.
      if (!there.has(nonce) || settledAt === null) continue;
      // One that was asked to be given up too late was told to be final: final it becomes again.
      change(tracked, { ...lost, lastError, cancelAskedAt: isFilled ? cancelAskedAt : null });
    }
    for (let nonce = count; nonce < end; nonce++) if (!there.has(nonce)) track([await writer.fillGap(nonce)]);
  };
}
