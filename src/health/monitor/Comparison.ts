import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";

import { canonicalizeFhir } from "../canonicalizeFhir.js";
import { FhirJsonError } from "../FhirJsonError.js";
import { HealthError } from "../HealthError.js";
import { RECORD_KINDS } from "../recordKinds.js";
import { type ChainTable, MARKS } from "./ChainTable.js";
import { FINDING_TYPES, type FindingType } from "./finding.js";
import { FindingList } from "./FindingList.js";
import type { ChainView, MonitorOptions, MonitorReport } from "./monitorRecords.js";
import { ProgressMeter } from "./ProgressMeter.js";
import type { RecordHasher } from "./recordHasher.js";
import type { RecordQueries } from "./recordQueries.js";
import { type RecordRow, toInteger, toRecordRow, toText } from "./recordRow.js";
import type { SqlRow, SqlTransaction } from "./SqlDatabase.js";

/** What a comparison works with. */
export interface ComparisonTools {
  readonly sql: SqlTransaction;
  readonly chain: ChainTable;
  readonly hasher: RecordHasher;
  readonly queries: RecordQueries;
}

/** A row whose commitment is on the chain, and whose version is not the one that counts there. */
interface PastRow {
  readonly row: RecordRow;
  readonly entry: number;
  /** Whether nothing else is wrong with it. */
  readonly isIntact: boolean;
}

const LIMIT = 10_000;
const KEY_BYTES = 32;
const MOST_ID_BYTES = 1_024;
const MOST_VERSION = 65_535;
const HEX_COMMITMENT = /^(?:0x)?([0-9a-f]{64})$/i;
/** A long body is read so many bytes, or characters, at a time. */
const PIECE = 4_194_304;
/** Longer text is not canonicalised, which takes three times its length; its hash is compared all the same. */
const MOST_CANONICALISED = 67_108_864;

/**
 * One comparison of a snapshot with what the chain holds, for Node alone: first every row, then what the index has beyond them,
 * then the rest. Every commitment of the chain that no row gives is what some finding expects, unless it need not be there.
 *
 * @example
 * ```ts
 * const report = await new Comparison({ sql, chain, hasher, queries }, options).run(view);
 * ```
 */
export class Comparison {
  readonly #sql: SqlTransaction;
  readonly #chain: ChainTable;
  readonly #hasher: RecordHasher;
  readonly #queries: RecordQueries;
  readonly #options: MonitorOptions;
  readonly #findings: FindingList;
  readonly #counts = { rows: 0, anchored: 0, intact: 0, reformatted: 0, erased: 0, past: 0 };

  constructor({ sql, chain, hasher, queries }: ComparisonTools, options: MonitorOptions) {
    this.#sql = sql;
    this.#chain = chain;
    this.#hasher = hasher;
    this.#queries = queries;
    this.#options = options;
    this.#findings = new FindingList(options.limit ?? LIMIT);
  }

  /**
   * Compares.
   *
   * @param view What of the chain is not in the table.
   */
  async run({ block, unnamed = [] }: Pick<ChainView, "block" | "unnamed">): Promise<MonitorReport> {
    await this.#compareRows();
    await this.#compareIndex();
    this.#compareRest();
    const findings = this.#findings.list();
    const byType = FINDING_TYPES.map((type) => [type, this.#findings.count(type)] as const);
    const found = byType.reduce((sum, [, count]) => sum + count, 0);
    const left = unnamed.reduce((sum, { size }) => sum + size, 0);
    const totals = { ...this.#counts, unnamed: left, ...(Object.fromEntries(byType) as Record<FindingType, number>) };
    const { provider } = this.#options;
    const isClean = found === 0 && left === 0;
    return { provider, block: block ?? null, isClean, totals, findings, unlisted: found - findings.length };
  }

  async #compareRows(): Promise<void> {
    const progress = new ProgressMeter("records", this.#options.onProgress);
    for await (const page of this.#pages(this.#queries.rows)) {
      const past: PastRow[] = [];
      for (const columns of page) {
        const row = toRecordRow(columns);
        if (row.place === null) this.#compareRow(row, this.#keyOf(row), past);
        else await this.#compareLongRow(row, row.place, this.#keyOf(row), past);
      }
      await this.#comparePast(past);
      this.#counts.rows += page.length;
      progress.add(page.length);
    }
    progress.end();
  }

  async *#pages(query: string): AsyncGenerator<readonly SqlRow[], void> {
    for await (const page of this.#sql.pages(query)) {
      // PGlite answers within this thread: without a turn of the loop nothing else would run, not even what aborts.
      await setImmediate();
      this.#options.signal?.throwIfAborted();
      yield page;
    }
  }

  #keyOf({ patient }: RecordRow): Uint8Array | undefined {
    const key = this.#options.keyOf(patient);
    if (key !== undefined && key.length !== KEY_BYTES) {
      throw new HealthError("RECORD_MALFORMED", `a patient's key has ${KEY_BYTES} bytes, not ${key.length}`);
    }
    return key;
  }

  #compareRow(row: RecordRow, key: Uint8Array | undefined, past: PastRow[]): void {
    const { body } = row;
    if (body === null || key === undefined || !isCommittable(row)) {
      this.#reportUnmatched(row, key, null);
      return;
    }
    const found = this.#commitmentOf(row, key, this.#hasher.digest(body));
    const entry = this.#chain.find(found);
    if (entry >= 0) this.#compareMatched(row, entry, found, past);
    else this.#compareReformatted(row, key, found, body, past);
  }

  /** As `#compareRow`, with the body read in pieces, and once more as a whole only if it may be canonicalised. */
  async #compareLongRow(row: RecordRow, place: string, key: Uint8Array | undefined, past: PastRow[]): Promise<void> {
    if (key === undefined || !isCommittable(row)) {
      this.#reportUnmatched(row, key, null);
      return;
    }
    const hash = createHash("sha256");
    let length = 0;
    for await (const piece of this.#readBody(place)) {
      hash.update(piece);
      length += Buffer.byteLength(piece);
    }
    const found = this.#commitmentOf(row, key, hash.digest());
    const entry = this.#chain.find(found);
    if (entry >= 0) this.#compareMatched(row, entry, found, past);
    else if (length > MOST_CANONICALISED) this.#reportUnmatched(row, key, found);
    else {
      const pieces: Uint8Array[] = [];
      for await (const piece of this.#readBody(place)) pieces.push(Buffer.from(piece));
      this.#compareReformatted(row, key, found, Buffer.concat(pieces), past);
    }
  }

  async *#readBody(place: string): AsyncGenerator<string | Uint8Array, void> {
    for (let start = 1; ; start += PIECE) {
      const [row] = await this.#sql.query(this.#queries.piece, [place, String(start), String(PIECE)]);
      const piece = row?.[0];
      if (piece == null || piece.length === 0) return;
      this.#options.signal?.throwIfAborted();
      yield piece;
    }
  }

  #commitmentOf({ recordId, version }: RecordRow, key: Uint8Array, digest: Uint8Array): Uint8Array {
    return this.#hasher.commitment(key, recordId ?? "", version ?? 0, digest);
  }

  /** A row that gives no commitment of the chain as it is may do so once it is canonical: text as an interface delivered it. */
  #compareReformatted(
    row: RecordRow,
    key: Uint8Array,
    found: Uint8Array,
    body: string | Uint8Array,
    past: PastRow[],
  ): void {
    const canonical = canonicalOf(body);
    if (canonical !== undefined) {
      const commitment = this.#commitmentOf(row, key, this.#hasher.digest(canonical));
      const entry = this.#chain.find(commitment);
      if (entry >= 0) {
        this.#counts.reformatted++;
        this.#compareMatched(row, entry, commitment, past);
        return;
      }
    }
    this.#reportUnmatched(row, key, found);
  }

  /** A row whose commitment the chain has: what it holds is what was anchored. */
  #compareMatched(row: RecordRow, entry: number, found: Uint8Array, past: PastRow[]): void {
    const chain = this.#chain;
    const { recordId, version } = row;
    const at = { recordId, version };
    if (chain.has(entry, MARKS.FOREIGN)) {
      const named = this.#find(row.indexed);
      if (named >= 0) chain.mark(named, MARKS.ACCOUNTED);
      const expected = named < 0 ? null : toHex(chain.commitmentOf(named));
      this.#findings.add({ type: "FOREIGN", ...at, expected, found: toHex(found) });
      return;
    }
    if (chain.has(entry, MARKS.CLAIMED)) {
      this.#findings.add({ type: "DUPLICATE", ...at, expected: toHex(found), found: toHex(found) });
      return;
    }
    chain.mark(entry, MARKS.CLAIMED);

    let isIntact = true;
    const kind = chain.kindOf(entry);
    if (row.kind !== RECORD_KINDS[kind - 1] && row.kind !== String(kind)) {
      this.#findings.add({ type: "RELABELLED", ...at, expected: kind, found: row.kind });
      isIntact = false;
    }
    const isLate = chain.has(entry, MARKS.LATE);
    // The index is written once a record is anchored, and may not be yet.
    const isIndexed = row.indexed === null ? isLate : this.#isOnly(row.indexed, found);
    if (!isIndexed) {
      this.#findings.add({ type: "MISINDEXED", ...at, expected: toHex(found), found: this.#indexText(row.indexed) });
      isIntact = false;
    }
    if (!isLate && (chain.stateOf(entry) !== "CURRENT" || row.isCurrent === false)) past.push({ row, entry, isIntact });
    else if (isIntact) this.#counts.intact++;
  }

  /** A row whose commitment the chain has not, or that gives none. */
  #reportUnmatched(row: RecordRow, key: Uint8Array | undefined, found: Uint8Array | null): void {
    const { recordId, version } = row;
    const at = { recordId, version };
    const isHusk = row.body === null && row.place === null;
    const named = this.#find(row.indexed);
    const state = named < 0 ? "UNKNOWN" : this.#chain.stateOf(named);
    // What is left of a record whose content was deleted.
    if (isHusk && state === "ERASED") return;

    const expected = named < 0 ? null : toHex(this.#chain.commitmentOf(named));
    if (named >= 0) this.#chain.mark(named, MARKS.ACCOUNTED);
    if (key === undefined) this.#findings.add({ type: "UNVERIFIABLE", ...at, expected, found: null, state });
    else if (expected === null) this.#findings.add({ type: "EXTRA", ...at, expected, found: found && toHex(found) });
    else this.#findings.add({ type: "ALTERED", ...at, expected, found: found && toHex(found) });
  }

  /** Of the rows whose version does not count on the chain, those that the database gives for what counts. */
  async #comparePast(past: readonly PastRow[]): Promise<void> {
    const unsaid = past.filter(({ row }) => row.isCurrent === null);
    const versions = unsaid.map(({ row }, n) => ({ n, id: row.recordId, version: row.version }));
    const followed =
      unsaid.length === 0 ? [] : await this.#sql.query(this.#queries.followed, [JSON.stringify(versions)]);
    const isFollowed = new Set(followed.map(([n]) => unsaid[toInteger(n) ?? -1]?.row));

    for (const { row, entry, isIntact } of past) {
      const expected = this.#chain.stateOf(entry);
      const isCurrent = row.isCurrent ?? !isFollowed.has(row);
      if (isCurrent === (expected === "CURRENT") && expected !== "ERASED") {
        if (isIntact) this.#counts.intact++;
        continue;
      }
      const { recordId, version } = row;
      const found = isCurrent ? "CURRENT" : "NOT_CURRENT";
      const commitment = toHex(this.#chain.commitmentOf(entry));
      this.#findings.add({ type: "STALE", recordId, version, expected, found, commitment });
    }
  }

  /** What the index names and no row has: mostly what is missing, with its name. */
  async #compareIndex(): Promise<void> {
    const progress = new ProgressMeter("index", this.#options.onProgress);
    for await (const page of this.#pages(this.#queries.dangling)) {
      for (const [id, number, stored] of page) {
        const at = { recordId: toText(id), version: toInteger(number) };
        const entry = this.#find(stored ?? null);
        if (entry < 0 || this.#chain.has(entry, MARKS.CLAIMED | MARKS.INDEXED)) {
          this.#findings.add({ type: "MISINDEXED", ...at, expected: null, found: this.#indexText(stored ?? null) });
          continue;
        }
        this.#chain.mark(entry, MARKS.INDEXED);
        if (!this.#isMissing(entry)) continue;
        const expected = toHex(this.#chain.commitmentOf(entry));
        this.#findings.add({ type: "MISSING", ...at, expected, found: null, state: this.#chain.stateOf(entry) });
      }
      progress.add(page.length);
    }
    progress.end();
  }

  /** What no row has and the index does not name. */
  #compareRest(): void {
    const chain = this.#chain;
    for (let entry = 0; entry < chain.size; entry++) {
      if (chain.has(entry, MARKS.FOREIGN)) continue;
      this.#counts.anchored++;
      if (chain.has(entry, MARKS.CLAIMED | MARKS.ACCOUNTED)) continue;
      const state = chain.stateOf(entry);
      if (this.#isMissing(entry)) {
        if (chain.has(entry, MARKS.INDEXED)) continue;
        const expected = toHex(chain.commitmentOf(entry));
        this.#findings.add({ type: "MISSING", recordId: null, version: null, expected, found: null, state });
      } else if (state === "ERASED") this.#counts.erased++;
      else if (state !== "CURRENT") this.#counts.past++;
    }
  }

  /** Whether a row should have an entry, and none has. */
  #isMissing(entry: number): boolean {
    if (this.#chain.has(entry, MARKS.CLAIMED | MARKS.ACCOUNTED | MARKS.LATE)) return false;
    const state = this.#chain.stateOf(entry);
    return state === "CURRENT" || (state !== "ERASED" && this.#options.keepsVersions === true);
  }

  /** The provider's own entry that the index names, or -1 where it names none, or several. */
  #find(stored: string | Uint8Array | null): number {
    const entry = stored === null ? -1 : this.#chain.find(this.#toCommitment(stored));
    return entry >= 0 && this.#chain.has(entry, MARKS.FOREIGN) ? -1 : entry;
  }

  #isOnly(stored: string | Uint8Array, commitment: Uint8Array): boolean {
    return Buffer.compare(this.#toCommitment(stored), commitment) === 0;
  }

  /** What the index has, which need not be a commitment. */
  #toCommitment(stored: string | Uint8Array): Uint8Array {
    if (typeof stored !== "string") return stored;
    const [, hex = ""] = HEX_COMMITMENT.exec(stored) ?? [];
    return Buffer.from(hex, "hex");
  }

  #indexText(stored: string | Uint8Array | null): string | null {
    return stored instanceof Uint8Array ? toHex(stored) : stored;
  }
}

/** Whether there can be a commitment to such a version at all. */
function isCommittable({ recordId, version }: RecordRow): boolean {
  const isVersion = version !== null && version >= 1 && version <= MOST_VERSION;
  return isVersion && recordId !== null && recordId !== "" && Buffer.byteLength(recordId) <= MOST_ID_BYTES;
}

/** The canonical form of a body that is not in it; undefined where it is, or has none. */
function canonicalOf(body: string | Uint8Array): Uint8Array | undefined {
  try {
    const canonical = canonicalizeFhir(body);
    return Buffer.compare(canonical, Buffer.from(body)) === 0 ? undefined : canonical;
  } catch (error) {
    if (error instanceof FhirJsonError) return undefined;
    throw error;
  }
}

function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
