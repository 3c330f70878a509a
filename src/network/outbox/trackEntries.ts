import { NetworkError } from "../NetworkError.js";
import type { OutboxEntry } from "./OutboxEntry.js";
import type { OutboxStore } from "./OutboxStore.js";
import type { OutboxWriter } from "./outboxWriter.js";

/** An entry under way, and what of it is not worth storing. */
export interface Tracked {
  entry: OutboxEntry;
  /** By the clock of this process, which nobody sets back; 0 to send at once. */
  sentAt: number;
  /** How often the nonce was used and the entry nowhere. */
  missed: number;
}

/** What is under way, in memory and in the store. */
export interface TrackedEntries {
  /** By nonce. */
  readonly all: () => readonly Tracked[];
  /** Takes entries that are under way again; those that are already are left alone. */
  readonly track: (entries: readonly OutboxEntry[]) => void;
  /** Takes one that was just stored, if there is room; otherwise it is loaded later. */
  readonly add: (entry: OutboxEntry) => void;
  /** Loads what there is room for. @throws NetworkError OUTBOX_STORE_REFUSES, as all that ask the store. */
  readonly load: () => Promise<void>;
  /** Changes an entry in memory; `save` stores that. */
  readonly change: (tracked: Tracked, fields: Partial<OutboxEntry>) => void;
  /** Signs other bytes for an entry, and stores them; a signer that does not is the entry's last error, and nothing else. */
  readonly signAgain: (tracked: Tracked, how: Parameters<OutboxWriter["signAgain"]>[1]) => Promise<void>;
  /** Stores that an entry is to be given up. @throws NetworkError OUTBOX_UNKNOWN_ID, OUTBOX_STORE_REFUSES. */
  readonly cancel: (id: string) => Promise<void>;
  /** Stores what was changed, and lets go of what is settled. @returns What was stored. */
  readonly save: () => Promise<OutboxEntry[]>;
  /** Waits until all that was asked is stored. */
  readonly idle: () => Promise<void>;
}

/** So many that wait for more blocks on top are as one that is in none: else a chain with deep finality would idle meanwhile. */
const INCLUDED_AS_ONE = 4;

/**
 * Keeps what is under way by a key: at most four windows of entries in memory, the rest in the store.
 *
 * @example
 * ```ts
 * const tracked = trackEntries({ store, writer, key, window: 1_024 });
 * await tracked.load();
 * ```
 */
export function trackEntries(options: {
  readonly store: OutboxStore;
  readonly writer: OutboxWriter;
  readonly key: string;
  readonly window: number;
}): TrackedEntries {
  const { store, writer, key, window } = options;
  /** When those that are to be given up were asked for, in this process. */
  const cancelAsked = new Map<string, number>();
  /** Changed since the store was told. */
  const changed = new Set<Tracked>();
  let open: Tracked[] = [];
  /** The nonce of the next entry to load from the store. */
  let loadFrom = 0;
  let turn: Promise<unknown> = Promise.resolve();
  /** What replaces entries in the store goes one after the other, so that nothing is put back to what it was. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const sort = (): void => {
    open.sort((a, b) => a.entry.nonce - b.entry.nonce);
  };
  const track = (entries: readonly OutboxEntry[]): void => {
    // One that was signed again under a new nonce is here already, and one may be loaded while it is healed.
    const known = new Set(open.map(({ entry }) => entry.id));
    for (const entry of entries) {
      if (known.has(entry.id)) continue;
      // It may have been read from the store before that was asked.
      const cancelAskedAt = cancelAsked.get(entry.id) ?? entry.cancelAskedAt;
      open.push({ entry: { ...entry, cancelAskedAt }, sentAt: 0, missed: 0 });
    }
    sort();
  };
  const change = (tracked: Tracked, fields: Partial<OutboxEntry>): void => {
    tracked.entry = { ...tracked.entry, ...fields };
    changed.add(tracked);
  };
  /** How many more may be under way: those in a block only wait for more blocks, and count a quarter. */
  const room = (): number => {
    if (open.length < window) return window - open.length;
    const included = open.filter(({ entry }) => entry.state === "included").length;
    return Math.ceil(window - (open.length - included) - included / INCLUDED_AS_ONE);
  };

  return {
    ...{ track, change, all: () => open },
    add: (entry) => {
      if (entry.nonce !== loadFrom || room() <= 0) return;
      track([entry]);
      loadFrom = entry.nonce + 1;
    },
    load: async () => {
      const most = room();
      if (most <= 0) return;
      const entries = await store.list(key, loadFrom, most, "open");
      track(entries);
      loadFrom = Math.max(loadFrom, 1 + (entries.at(-1)?.nonce ?? -1));
    },
    signAgain: (tracked, how) => {
      const { hash } = tracked.entry;
      return alone(async () => {
        // While this waited, others were signed in their place, or their block was found.
        const { entry: now } = tracked;
        if (now.hash !== hash || now.state === "included" || now.settledAt !== null) return;
        try {
          const entry = await writer.signAgain(tracked.entry, how);
          Object.assign(tracked, { entry, sentAt: 0, missed: 0 });
          sort();
        } catch (error) {
          // A signer that is away, or refuses these bytes, is asked again later, and holds up no other write.
          change(tracked, { lastError: `it could not be signed again (${how.reason}): ${(error as Error).message}` });
        }
      });
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
      }),
    save: () =>
      alone(async () => {
        if (changed.size === 0) return [];
        const some = [...changed];
        const entries = some.map(({ entry }) => entry);
        // What changes while these are stored is stored next.
        changed.clear();
        try {
          await store.update(entries);
        } catch (error) {
          for (const tracked of some) changed.add(tracked);
          throw error;
        }
        for (const { id, settledAt } of entries) if (settledAt !== null) cancelAsked.delete(id);
        open = open.filter((tracked) => tracked.entry.settledAt === null || changed.has(tracked));
        return entries;
      }),
    idle: () => alone(() => Promise.resolve()),
  };
}
