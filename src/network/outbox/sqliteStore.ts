import type { DatabaseSync } from "node:sqlite";

import { NetworkError } from "../NetworkError.js";
import type { OutboxEntry } from "./OutboxEntry.js";
import type { OutboxChain, OutboxCount, OutboxStore, StoreOptions } from "./OutboxStore.js";
import { readEntry } from "./readEntry.js";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS chain (one INTEGER PRIMARY KEY CHECK (one = 1), chain_id TEXT NOT NULL, genesis_hash TEXT);
CREATE TABLE IF NOT EXISTS entry (
  key TEXT NOT NULL, id TEXT NOT NULL, nonce INTEGER NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL,
  UNIQUE (key, id), UNIQUE (key, nonce)
);
CREATE INDEX IF NOT EXISTS entry_open ON entry (key, nonce) WHERE state NOT IN ('final', 'refused');
CREATE INDEX IF NOT EXISTS entry_state ON entry (key, state);
`;
const BUSY_MS = 10_000;

/**
 * A store in one file, by the SQLite that comes with Node (22.13 or later): a write-ahead log that is flushed to the disk at
 * every commit. A key's lock is a transaction on a file beside it, which the system ends with the process, however that dies.
 * Not for network file systems, whose locks do not hold.
 *
 * @param path The file; it is made where there is none. It holds signed transactions, no keys.
 * @throws NetworkError OUTBOX_STORE_REFUSES, when the file cannot be used or this Node has no SQLite.
 * @example
 * ```ts
 * const store = await sqliteStore("./outbox.db");
 * ```
 */
export async function sqliteStore(path: string, { mustExist = false }: StoreOptions = {}): Promise<OutboxStore> {
  const name = path;
  const refuse = (error: unknown): never => {
    throw new NetworkError("OUTBOX_STORE_REFUSES", `${name}: ${(error as Error).message}`, { cause: error });
  };
  const guard = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      return error instanceof NetworkError ? Promise.reject(error) : refuse(error);
    }
  };

  // Browsers and older Nodes load this module too.
  const sqlite = await import("node:sqlite").catch(refuse);
  const open = (file: string): DatabaseSync => new sqlite.DatabaseSync(file, { timeout: BUSY_MS });
  const database = await guard(() => {
    const opened = open(path);
    if (mustExist && opened.prepare("SELECT 1 FROM sqlite_master WHERE name = 'entry_open'").get() === undefined) {
      opened.close();
      throw new Error("this is the database of something else, not an outbox");
    }
    opened.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
    opened.exec(SCHEMA);
    return opened;
  });
  const locks = new Set<DatabaseSync>();
  const insert = database.prepare("INSERT INTO entry (key, id, nonce, state, body) VALUES (?, ?, ?, ?, ?)");
  const replace = database.prepare("UPDATE entry SET nonce = ?, state = ?, body = ? WHERE key = ? AND id = ?");
  const byId = database.prepare("SELECT body FROM entry WHERE key = ? AND id = ?");
  const byNonce = (condition: string) =>
    database.prepare(`SELECT body FROM entry WHERE key = ? AND nonce >= ? ${condition} ORDER BY nonce LIMIT ?`);
  const lists = { all: byNonce(""), open: byNonce("AND state NOT IN ('final', 'refused')") };

  const inOne = (work: () => void) =>
    guard(() => {
      database.exec("BEGIN IMMEDIATE");
      try {
        work();
        database.exec("COMMIT");
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK");
        throw error;
      }
    });

  return {
    name,
    lock: (key) =>
      guard(() => {
        const held = new sqlite.DatabaseSync(`${path}.${key.toLowerCase()}.lock`, { timeout: 0 });
        try {
          held.exec("BEGIN EXCLUSIVE");
        } catch (error) {
          held.close();
          throw isBusy(error) ? lockedError(key, name, error) : error;
        }
        locks.add(held);
        return () =>
          guard(() => {
            if (locks.delete(held)) held.close();
          });
      }),
    chain: () =>
      guard(() => {
        const row = database.prepare("SELECT chain_id, genesis_hash FROM chain").get();
        return row === undefined
          ? undefined
          : { chainId: row["chain_id"] as string, genesisHash: row["genesis_hash"] as string | null };
      }),
    setChain: ({ chainId, genesisHash }: OutboxChain) =>
      inOne(() => {
        database.prepare("INSERT OR IGNORE INTO chain VALUES (1, ?, ?)").run(chainId, genesisHash);
      }),
    add: (entries) =>
      inOne(() => {
        for (const entry of entries) insert.run(entry.key, entry.id, entry.nonce, entry.state, JSON.stringify(entry));
      }),
    update: (entries) =>
      inOne(() => {
        for (const entry of entries) {
          const { changes } = replace.run(entry.nonce, entry.state, JSON.stringify(entry), entry.key, entry.id);
          if (changes !== 1) throw new Error(`the entry ${entry.id} is gone`);
        }
      }),
    find: (key, ids) => guard(() => ids.map((id) => byId.get(key, id)).flatMap((row) => (row ? [parse(row)] : []))),
    list: (key, from, limit, which) => guard(() => lists[which].all(key, from, limit).map(parse)),
    nextNonce: (key) =>
      guard(() => {
        const row = database.prepare("SELECT max(nonce) AS highest FROM entry WHERE key = ?").get(key);
        return row?.["highest"] === null ? 0 : Number(row?.["highest"]) + 1;
      }),
    counts: () =>
      guard(() =>
        database
          .prepare("SELECT key, state, count(*) AS count FROM entry GROUP BY key, state ORDER BY key, state")
          .all()
          .map((row) => ({ ...row }) as unknown as OutboxCount),
      ),
    keys: () =>
      guard(() =>
        database
          .prepare("SELECT DISTINCT key FROM entry ORDER BY key")
          .all()
          .map((row) => row["key"] as string),
      ),
    close: () =>
      guard(() => {
        if (database.isOpen) database.close();
        for (const held of locks) held.close();
        locks.clear();
      }),
  };
}

function parse(row: Record<string, unknown>): OutboxEntry {
  return readEntry(row["body"] as string);
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === SQLITE_BUSY;
}

function lockedError(key: string, name: string, cause: unknown): NetworkError {
  return new NetworkError("OUTBOX_LOCKED", `another process writes by the key ${key} in the outbox ${name}`, { cause });
}
