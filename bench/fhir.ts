// node --import tsx bench/fhir.ts [--json] [rounds]
// Canonicalises and commits to HL7's 5,306 examples of FHIR R4 (188 MB), on one core, as they come (indented bytes), without white
// space, and as text; and makes the commitments of those below 3,000 bytes, one by one, to say what a record costs. The
// time is that of the processor, garbage collection on other threads included. For comparison: JSON.parse with the package
// `canonicalize`, which rewrites numbers.
// A benchmark, not a test: the figures are those of the machine it runs on.
// Exit codes: 0 all forms of a document had one commitment and 20 MB/s are reached, 1 not so, 2 the arguments were wrong.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import canonicalize from "canonicalize";

import { canonicalizeFhir } from "../src/health/canonicalizeFhir.js";
import { commitRecord } from "../src/health/commitRecord.js";
import { loadRecordHashes, NOBLE_HASHES, type RecordHashes } from "../src/health/recordHashes.js";

const TARGET = 20;
const SMALL = 3_000;
const KEY = new Uint8Array(32).fill(7);
const VERSION = { id: "Observation/f001", version: 1 };

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const rounds = Number(positionals[0] ?? 3);
if (!Number.isSafeInteger(rounds) || rounds < 1) {
  console.error("usage: bench/fhir.ts [--json] [rounds]");
  process.exit(2);
}

const folder = dirname(fileURLToPath(import.meta.resolve("hl7.fhir.r4.examples/package.json")));
const names = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "package.json");
console.error(`Reading ${names.length.toLocaleString("en")} files …`);
const indented = names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
const texts = indented.map((bytes) => new TextDecoder().decode(bytes));
// White space between the tokens alone; keys stay as they were.
const compact = texts.map((text) => new TextEncoder().encode(text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, withoutSpace)));
const small = indented.filter(({ length }) => length < SMALL);
const hashes = await loadRecordHashes();

const bytesOf = (sources: readonly (string | Uint8Array)[]) => sources.reduce((sum, { length }) => sum + length, 0);
const commitWith = (by: RecordHashes) => (source: string | Uint8Array) =>
  commitRecord(source, KEY, VERSION, by).commitment;

console.error(`Comparing the forms, then ${rounds} rounds of each, of which the best counts …`);
const differing = names.filter((_, i) => {
  const [one, ...others] = [indented[i]!, compact[i]!, texts[i]!].map(commitWith(hashes));
  return others.some((other) => other !== one) || commitWith(NOBLE_HASHES)(texts[i]!) !== one;
});
const megabytesPerSecond = {
  "canonicalise, indented": rate(indented, canonicalizeFhir),
  "canonicalise, compact": rate(compact, canonicalizeFhir),
  "canonicalise, text": rate(texts, canonicalizeFhir),
  "canonicalise and commit, JavaScript": rate(indented, commitWith(NOBLE_HASHES)),
  "canonicalise and commit, WebAssembly": rate(indented, commitWith(hashes)),
  "JSON.parse and canonicalize": rate(texts, (text) => canonicalize(JSON.parse(text))),
};
const smallRecords = {
  records: small.length,
  meanBytes: bytesOf(small) / small.length,
  microseconds: { JavaScript: each(small, commitWith(NOBLE_HASHES)), WebAssembly: each(small, commitWith(hashes)) },
};
const isReached = megabytesPerSecond["canonicalise and commit, JavaScript"] >= TARGET;

const report = { documents: names.length, bytes: bytesOf(indented), megabytesPerSecond, smallRecords, differing };
if (values.json) console.log(JSON.stringify(report, null, 2));
else {
  for (const [what, figure] of Object.entries(megabytesPerSecond)) {
    console.log(`${what.padEnd(38)} ${figure.toFixed(0).padStart(6)} MB/s`);
  }
  for (const [by, figure] of Object.entries(smallRecords.microseconds)) {
    console.log(
      `A record of ${smallRecords.meanBytes.toFixed(0)} bytes, ${by.padEnd(15)} ${figure.toFixed(1).padStart(6)} µs`,
    );
  }
  console.log(`Documents whose forms differ           ${String(differing.length).padStart(6)}`);
  console.log(`At least ${TARGET} MB/s, committed             ${isReached ? "   yes" : "    NO"}`);
}
process.exitCode = differing.length === 0 && isReached ? 0 : 1;

/** Megabytes of source a second of processor time, in the best of the rounds. */
function rate<T extends string | Uint8Array>(sources: readonly T[], run: (source: T) => unknown): number {
  return bytesOf(sources) / best(sources, run);
}

/** Microseconds of processor time for one of the sources, in the best of the rounds. */
function each<T>(sources: readonly T[], run: (source: T) => unknown): number {
  return best(sources, run) / sources.length;
}

function best<T>(sources: readonly T[], run: (source: T) => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    for (const source of sources) run(source);
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, user + system);
  }
  return least;
}

function withoutSpace(token: string): string {
  return token.startsWith('"') ? token : "";
}
