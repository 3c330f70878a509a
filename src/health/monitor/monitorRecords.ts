import { HealthError } from "../HealthError.js";
import type { RecordState } from "../recordStates.js";
import { ChainTable } from "./ChainTable.js";
import { checkTables } from "./checkTables.js";
import { Comparison } from "./Comparison.js";
import type { Finding, FindingType } from "./finding.js";
import { type MonitorProgress, ProgressMeter } from "./ProgressMeter.js";
import { loadRecordHasher } from "./recordHasher.js";
import { recordQueries } from "./recordQueries.js";
import { RECORD_TABLES, type RecordTables } from "./recordTables.js";
import type { SqlDatabase } from "./SqlDatabase.js";

/** What the chain says of one commitment. */
export interface ChainRecord {
  /** 32 bytes, as they are or in hex. */
  readonly commitment: string | Uint8Array;
  readonly state: RecordState;
  /** The number of its resource type. */
  readonly kind: number;
  /** The provider's index in the trust list. */
  readonly provider: number;
}

/** What the chain holds of a provider's records, as `readRecords` gives it. */
export interface ChainView {
  /** The last block that was read. */
  readonly block?: number;
  /** Batches of which the chain has the root, and nobody gave the records. */
  readonly unnamed?: readonly { readonly size: number }[];
  /** All records; others' may be among them. */
  readonly records: () => Iterable<ChainRecord> | AsyncIterable<ChainRecord>;
}

/** What is compared, and how. */
export interface MonitorOptions {
  readonly database: SqlDatabase;
  /** The provider's index in the trust list: whose records the database holds. */
  readonly provider: number;
  /**
   * Reads the chain; asked twice, before and after the database's snapshot is taken, so that what is anchored or changes in
   * between is no finding.
   */
  readonly chain: () => ChainView | Promise<ChainView>;
  /** A patient's key, 32 bytes; undefined where it was destroyed. */
  readonly keyOf: (patient: string) => Uint8Array | undefined;
  /** What the tables are called; `RECORD_TABLES`, if left out. */
  readonly tables?: RecordTables;
  /** Whether the database keeps every version, so that one that was superseded or entered in error must be there too; if left out, not. */
  readonly keepsVersions?: boolean;
  /** Findings that the report lists; 10,000, if left out. All are counted. */
  readonly limit?: number;
  /** Called a few times a second, and when a phase ends. */
  readonly onProgress?: (progress: MonitorProgress) => void;
  /** Ends the comparison with its reason. */
  readonly signal?: AbortSignal;
}

/** What a comparison found; plain JSON. */
export interface MonitorReport {
  readonly provider: number;
  /** The last block of the chain that was looked at; null where `chain` does not tell. */
  readonly block: number | null;
  /** Whether nothing was found, and nothing was left out. */
  readonly isClean: boolean;
  readonly totals: Readonly<Record<FindingType, number>> & {
    /** Rows of the database. */
    readonly rows: number;
    /** Commitments of the provider on the chain. */
    readonly anchored: number;
    /** Rows whose content, type and place are those that were anchored. */
    readonly intact: number;
    /** Of the intact, those whose text is not canonical, and has the content that was anchored all the same. */
    readonly reformatted: number;
    /** Commitments that the chain tells to be erased, and no row has. */
    readonly erased: number;
    /** Commitments that were superseded or entered in error, that no row has, and that need not be kept. */
    readonly past: number;
    /** Records of batches that nobody named: they were not looked for, and rows that hold them are extra. */
    readonly unnamed: number;
  };
  /** In the order of record and version, those without a name last. */
  readonly findings: readonly Finding[];
  /** Findings beyond the limit. */
  readonly unlisted: number;
}

const WORD_BYTES = 32;
/** Entries of the chain after which is looked whether the signal was aborted. */
const TURN = 4_096;

/**
 * Compares a hospital's database with what was anchored on the chain, and reports every record that was altered, is missing, was
 * added, or is not the one that the chain says is current. It computes each row's commitment anew, from its bytes, the name and
 * version it is filed under, and its patient's key: whatever was changed in the database, together or apart, the row no longer
 * gives a commitment that the chain has, or a commitment of the chain is left that no row gives. The index only helps to name which
 * record that was.
 *
 * The database is read in one snapshot, in a transaction that can write nothing; a right to read the two tables is enough, also on
 * a replica. Row security is switched off: where policies would hide rows from this user, PostgreSQL refuses. Rows come in pages;
 * what is kept grows with the chain's entries, some 48 bytes each, and not with the rows. What the chain says is kept in this
 * process, never in the database.
 *
 * What it cannot do: see what was never anchored and is deleted; tell who altered a record; or help where the attacker has the
 * provider's key besides, and anchors what he altered. A record that is written before it is anchored is extra until then: what is
 * found again later counts. It is as right as `chain`: let a node of your own answer. For Node alone, from 20.12 on.
 *
 * @param options What is compared.
 * @throws HealthError IDENTIFIER_INVALID; TABLES_UNFIT; DATABASE_REFUSES; RECORD_MALFORMED when a key or a commitment has not 32
 * bytes. The signal's reason when it is aborted. What `chain` and `keyOf` throw.
 * @example
 * ```ts
 * const report = await monitorRecords({
 *   database: pgliteDatabase(pglite),
 *   provider: 7,
 *   chain: () => readRecords(node, registry, 7, { fromBlock, cache, batches }),
 *   keyOf: (patient) => store.state.patients.get(patient)?.key,
 * });
 * for (const { type, recordId } of report.findings) console.log(type, recordId);
 * ```
 */
export async function monitorRecords(options: MonitorOptions): Promise<MonitorReport> {
  const { database, tables = RECORD_TABLES, signal } = options;
  signal?.throwIfAborted();
  const chain = new ChainTable();
  await loadChain(chain, options, false);
  const hasher = await loadRecordHasher();
  return database.transaction(async (sql) => {
    await sql.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // Functions and operators are PostgreSQL's own, whatever else has their names.
    await sql.query("SET LOCAL search_path = pg_catalog, pg_temp");
    await sql.query("SET LOCAL row_security = off");
    await sql.query("SET LOCAL bytea_output = 'hex'");
    // The snapshot is taken by the first statement that reads.
    const facts = await checkTables(sql, tables);
    const view = await loadChain(chain, options, true);
    return new Comparison({ sql, chain, hasher, queries: recordQueries(tables, facts) }, options).run(view);
  });
}

async function loadChain(table: ChainTable, options: MonitorOptions, isLate: boolean): Promise<ChainView> {
  const { provider, chain, signal } = options;
  const progress = new ProgressMeter("chain", options.onProgress);
  const view = await chain();
  for await (const { commitment, state, kind, provider: from } of view.records()) {
    const bytes = typeof commitment === "string" ? Buffer.from(commitment.replace(/^0x/, ""), "hex") : commitment;
    if (bytes.length !== WORD_BYTES) {
      throw new HealthError("RECORD_MALFORMED", `a commitment has ${WORD_BYTES} bytes, not ${bytes.length}`);
    }
    table.add(bytes, { state, kind, isForeign: from !== provider, isLate });
    progress.add(1);
    if (progress.done % TURN === 0) signal?.throwIfAborted();
  }
  progress.end();
  return view;
}
