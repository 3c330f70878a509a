// node --import tsx bench/monitor.ts [--json] [rows]
// Compares a database of 1,000,000 health records, of the size that half of HL7's clinical examples are below, with what was
// anchored of them: on PGlite in a folder, and on a PostgreSQL server of its own where the machine has one, each in a process of
// its own. Five rows are altered or deleted, and must be found, and nothing else.
// A benchmark, not a test: the figures are those of the machine it runs on.
// Exit codes: 0 all was found, 1 it was not or a run failed, 2 the arguments were wrong.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { PGlite } from "@electric-sql/pglite";
import pg from "pg";

import { PostgresMissing, startPostgres } from "../scripts/tooling/postgres-server.js";
import { canonicalizeFhir } from "../src/health/canonicalizeFhir.js";
import { monitorRecords, type ChainRecord } from "../src/health/monitor/monitorRecords.js";
import { pgliteDatabase } from "../src/health/monitor/pgliteDatabase.js";
import { postgresDatabase } from "../src/health/monitor/postgresDatabase.js";
import { loadRecordHasher } from "../src/health/monitor/recordHasher.js";
import type { SqlDatabase } from "../src/health/monitor/SqlDatabase.js";
import { recordKindOf } from "../src/health/recordKinds.js";

const CLINICAL =
  /^(AllergyIntolerance|CarePlan|Claim|Condition|DiagnosticReport|Encounter|Immunization|MedicationRequest|Observation|Patient|Procedure|ServiceRequest)-/;
const PROVIDER = 7;
const PATIENTS = 10_000;
const BLOCK = 2_000;

interface Result {
  database: string;
  bodyBytes: number;
  seconds: number;
  rowsPerSecond: number;
  /** Of this process, all its threads; a server's own are not among them. */
  cpuSeconds: number;
  /** Of the process before the comparison, and the most during it. */
  memoryMiB: number;
  peakMemoryMiB: number;
  isRight: boolean;
}

/** A database and how to write to it. */
interface Bench {
  name: string;
  database: SqlDatabase;
  run: (statement: string, values?: unknown[]) => Promise<unknown>;
  close: () => Promise<void>;
}

const BENCHES: Record<string, () => Promise<Bench>> = { pglite: openPglite, postgresql: openPostgres };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, database: { type: "string" } },
});
const size = Number(positionals[0] ?? 1_000_000);
const isKnown = values.database === undefined || values.database in BENCHES;
if (!Number.isSafeInteger(size) || size < 1_000 || size % 1_000 !== 0 || !isKnown) {
  console.error("usage: bench/monitor.ts [--json] [rows, in thousands]");
  process.exit(2);
}
if (values.database === undefined) compareAll();
else await runOne(values.database);

function compareAll(): void {
  const results: Result[] = [];
  const missing: string[] = [];
  for (const name of Object.keys(BENCHES)) {
    const args = ["--import", "tsx", fileURLToPath(import.meta.url), "--database", name, String(size)];
    const child = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    if (child.status !== 0) process.exit(1);
    if (child.stdout === "") missing.push(name);
    else results.push(JSON.parse(child.stdout) as Result);
  }
  if (values.json) console.log(JSON.stringify({ rows: size, results, missing }, null, 2));
  else {
    console.log(`${size.toLocaleString("en")} rows, bodies of ${results[0]?.bodyBytes ?? 0} bytes`);
    for (const { database, seconds, rowsPerSecond, cpuSeconds, memoryMiB, peakMemoryMiB } of results) {
      const speed = `${seconds.toFixed(1)} s, ${rowsPerSecond.toLocaleString("en")} rows/s, ${cpuSeconds.toFixed(1)} s of the processor`;
      console.log(`${database.padEnd(18)} ${speed}; memory ${memoryMiB} MiB before, ${peakMemoryMiB} MiB at most`);
    }
    for (const name of missing) console.log(`${name}: not measured, it is not on this machine`);
  }
  process.exitCode = results.every(({ isRight }) => isRight) ? 0 : 1;
}

/** Prints a Result, or nothing where the database is not on this machine. */
async function runOne(name: string): Promise<void> {
  let bench: Bench;
  try {
    bench = await BENCHES[name]!();
  } catch (error) {
    if (!(error instanceof PostgresMissing)) throw error;
    console.error(error.message);
    return;
  }
  try {
    console.log(JSON.stringify(await measure(bench)));
  } finally {
    await bench.close();
  }
}

async function measure({ name, database, run }: Bench): Promise<Result> {
  const [before = "", after = ""] = medianExample().split("diwan-id");
  const kind = recordKindOf(/"resourceType":"(\w+)"/.exec(before + after)?.[1] ?? "");
  await run("CREATE UNLOGGED TABLE health_record (record_id text, version int, patient text, kind int, body bytea)");
  await run("CREATE UNLOGGED TABLE anchor (record_id text, version int, commitment bytea)");

  const keys = new Map<string, Uint8Array>();
  for (let i = 0; i < PATIENTS; i++) keys.set(`patient ${i}`, createHash("sha256").update(`patient ${i}`).digest());
  const hasher = await loadRecordHasher();
  const commitments = new Uint8Array(32 * size);
  for (let first = 0; first < size; first += BLOCK) {
    const [ids, patients, hex]: [string[], string[], string[]] = [[], [], []];
    for (let i = first; i < Math.min(size, first + BLOCK); i++) {
      const id = idOf(i);
      const patient = `patient ${i % PATIENTS}`;
      const commitment = hasher.commitment(keys.get(patient)!, id, 1, hasher.digest(before + id + after));
      commitments.set(commitment, 32 * i);
      ids.push(id);
      patients.push(patient);
      hex.push(Buffer.from(commitment).toString("hex"));
    }
    await run(
      `INSERT INTO health_record SELECT id, 1, patient, ${kind}, convert_to($3 || id || $4, 'UTF8')
       FROM unnest($1::text[], $2::text[]) row (id, patient)`,
      [ids, patients, before, after],
    );
    await run(`INSERT INTO anchor SELECT id, 1, decode(hex, 'hex') FROM unnest($1::text[], $2::text[]) row (id, hex)`, [
      ids,
      hex,
    ]);
    if (first % 100_000 === 0) console.error(`${name}: ${first.toLocaleString("en")} rows written`);
  }
  for (const table of ["health_record", "anchor"])
    await run(`ALTER TABLE ${table} ADD PRIMARY KEY (record_id, version)`);
  await run("UPDATE health_record SET body = body || '\\x20'::bytea WHERE record_id = $1", [idOf(1)]);
  await run("UPDATE health_record SET body = overlay(body PLACING '0' FROM 900) WHERE record_id = $1", [
    idOf(size / 2),
  ]);
  await run("UPDATE health_record SET patient = 'patient 0' WHERE record_id = $1", [idOf(size - 1)]);
  await run("DELETE FROM health_record WHERE record_id IN ($1, $2)", [idOf(2), idOf(size / 2 + 1)]);
  await run("DELETE FROM anchor WHERE record_id = $1", [idOf(2)]);
  await run("ANALYZE");

  function* records(): Generator<ChainRecord> {
    for (let i = 0; i < size; i++) {
      yield { commitment: commitments.subarray(32 * i, 32 * i + 32), state: "CURRENT", kind, provider: PROVIDER };
    }
  }

  const memory = process.memoryUsage().rss;
  let peak = memory;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { totals } = await monitorRecords({
    database,
    provider: PROVIDER,
    chain: () => ({ records }),
    keyOf: (patient) => keys.get(patient),
    onProgress: ({ phase, done, perSecond }) => {
      peak = Math.max(peak, process.memoryUsage().rss);
      if (phase === "records")
        console.error(`${name}: ${done.toLocaleString("en")} rows, ${perSecond.toLocaleString("en")} a second`);
    },
  });
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const { rows, intact, reformatted, ALTERED, MISSING } = totals;
  return {
    database: name,
    bodyBytes: Buffer.byteLength(before + idOf(0) + after),
    seconds,
    rowsPerSecond: Math.round(rows / seconds),
    cpuSeconds: (user + system) / 1e6,
    memoryMiB: Math.round(memory / 2 ** 20),
    peakMemoryMiB: Math.round(peak / 2 ** 20),
    // A blank at the end is no alteration of what a record says.
    isRight: rows === size - 2 && intact === size - 4 && reformatted === 1 && ALTERED === 2 && MISSING === 2,
  };
}

/** HL7's clinical example of the median size, in canonical form, with a word for its id. */
function medianExample(): string {
  const folder = dirname(fileURLToPath(import.meta.resolve("hl7.fhir.r4.examples/package.json")));
  const texts = readdirSync(folder)
    .filter((name) => CLINICAL.test(name) && name.endsWith(".json"))
    .map((name) => Buffer.from(canonicalizeFhir(readFileSync(join(folder, name)))).toString())
    .sort((a, b) => a.length - b.length);
  return texts[texts.length >> 1]!.replace(/"id":"[^"]*"/, '"id":"diwan-id"');
}

function idOf(index: number): string {
  return `record-${String(index).padStart(9, "0")}`;
}

async function openPglite(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "diwan-pglite-"));
  const pglite = await PGlite.create(folder);
  return {
    name: "PGlite",
    database: pgliteDatabase(pglite),
    run: (statement, values) => pglite.query(statement, values),
    close: async () => {
      await pglite.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openPostgres(): Promise<Bench> {
  const server = await startPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  return {
    name: `PostgreSQL ${server.version.split(" ")[0] ?? ""}`,
    database: postgresDatabase(client),
    run: (statement, values) => client.query(statement, values),
    close: async () => {
      await client.end();
      await server.stop();
    },
  };
}
