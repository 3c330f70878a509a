import { NetworkError } from "../NetworkError.js";
import type { Nodes } from "../rpc/openNodes.js";
import { agreedCount, askCounts } from "./agreedCount.js";
import { explainRevert } from "./explainRevert.js";
import { findForeign } from "./findForeign.js";
import { gapHealer } from "./gapHealer.js";
import type { Inclusion } from "./inspectEntries.js";
import { isHeldBack } from "./isHeldBack.js";
import { isOfWrite } from "./isOfWrite.js";
import { type FinalityTerms, type InclusionJudgment, judgeInclusions } from "./judgeInclusions.js";
import type { OutboxStore } from "./OutboxStore.js";
import type { OutboxWriter } from "./outboxWriter.js";
import type { SigningTerms } from "./signBytes.js";
import type { Tracked, TrackedEntries } from "./trackEntries.js";
import { withBytes } from "./withBytes.js";

/** What a look at the chain works with. */
export interface LookOptions {
  readonly store: OutboxStore;
  readonly nodes: Nodes;
  readonly terms: SigningTerms;
  readonly writer: OutboxWriter;
  readonly finality: FinalityTerms;
  /** Milliseconds after which what holds up all others is mended. */
  readonly resendMs: number;
}

/** So many looks in a row, since a node tells a count and a receipt at two moments. */
const MISSED_OFTEN = 3;
const AT_ONCE = 200;
/** The oldest matter most: they become final next. */
const HEIGHTS_AT_ONCE = 50;

/**
 * The part of an outbox that looks at the chain: where its writes are, which are final, which were dropped, which are to be signed
 * again.
 *
 * @returns One look. It throws NetworkError RPC_UNREACHABLE, RPC_WRONG_CHAIN; OUTBOX_STORE_REFUSES.
 * @example
 * ```ts
 * const look = outboxLook(tracked, { store, nodes, terms, writer, finality, resendMs: 5_000 });
 * await look();
 * ```
 */
export function outboxLook(tracked: TrackedEntries, options: LookOptions): () => Promise<void> {
  const { nodes, terms, writer, finality } = options;
  const { all, change, signAgain } = tracked;
  const { key } = terms;
  const healGap = gapHealer(tracked, options);
  /** How many of the key's nonces the chain has used. */
  let count = 0;

  const look = async (): Promise<void> => {
    const heads = await nodes.look();
    const known = await askCounts(heads, key);
    count = agreedCount(key, known, finality.agreeing);
    // One node alone, where there are others, may tell of nonces that nobody used.
    const isAgreed = known.length >= Math.min(finality.agreeing, nodes.standings().length);
    // The writer's turn may be long in coming: all that was asked of it before is signed first.
    if (isAgreed && Math.min(...known) > writer.nextNonce()) await writer.skipTo(Math.min(...known));
    await healGap({ count, highest: Math.max(...known), head: Math.max(...heads.map((one) => one.head)) });

    const moved = await findMoved(heads);
    const head = heads[0]!.head;
    const asked = all().filter((tracked) => {
      const { state, nonce, blockNumber, settledAt } = tracked.entry;
      // The store has yet to take it.
      if (settledAt !== null) return false;
      if (state !== "included") return nonce < count;
      return moved.has(tracked) || head - blockNumber! >= finality.depth;
    });
    // Some at a time, so that a node which fails now and then does not undo what was learnt before.
    for (let start = 0; start < asked.length; start += AT_ONCE) {
      const some = asked.slice(start, start + AT_ONCE);
      // As they were when it was asked: meanwhile they may have been sent, or signed again.
      const entries = some.map(({ entry }) => entry);
      const judgments = await judgeInclusions(heads, entries, finality);
      for (const [i, entry] of entries.entries()) {
        const judgment = judgments.get(entry);
        if (judgment !== undefined) await apply(some[i]!, judgment);
      }
    }
    for (const tracked of all()) if (isHeldBack(tracked.entry)) await cancelNow(tracked);
    await signExpired();
  };

  /** The included whose block is no more the chain's, by the first node's word. */
  const findMoved = async (heads: Awaited<ReturnType<Nodes["look"]>>): Promise<Set<Tracked>> => {
    const held = all().filter(({ entry }) => entry.state === "included");
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
      const { raw } = tracked.entry;
      const reverted = inclusion.succeeded ? null : await explainRevert(nodes, key, raw, inclusion.blockNumber);
      // Others may have been signed in their place meanwhile.
      place(tracked, inclusion);
      const { isFilled } = tracked.entry;
      const settled = { settledAt: Date.now(), state: isFilled ? "refused" : "final" } as const;
      change(tracked, isFilled ? settled : { ...settled, reason: reverted });
    }
  };
  const place = (tracked: Tracked, { hash, blockNumber, blockHash, succeeded }: Inclusion): void => {
    const { entry } = tracked;
    const isSame = entry.blockHash === blockHash && entry.hash === hash && entry.succeeded === succeeded;
    if (entry.state === "included" && isSame) return;
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
    if (tracked.missed < MISSED_OFTEN || tracked !== all()[0]) return;
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
    for (const tracked of all()) {
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

  return look;
}
