import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PGlite } from "@electric-sql/pglite";
import pg from "pg";

import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { postgresStore } from "../../src/network/outbox/postgresStore.js";
import { sqliteStore } from "../../src/network/outbox/sqliteStore.js";

/** A place for a store, which another process can open too, and which goes after the test. */
export interface OutboxPlace {
  readonly place: string;
  readonly remove: () => Promise<void>;
}

const SERVER = process.env["DIWAN_POSTGRES_URL"];

/** The places of this run: a file, or the server at DIWAN_POSTGRES_URL where one is given. */
export const PLACES: readonly { name: string; make: () => Promise<OutboxPlace> }[] =
  SERVER === undefined
    ? [{ name: "SQLite", make: makeFile }]
    : [{ name: "PostgreSQL", make: () => makeSchema(SERVER) }];

/** A store, its place unknown, and a second session of it. */
export interface OpenStore {
  readonly store: OutboxStore;
  readonly again: () => Promise<OutboxStore>;
  readonly close: () => Promise<void>;
}

/** The stores of this run: as the places, and PGlite beside the file. */
export const STORES: readonly { name: string; open: () => Promise<OpenStore> }[] = [
  ...PLACES.map(({ name, make }) => ({ name, open: () => openPlace(make, name) })),
  ...(SERVER === undefined ? [{ name: "PGlite", open: openPglite }] : []),
];

async function makeFile(): Promise<OutboxPlace> {
  const folder = mkdtempSync(join(tmpdir(), "diwan-outbox-"));
  return {
    place: join(folder, "outbox.db"),
    remove: async () => {
      rmSync(folder, { recursive: true });
    },
  };
}

/** A schema of its own is as good as a database. */
async function makeSchema(server: string): Promise<OutboxPlace> {
  const schema = `outbox_${randomBytes(6).toString("hex")}`;
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await run(`CREATE SCHEMA ${schema}`);
  const url = new URL(server);
  url.searchParams.set("options", `-c search_path=${schema}`);
  return { place: url.href, remove: () => run(`DROP SCHEMA ${schema} CASCADE`) };
}

async function openPlace(make: () => Promise<OutboxPlace>, name: string): Promise<OpenStore> {
  const { place, remove } = await make();
  const stores: OutboxStore[] = [];
  const again = async (): Promise<OutboxStore> => {
    const store = await (name === "SQLite" ? sqliteStore(place) : postgresStore(place));
    stores.push(store);
    return store;
  };
  return {
    ...{ store: await again(), again },
    close: async () => {
      for (const store of stores) await store.close();
      await remove();
    },
  };
}

async function openPglite(): Promise<OpenStore> {
  const pglite = await PGlite.create();
  const again = (): Promise<OutboxStore> => postgresStore(pglite);
  return { store: await again(), again, close: () => pglite.close() };
}
