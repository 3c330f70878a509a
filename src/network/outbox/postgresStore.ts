import { getBytes, keccak256, toUtf8Bytes } from "ethers";

import { NetworkError } from "../NetworkError.js";
import type { OutboxEntry } from "./OutboxEntry.js";
import type { OutboxCount, OutboxStore, StoreOptions } from "./OutboxStore.js";
import { readEntry } from "./readEntry.js";

/** The part of a client of `pg` (8) that is used: a connected `Client` fits, and an instance of PGlite; a pool does not. */
export interface OutboxConnection {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Named so that other programs' tables are in nobody's way. */
const SCHEMA = [
  "CREATE TABLE IF NOT EXISTS diwan_outbox_chain (one integer PRIMARY KEY CHECK (one = 1), chain_id text NOT NULL, genesis_hash text)",
  `CREATE TABLE IF NOT EXISTS diwan_outbox (key text NOT NULL, id text NOT NULL, nonce bigint NOT NULL, state text NOT NULL,
    body text NOT NULL, PRIMARY KEY (key, id), UNIQUE (key, nonce))`,
  "CREATE INDEX IF NOT EXISTS diwan_outbox_open ON diwan_outbox (key, nonce) WHERE state NOT IN ('final', 'refused')",
  "CREATE INDEX IF NOT EXISTS diwan_outbox_state ON diwan_outbox (key, state)",
];
const ROWS = "json_to_recordset($1::json) AS row (key text, id text, nonce bigint, state text, body text)";
/** Two programs that make the tables at once would fail: they do so one after the other. */
const SCHEMA_LOCK = "diwan outbox schema";

/**
 * A store on a PostgreSQL server. A key's lock is an advisory lock of the session: the server ends it with the connection.
 *
 * @param connection A URL, or a connected client for this store alone, which the caller ends.
 * @throws NetworkError OUTBOX_STORE_REFUSES, when the server does.
 * @example
 * ```ts
 * const store = await postgresStore("postgres://clerk@127.0.0.1/registry");
 * ```
 */
export async function postgresStore(
  connection: string | OutboxConnection,
  { mustExist = false }: StoreOptions = {},
): Promise<OutboxStore> {
  const name = typeof connection === "string" ? nameOf(connection) : "PostgreSQL";
  const refuse = (error: unknown): never => {
    throw new NetworkError("OUTBOX_STORE_REFUSES", `${name}: ${(error as Error).message}`, { cause: error });
  };
  const { client, end } = await connect(connection).catch(refuse);
  const query = async <T>(text: string, values: unknown[] = []): Promise<T[]> => {
    const { rows } = await client.query(text, values).catch(refuse);
    return rows as T[];
  };
  const entries = async (condition: string, values: unknown[]): Promise<OutboxEntry[]> => {
    const rows = await query<{ body: string }>(`SELECT body FROM diwan_outbox WHERE ${condition}`, values);
    return rows.map(({ body }) => readEntry(body));
  };
  const locked = new Set<bigint>();
  const unlock = async (number: bigint): Promise<void> => {
    // A connection that is lost has no locks.
    if (locked.delete(number))
      await query("SELECT pg_advisory_unlock($1::bigint)", [`${number}`]).catch(() => undefined);
  };
  const tryLock = async (number: bigint): Promise<boolean> => {
    // A session may take its own lock again, which would let two outboxes of one process at one key.
    const [row] = await query<{ taken: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objsubid = 1
         AND classid::bigint = $1::bigint >> 32 & 4294967295 AND objid::bigint = $1::bigint & 4294967295)
       AND pg_try_advisory_lock($1::bigint) AS taken`,
      [number.toString()],
    );
    return row!.taken;
  };

  const makeTables = async (): Promise<void> => {
    await query("SELECT pg_advisory_lock($1::bigint)", [lockNumber(SCHEMA_LOCK).toString()]);
    for (const statement of SCHEMA) await query(statement);
    await query("SELECT pg_advisory_unlock($1::bigint)", [lockNumber(SCHEMA_LOCK).toString()]);
  };
  const requireTables = async (): Promise<void> => {
    const [row] = await query<{ isThere: boolean }>(`SELECT to_regclass('diwan_outbox') IS NOT NULL AS "isThere"`);
    if (!row!.isThere) refuse(new Error("this database holds no outbox"));
  };

  try {
    // A server may be set to answer before the disk has the transaction.
    await query("SET synchronous_commit = on");
    if (mustExist) await requireTables();
    else await makeTables();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    name,
    lock: async (key) => {
      const number = lockNumber(key.toLowerCase());
      if (!(await tryLock(number))) {
        throw new NetworkError("OUTBOX_LOCKED", `another process writes by the key ${key} in the outbox ${name}`);
      }
      locked.add(number);
      return () => unlock(number);
    },
    chain: async () => {
      const [row] = await query<{ chain_id: string; genesis_hash: string | null }>("SELECT * FROM diwan_outbox_chain");
      return row && { chainId: row.chain_id, genesisHash: row.genesis_hash };
    },
    setChain: async ({ chainId, genesisHash }) => {
      await query("INSERT INTO diwan_outbox_chain VALUES (1, $1, $2) ON CONFLICT DO NOTHING", [chainId, genesisHash]);
    },
    // One statement is one transaction.
    add: async (added) => {
      await query(`INSERT INTO diwan_outbox SELECT key, id, nonce, state, body FROM ${ROWS}`, [rowsOf(added)]);
    },
    update: async (changed) => {
      // A number that is none fails the statement, and so undoes it.
      await query(
        `WITH changed AS (
           UPDATE diwan_outbox AS old SET nonce = row.nonce, state = row.state, body = row.body FROM ${ROWS}
           WHERE old.key = row.key AND old.id = row.id RETURNING 1)
         SELECT CASE count(*) WHEN $2::integer THEN 0 ELSE (count(*) || ' of ' || $2 || ' entries are there')::integer END
         FROM changed`,
        [rowsOf(changed), changed.length],
      );
    },
    find: (key, ids) => entries("key = $1 AND id = ANY($2::text[])", [key, [...ids]]),
    list: (key, from, limit, which) =>
      entries(
        `key = $1 AND nonce >= $2 ${which === "open" ? "AND state NOT IN ('final', 'refused')" : ""} ORDER BY nonce LIMIT $3`,
        [key, from, limit],
      ),
    nextNonce: async (key) => {
      const [row] = await query<{ next: number }>(
        "SELECT (coalesce(max(nonce), -1) + 1)::integer AS next FROM diwan_outbox WHERE key = $1",
        [key],
      );
      return row!.next;
    },
    counts: () =>
      query<OutboxCount>(
        "SELECT key, state, count(*)::integer AS count FROM diwan_outbox GROUP BY key, state ORDER BY key, state",
      ),
    keys: async () => {
      const rows = await query<{ key: string }>("SELECT DISTINCT key FROM diwan_outbox ORDER BY key");
      return rows.map(({ key }) => key);
    },
    close: async () => {
      for (const number of locked) await unlock(number);
      await end();
    },
  };
}

async function connect(
  connection: string | OutboxConnection,
): Promise<{ client: OutboxConnection; end: () => Promise<void> }> {
  if (typeof connection !== "string") return { client: connection, end: () => Promise.resolve() };
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: connection, keepAlive: true });
  // A lost connection is told by the next statement; unheard, this event would end the process.
  client.on("error", () => undefined);
  await client.connect();
  return { client, end: () => client.end().catch(() => undefined) };
}

function rowsOf(entries: readonly OutboxEntry[]): string {
  return JSON.stringify(
    entries.map((entry) => ({
      ...{ key: entry.key, id: entry.id, nonce: entry.nonce, state: entry.state },
      body: JSON.stringify(entry),
    })),
  );
}

/** Advisory locks are numbers, common to a database's programs. */
function lockNumber(name: string): bigint {
  return new DataView(getBytes(keccak256(toUtf8Bytes(`diwan outbox ${name}`))).buffer).getBigInt64(0);
}

/** Without password and parameters, which may hold one too. */
function nameOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // A "/", "?" or "#" in a password ends the host, so that the rest of the password looks like the path.
  if (url === undefined || `${url.pathname}${url.search}${url.hash}`.includes("@")) {
    const message =
      "the address of the PostgreSQL server is no URL: special signs in its password must be percent-encoded";
    throw new NetworkError("OUTBOX_STORE_REFUSES", message);
  }
  const { protocol, username, host, pathname } = url;
  return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`;
}
