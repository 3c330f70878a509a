import type { OutboxEntry, OutboxState } from "./OutboxEntry.js";

/** How many writes of a key stand where. */
export interface OutboxCount {
  readonly key: string;
  readonly state: OutboxState;
  readonly count: number;
}

/** The chain that a store's writes are for. */
export interface OutboxChain {
  readonly chainId: string;
  readonly genesisHash: string | null;
}

/** How a store is opened. */
export interface StoreOptions {
  /** Refuses a place that holds no outbox, and makes nothing there; false, if left out. */
  readonly mustExist?: boolean;
}

/**
 * Where an outbox keeps its writes. What `add` and `update` were given is durable when they return: it is there after SIGKILL
 * and after a loss of power. All of one call is there, or none. Calls are answered in the order in which they came, so that what was
 * listed before an update is not told after it. Errors: NetworkError OUTBOX_STORE_REFUSES.
 */
export interface OutboxStore {
  /** As people know it: a path, or a server without its password. */
  readonly name: string;
  /**
   * Keeps every other outbox off a key until what is returned is called, the store is closed, or this process ends in any way.
   *
   * @throws NetworkError OUTBOX_LOCKED.
   */
  readonly lock: (key: string) => Promise<() => Promise<void>>;
  /** The chain that the store is for, or undefined when it is new. */
  readonly chain: () => Promise<OutboxChain | undefined>;
  /** Says which chain a new store is for; what was said first stays. */
  readonly setChain: (chain: OutboxChain) => Promise<void>;
  readonly add: (entries: readonly OutboxEntry[]) => Promise<void>;
  /** Puts entries in the place of those of the same key and id. */
  readonly update: (entries: readonly OutboxEntry[]) => Promise<void>;
  /** Those of the ids that are there, in no order. */
  readonly find: (key: string, ids: readonly string[]) => Promise<OutboxEntry[]>;
  /** Entries by nonce, from one on: all, or those neither final nor refused. */
  readonly list: (key: string, from: number, limit: number, which: "all" | "open") => Promise<OutboxEntry[]>;
  /** The nonce after the highest there, or 0. */
  readonly nextNonce: (key: string) => Promise<number>;
  readonly counts: () => Promise<OutboxCount[]>;
  readonly keys: () => Promise<string[]>;
  /** Releases the locks too. */
  readonly close: () => Promise<void>;
}
