// npm run monitor -- … (`--help` explains)
// Compares a hospital's database with what it anchored on the chain, and reports what was altered, is missing, was added or is stale.
// Exit codes: 0 nothing was found, 1 something was, or records were left out, 2 the arguments or files are unusable, or the
// database or the node does not answer, 130 it was interrupted.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { getAddress, JsonRpcProvider } from "ethers";

import { memoryEventCache } from "../src/chain/memoryEventCache.js";
import { isObjectOf, isWord } from "../src/health/forms.js";
import { readKeyStore } from "../src/health/keyStore.js";
import { FINDING_TYPES } from "../src/health/monitor/finding.js";
import { monitorRecords, type MonitorReport } from "../src/health/monitor/monitorRecords.js";
import { pgliteDatabase } from "../src/health/monitor/pgliteDatabase.js";
import { postgresDatabase } from "../src/health/monitor/postgresDatabase.js";
import { RECORD_TABLES, type RecordTables } from "../src/health/monitor/recordTables.js";
import type { SqlDatabase } from "../src/health/monitor/SqlDatabase.js";
import { readRecords } from "../src/health/records/readRecords.js";

const USAGE = `npm run monitor -- --database URL|FOLDER --rpc URL --registry ADDRESS --provider NUMBER
                   --keys FILE --password-file FILE [options]

Compares a hospital's database with what it anchored on the chain. It reads alone, and writes nothing anywhere.

  --database URL|FOLDER  postgres://…, or PGlite's folder, which no other program may have open
  --rpc URL              a node, best one of your own
  --registry ADDRESS     the RecordRegistry
  --provider NUMBER      the hospital's index in the trust list
  --keys FILE            the patients' keys; may be given again, where there are several key stores
  --password-file FILE   holds the key stores' password in its first line
  --batches FILE         JSON, a list of the commitments of each batch that was anchored under a root; may be given again
  --from BLOCK           the block of the registry's deployment; 0, if left out
  --tables FILE          JSON, the tables' and columns' names where they are others than usual: see RecordTables
  --keeps-versions       the database keeps all versions, so that those that were superseded must be there too
  --limit NUMBER         findings that are listed; 10000, if left out
  --json                 the report for machines
  -h, --help             this text
`;

/** What is wrong with the arguments. */
class UsageError extends Error {}

const interrupted = new AbortController();
process.once("SIGINT", () => {
  interrupted.abort(new Error("interrupted"));
});

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof UsageError) console.error(`\n${USAGE}`);
  process.exitCode = interrupted.signal.aborted ? 130 : 2;
}

async function main(): Promise<number> {
  const values = readArguments();
  if (values === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { database: place, rpc, registry, provider, from, limit } = values;
  const batches = values.batches.flatMap(readBatches);
  const tables = values.tables === undefined ? RECORD_TABLES : withDefaults(readJson(values.tables), values.tables);
  const keys = await readKeys(values.keys, values.passwordFile);
  const node = new JsonRpcProvider(rpc);
  const { database, close } = await openDatabase(place);
  try {
    const cache = memoryEventCache();
    const report = await monitorRecords({
      ...{ database, provider, tables, limit, keepsVersions: values.keepsVersions, signal: interrupted.signal },
      chain: () => readRecords(node, registry, provider, { fromBlock: from, cache, batches }),
      keyOf: (patient) => keys.get(patient),
      onProgress: ({ phase, done, perSecond }) => {
        console.error(`${phase.padEnd(7)} ${done.toLocaleString("en")}, ${perSecond.toLocaleString("en")} a second`);
      },
    });
    if (values.json) console.log(JSON.stringify(report, null, 2));
    else print(report);
    return report.isClean ? 0 : 1;
  } finally {
    node.destroy();
    await close();
  }
}

function readArguments() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const several = { type: "string", multiple: true, default: [] as string[] } as const;
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        ...{ database: text, rpc: text, registry: text, provider: text, keys: several, "password-file": text },
        ...{ batches: several, from: text, tables: text, "keeps-versions": flag, limit: text, json: flag },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.help) return undefined;
  const { database, rpc, registry, provider, keys, "password-file": passwordFile } = values;
  const isWhole = provider !== undefined && keys.length > 0 && passwordFile !== undefined;
  if (database === undefined || rpc === undefined || registry === undefined || !isWhole) {
    throw new UsageError("--database, --rpc, --registry, --provider, --keys and --password-file are needed");
  }
  return {
    ...{ database, rpc, keys, passwordFile, batches: values.batches, tables: values.tables, json: values.json },
    registry: getAddress(registry),
    provider: numberOf(provider),
    from: numberOf(values.from ?? "0"),
    limit: numberOf(values.limit ?? "10000"),
    keepsVersions: values["keeps-versions"],
  };
}

function numberOf(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new UsageError(`${text} is no whole number`);
  return Number(text);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch (error) {
    throw new UsageError(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
}

function readBatches(file: string): string[][] {
  const batches = readJson(file);
  const isList = Array.isArray(batches) && batches.every((batch) => Array.isArray(batch) && batch.every(isWord));
  if (!isList) throw new UsageError(`${file} is no list of batches, each a list of commitments in hex`);
  return batches;
}

/** A name that nobody asks for is a misspelt one: what was meant would be looked for under its usual name. */
function withDefaults(given: unknown, file: string): RecordTables {
  const { records, anchors } = RECORD_TABLES;
  if (!isObjectOf(given, [], ["records", "anchors"]))
    throw new UsageError(`${file} names more than records and anchors`);
  return {
    records: { ...records, ...namesOf(given.records, [...Object.keys(records), "current"], file) },
    anchors: { ...anchors, ...namesOf(given.anchors, Object.keys(anchors), file) },
  };
}

function namesOf(given: unknown, known: readonly string[], file: string): object {
  const names = given ?? {};
  if (isObjectOf(names, [], known) && Object.values(names).every((name) => typeof name === "string")) return names;
  throw new UsageError(`${file} can name ${known.join(", ")}, each by a text, and no more`);
}

/** All patients' keys. The stores are closed at once, so that the hospital's own programs can go on. */
async function readKeys(files: readonly string[], passwordFile: string): Promise<Map<string, Uint8Array>> {
  const [password = ""] = readFileSync(passwordFile, "utf8").split(/\r?\n/);
  const keys = new Map<string, Uint8Array>();
  for (const file of files) {
    for (const [patient, { key }] of (await readKeyStore(file, password)).patients) {
      if (keys.has(patient))
        throw new UsageError(`a patient of ${file} is in another key store too: which key is right?`);
      keys.set(patient, key);
    }
  }
  return keys;
}

async function openDatabase(place: string): Promise<{ database: SqlDatabase; close: () => Promise<void> }> {
  if (/^postgres(ql)?:/.test(place)) {
    const { default: pg } = await import("pg");
    const client = new pg.Client({ connectionString: place });
    await client.connect();
    return { database: postgresDatabase(client), close: () => client.end() };
  }
  // PGlite would make a database where there is none.
  if (!existsSync(join(place, "PG_VERSION"))) throw new UsageError(`${place} is neither a URL nor PGlite's folder`);
  const { PGlite } = await import("@electric-sql/pglite");
  const pglite = await PGlite.create(place);
  return { database: pgliteDatabase(pglite), close: () => pglite.close() };
}

function print({ block, isClean, totals, findings, unlisted }: MonitorReport): void {
  for (const { type, recordId, version, expected, found, ...more } of findings) {
    const name =
      recordId === null ? "a record without a name" : `${JSON.stringify(recordId)} version ${version ?? "none"}`;
    const state = "state" in more ? `, on the chain ${more.state}` : "";
    console.log(`${type.padEnd(12)} ${name}: expected ${expected ?? "nothing"}, found ${found ?? "nothing"}${state}`);
  }
  if (unlisted > 0) console.log(`and ${unlisted} more`);
  const number = (count: number): string => count.toLocaleString("en");
  console.log(
    `\nblock ${block ?? "unknown"}: ${number(totals.anchored)} records anchored, ${number(totals.rows)} rows read`,
  );
  console.log(`${number(totals.intact)} intact, of which ${number(totals.reformatted)} are kept in another form`);
  console.log(`${number(totals.erased)} erased, ${number(totals.past)} of earlier versions and not kept`);
  if (totals.unnamed > 0)
    console.log(`${number(totals.unnamed)} in batches that --batches does not give: not looked for`);
  for (const type of FINDING_TYPES) if (totals[type] > 0) console.log(`${number(totals[type])} ${type}`);
  const isWrong = FINDING_TYPES.some((type) => totals[type] > 0);
  if (isClean) console.log("\nNothing is wrong");
  else console.log(isWrong ? "\nSOMETHING IS WRONG" : "\nNOT EVERYTHING WAS LOOKED AT: give --batches");
}
