import { createHash } from "node:crypto";

import { PGlite } from "@electric-sql/pglite";
import pg from "pg";

import { commitRecord } from "../../src/health/commitRecord.js";
import type { ChainRecord, MonitorOptions, MonitorReport } from "../../src/health/monitor/monitorRecords.js";
import { monitorRecords } from "../../src/health/monitor/monitorRecords.js";
import { pgliteDatabase } from "../../src/health/monitor/pgliteDatabase.js";
import { postgresDatabase } from "../../src/health/monitor/postgresDatabase.js";
import { RECORD_TABLES, type RecordTables } from "../../src/health/monitor/recordTables.js";
import type { SqlDatabase } from "../../src/health/monitor/SqlDatabase.js";

/** A database that the tests run on: what the monitor reads through, and a way to do anything to it besides. */
export interface TestDatabase {
  readonly name: string;
  readonly database: SqlDatabase;
  /** Runs a statement with all rights. */
  readonly run: (statement: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  readonly close: () => Promise<void>;
}

/** The databases of this run: the server at DIWAN_POSTGRES_URL, and PGlite where none is given. */
export const DATABASES: readonly { name: string; open: () => Promise<TestDatabase> }[] =
  process.env["DIWAN_POSTGRES_URL"] === undefined
    ? [{ name: "PGlite", open: () => openPglite() }]
    : [{ name: "PostgreSQL", open: () => openPostgres(process.env["DIWAN_POSTGRES_URL"]!) }];

export const PROVIDER = 7;

/** HL7's example of an Observation, shortened. */
export const observation = (id: string, value: string): string =>
  `{"id":"${id}","resourceType":"Observation","status":"final","subject":{"reference":"Patient/f001"},"valueQuantity":{"unit":"mmol/l","value":${value}}}`;

/** Where a record's version stands: what a hospital writes into its tables and onto the chain. */
export interface Version {
  readonly recordId: string;
  readonly version: number;
  readonly patient: string;
  readonly body: string;
}

let schemas = 0;

/** A hospital with tables of its own, in a schema of its own, and what it anchored. */
export class Hospital {
  readonly keys = new Map<string, Uint8Array>();
  readonly chain = new Map<string, ChainRecord>();
  readonly tables: RecordTables;
  readonly #on: TestDatabase;
  readonly #types: { body: string; commitment: string };

  private constructor(on: TestDatabase, tables: RecordTables, types: { body: string; commitment: string }) {
    this.#on = on;
    this.tables = tables;
    this.#types = types;
  }

  /** Makes the tables, with the columns' types if others than usual are wanted. */
  static async found(
    on: TestDatabase,
    { body = "bytea", commitment = "bytea", current = false } = {},
  ): Promise<Hospital> {
    const schema = `hospital_${++schemas}`;
    const records = { ...RECORD_TABLES.records, table: `${schema}.health_record` };
    const tables = {
      records: current ? { ...records, current: "is_current" } : records,
      anchors: { ...RECORD_TABLES.anchors, table: `${schema}.anchor` },
    };
    const hospital = new Hospital(on, tables, { body, commitment });
    const flag = current ? ", is_current boolean NOT NULL DEFAULT true" : "";
    await on.run(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await on.run(`CREATE SCHEMA ${schema}`);
    await on.run(
      `CREATE TABLE ${schema}.health_record (record_id text, version int, patient text NOT NULL, kind text NOT NULL, body ${body}${flag}, PRIMARY KEY (record_id, version))`,
    );
    await on.run(
      `CREATE TABLE ${schema}.anchor (record_id text, version int, commitment ${commitment} NOT NULL, PRIMARY KEY (record_id, version))`,
    );
    return hospital;
  }

  get records(): string {
    return this.tables.records.table;
  }

  get anchors(): string {
    return this.tables.anchors.table;
  }

  /** A key that is the same in every run. */
  keyOf(patient: string): Uint8Array {
    const key = this.keys.get(patient) ?? createHash("sha256").update(patient).digest();
    this.keys.set(patient, key);
    return key;
  }

  /** The commitment as the library makes it, by other code than the monitor's. */
  commit({ recordId, version, patient, body }: Version): string {
    return commitRecord(body, this.keyOf(patient), { id: recordId, version }).commitment;
  }

  /** Writes a version into the records, unless told not to, and into the index, and anchors it. */
  async keep(
    version: Version,
    { state = "CURRENT", hasRow = true }: { state?: ChainRecord["state"]; hasRow?: boolean } = {},
  ) {
    const commitment = this.commit(version);
    this.chain.set(commitment, { commitment, state, kind: 97, provider: PROVIDER });
    if (hasRow) await this.insert(version);
    await this.index(version, commitment);
    return commitment;
  }

  async insert({ recordId, version, patient, body }: Version): Promise<void> {
    await this.#on.run(
      `INSERT INTO ${this.records} (record_id, version, patient, kind, body) VALUES ($1, $2, $3, 'Observation', ${this.#types.body === "bytea" ? "convert_to($4, 'UTF8')" : "$4"})`,
      [recordId, version, patient, body],
    );
  }

  async index({ recordId, version }: Pick<Version, "recordId" | "version">, commitment: string): Promise<void> {
    await this.#on.run(
      `INSERT INTO ${this.anchors} VALUES ($1, $2, ${this.#types.commitment === "bytea" ? "decode(substr($3, 3), 'hex')" : "$3"})`,
      [recordId, version, commitment],
    );
  }

  /** Twelve records of three patients, six of them of the first. */
  async keepTwelve(): Promise<Version[]> {
    const versions = Array.from({ length: 12 }, (_, i) => ({
      recordId: `Observation/f${String(i).padStart(3, "0")}`,
      version: 1,
      patient: `patient ${i % 2 === 0 ? 0 : (i % 4) + 1}`,
      body: observation(`f${i}`, `${i}.50`),
    }));
    for (const version of versions) await this.keep(version);
    return versions;
  }

  /** Anything, with `records` and `anchors` for the tables' names. */
  async sql(statement: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return this.#on.run(statement.replaceAll("{records}", this.records).replaceAll("{anchors}", this.anchors), values);
  }

  async monitor(options: Partial<MonitorOptions> = {}): Promise<MonitorReport> {
    return monitorRecords({
      database: this.#on.database,
      provider: PROVIDER,
      chain: () => ({ records: () => this.chain.values() }),
      keyOf: (patient) => this.keys.get(patient),
      tables: this.tables,
      ...options,
    });
  }
}

/** PGlite in memory, or in a folder. */
export async function openPglite(folder?: string): Promise<TestDatabase> {
  const connection = await PGlite.create(folder);
  return {
    name: "PGlite",
    database: pgliteDatabase(connection),
    run: async (statement, values) => (await connection.query<Record<string, unknown>>(statement, values)).rows,
    close: () => connection.close(),
  };
}

/** The monitor reads through a connection of its own, as beside a hospital's programs. */
async function openPostgres(connectionString: string): Promise<TestDatabase> {
  const [own, monitor] = [new pg.Client({ connectionString }), new pg.Client({ connectionString })];
  await Promise.all([own.connect(), monitor.connect()]);
  return {
    name: "PostgreSQL",
    database: postgresDatabase(monitor),
    run: async (statement, values) => (await own.query<Record<string, unknown>>(statement, values)).rows,
    close: async () => {
      await Promise.all([own.end(), monitor.end()]);
    },
  };
}
