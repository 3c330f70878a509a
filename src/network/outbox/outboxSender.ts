import type { Nodes } from "../rpc/openNodes.js";
import { isHeldBack } from "./isHeldBack.js";
import type { OutboxEntry } from "./OutboxEntry.js";
import { sendEntries, sendEverywhere, type SendResult } from "./sendEntries.js";
import type { Tracked, TrackedEntries } from "./trackEntries.js";

/** Sends what is under way. Errors: NetworkError RPC_UNREACHABLE, RPC_WRONG_CHAIN. */
export interface OutboxSender {
  /** Sends some of what was not sent yet, in nonce order. */
  readonly sendFresh: () => Promise<void>;
  /** Sends the oldest that are in no block once more, by every node, if they wait for long. */
  readonly resendStuck: () => Promise<void>;
  /** Whether there is more to send at once. */
  readonly hasFresh: () => boolean;
}

const AT_ONCE = 200;

/**
 * The part of an outbox that sends.
 *
 * @param tracked What is under way; what comes of sending is changed there.
 * @param options In milliseconds: when bytes that no node took are sent again, and when the oldest that is in no block is.
 * @example
 * ```ts
 * const sender = outboxSender(nodes, tracked, { pollMs: 1_000, resendMs: 5_000 });
 * await sender.sendFresh();
 * ```
 */
export function outboxSender(
  nodes: Nodes,
  tracked: TrackedEntries,
  { pollMs, resendMs }: { readonly pollMs: number; readonly resendMs: number },
): OutboxSender {
  let sendsFrom = 0;

  const send = async (some: readonly Tracked[]): Promise<void> => {
    if (some.length === 0) return;
    const entries = some.map(({ entry }) => entry);
    const results = await sendEntries(nodes, entries, stillDue(some));
    for (const [i, result] of results.entries()) await sent(some[i]!, entries[i]!.hash, result);
    if (results.every(({ outcome }) => outcome !== "later")) return;
    // The next node may be in a better state, or this one a little later.
    nodes.turn();
    sendsFrom = performance.now() + pollMs;
  };
  /** Whether bytes as they were then are still to be sent: they may have been given up, replaced or found in a block. */
  const stillDue = (some: readonly Tracked[]): ((entry: OutboxEntry) => boolean) => {
    const byHash = new Map(some.map((one) => [one.entry.hash, one]));
    return ({ hash }) => byHash.get(hash)?.entry.hash === hash && isToSend(byHash.get(hash)!);
  };
  const sent = async (one: Tracked, hash: string, { outcome, reason }: SendResult): Promise<void> => {
    // Others were signed in their place meanwhile, and are to be sent.
    if (one.entry.hash !== hash || outcome === "unsent") return;
    one.sentAt = performance.now();
    // Wherever a node put it meanwhile, it is there.
    if (one.entry.state === "included" || one.entry.settledAt !== null) return;
    if (outcome === "taken") {
      if (one.entry.state === "signed") tracked.change(one, { state: "sent" });
    } else if (outcome === "never" && !one.entry.isFilled) {
      await tracked.signAgain(one, { as: "empty", nonce: "same", reason: reason! });
    } else if (one.entry.lastError !== reason) {
      tracked.change(one, { lastError: reason });
    }
  };

  return {
    sendFresh: async () => {
      const now = performance.now();
      if (now < sendsFrom) return;
      const isDue = (one: Tracked): boolean =>
        isFresh(one) || (isToSend(one) && one.entry.state === "signed" && now - one.sentAt > pollMs);
      await send(tracked.all().filter(isDue).slice(0, AT_ONCE));
    },
    // The oldest holds up all others.
    resendStuck: async () => {
      // Whatever the nodes say of the nonce: the bytes are the same, and one that took them may have kept them to itself.
      const stuck = tracked.all().filter(isToSend).slice(0, AT_ONCE);
      // What was not sent yet is being sent beside this.
      const sentAt = stuck[0]?.sentAt ?? 0;
      if (sentAt === 0 || performance.now() - sentAt <= resendMs) return;
      const isDue = stillDue(stuck);
      const entries = stuck.map(({ entry }) => entry);
      nodes.turn();
      await send(stuck);
      await sendEverywhere(nodes, entries, isDue);
    },
    hasFresh: () => performance.now() >= sendsFrom && tracked.all().some(isFresh),
  };
}

function isToSend({ entry }: Tracked): boolean {
  return entry.state !== "included" && entry.settledAt === null && !isHeldBack(entry);
}

/** Not sent by this process yet, or not since something happened to it. */
function isFresh(one: Tracked): boolean {
  return one.sentAt === 0 && isToSend(one);
}
