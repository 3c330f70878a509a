import { NetworkError } from "../NetworkError.js";
import { callOf } from "./callOf.js";
import { jsonOfCall } from "./jsonOfCall.js";
import type { OutboxCall, OutboxEntry } from "./OutboxEntry.js";
import { formerBytes } from "./formerBytes.js";
import type { OutboxStore } from "./OutboxStore.js";
import {
  EMPTY_CALL_GAS,
  GIVING_UP_GAS,
  hashOfCall,
  signBytes,
  type SignedPart,
  type SigningTerms,
} from "./signBytes.js";

/** Gives out nonces, and signs and stores under them. */
export interface OutboxWriter {
  readonly write: (call: OutboxCall, id: string) => Promise<{ entry: OutboxEntry; isNew: boolean }>;
  /** Signs an entry's call again, under its nonce or the next free one, and stores that. */
  readonly signAgain: (entry: OutboxEntry, how: SignAgain) => Promise<OutboxEntry>;
  /** Stores an empty transaction for a nonce that no write has. */
  readonly fillGap: (nonce: number) => Promise<OutboxEntry>;
  /** The chain says that all nonces before this one are used. */
  readonly skipTo: (nonce: number) => Promise<void>;
  readonly nextNonce: () => number;
  /** Waits until everything given is stored. */
  readonly idle: () => Promise<void>;
}

/** What to sign in an entry's place, and why. */
export interface SignAgain {
  readonly as: "the call" | "empty";
  readonly nonce: "same" | "next";
  readonly reason: string;
}

interface Waiting {
  readonly call: OutboxCall;
  readonly id: string;
  readonly resolve: (written: { entry: OutboxEntry; isNew: boolean }) => void;
  readonly reject: (error: unknown) => void;
}

/** Ids of the outbox's own begin like this, and no write's may. */
export const GAP_ID = "gap ";

/** So many are stored in one transaction: one flush of the disk for all, and nobody waits long for their signatures. */
const AT_ONCE = 64;
/** Signing may be nothing but computing, some milliseconds each: after so many, what the process does besides has its turn. */
const SIGNED_AT_ONCE = 4;

/**
 * The part of an outbox that gives out nonces. Writes that come at once are stored in one transaction; a nonce is used up only
 * when its write is stored, so that there are no gaps.
 *
 * @param firstNonce The first that is free.
 * @example
 * ```ts
 * const writer = outboxWriter(store, terms, 0);
 * const { entry } = await writer.write(call, "exhibit 2026/117");
 * ```
 */
export function outboxWriter(store: OutboxStore, terms: SigningTerms, firstNonce: number): OutboxWriter {
  const { key, chainId } = terms;
  const waiting: Waiting[] = [];
  let next = firstNonce;
  let turn: Promise<unknown> = Promise.resolve();
  /** One piece of work at a time has the nonces. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const empty: OutboxCall = { to: key, data: "0x", gasLimit: EMPTY_CALL_GAS };
  /** What nobody wraps: an empty transaction is for no contract. */
  const plainTerms: SigningTerms = { signer: terms.signer, key, chainId, gasPrice: terms.gasPrice };

  const entryOf = (call: OutboxCall, id: string, signed: SignedPart): OutboxEntry => ({
    ...{ id, key, chainId: `${chainId}`, ...signed, state: "signed", callHash: hashOfCall(call) },
    call: terms.wrap === undefined ? null : jsonOfCall(call),
    ...{ isFilled: false, cancelAskedAt: null, blockNumber: null, blockHash: null, succeeded: null, reason: null },
    ...{ createdAt: Date.now(), settledAt: null, lastError: null, history: [] },
  });

  const storeSome = async (): Promise<void> => {
    await pause();
    const some = waiting.splice(0, AT_ONCE);
    try {
      const known = new Map((await store.find(key, [...new Set(some.map(({ id }) => id))])).map((e) => [e.id, e]));
      const fresh: OutboxEntry[] = [];
      const answers: (() => void)[] = [];
      for (const { call, id, resolve, reject } of some) {
        const old = known.get(id);
        if (old !== undefined) {
          answers.push(() => {
            if (old.callHash === hashOfCall(call)) resolve({ entry: old, isNew: false });
            else reject(new NetworkError("OUTBOX_ID_TAKEN", `the id ${id} is taken by another call`));
          });
          continue;
        }
        try {
          if (fresh.length % SIGNED_AT_ONCE === SIGNED_AT_ONCE - 1) await pause();
          const entry = entryOf(call, id, await signBytes(call, next + fresh.length, terms));
          fresh.push(entry);
          known.set(id, entry);
          answers.push(() => {
            resolve({ entry, isNew: true });
          });
        } catch (error) {
          reject(error); // its nonce goes to the next
        }
      }
      if (fresh.length > 0) await store.add(fresh);
      next += fresh.length;
      for (const answer of answers) answer();
    } catch (error) {
      for (const { reject } of some) reject(error);
      // A store that was lost in the middle of a transaction may have it all the same.
      next = Math.max(next, await store.nextNonce(key).catch(() => 0));
    }
  };

  let isNext = false;
  /** One turn at a time, so that what else wants one waits for some signatures, and not for all that is to be written. */
  const takeTurn = (): void => {
    if (isNext || waiting.length === 0) return;
    isNext = true;
    void alone(async () => {
      isNext = false;
      await storeSome();
      takeTurn();
    });
  };

  return {
    write: (call, id) =>
      new Promise((resolve, reject) => {
        waiting.push({ call, id, resolve, reject });
        takeTurn();
      }),
    signAgain: (entry, { as, nonce, reason }) =>
      alone(async () => {
        const call = as === "empty" ? { ...empty, gasLimit: GIVING_UP_GAS } : callOf(entry);
        const place = nonce === "same" ? entry.nonce : next;
        const signed = await signBytes(call, place, as === "empty" ? plainTerms : terms);
        const former = formerBytes(entry, reason);
        const changed: OutboxEntry = {
          ...{ ...entry, ...signed, state: "signed", blockNumber: null, blockHash: null, succeeded: null },
          ...{ call: entry.call ?? jsonOfCall(callOf(entry)), isFilled: as === "empty", lastError: reason },
          reason: as === "empty" ? reason : entry.reason,
          history: [...entry.history, former],
        };
        await store.update([changed]);
        if (nonce === "next") next = place + 1;
        return changed;
      }),
    fillGap: (nonce) =>
      alone(async () => {
        const signed = await signBytes(empty, nonce, plainTerms);
        const reason = "no write has this nonce, and later ones wait for it";
        // A gap may be filled, lost with its block, taken by another's bytes, and be there again.
        const id = `${GAP_ID}${nonce} ${crypto.randomUUID()}`;
        const entry = { ...entryOf(empty, id, signed), isFilled: true, reason };
        await store.add([entry]);
        next = Math.max(next, nonce + 1);
        return entry;
      }),
    skipTo: (nonce) =>
      alone(async () => {
        next = Math.max(next, nonce);
      }),
    nextNonce: () => next,
    idle: async () => {
      do await alone(() => Promise.resolve());
      while (waiting.length > 0);
    },
  };
}

/** Without it a stream of writes would keep the process from all it does besides, sending among it: a store may answer at once. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
