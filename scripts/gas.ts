// npm run gas [-- --json | --markdown | --check | --update]
// Runs the gas suite (test/gas) and prints calls, deployments and the named figures beside their committed snapshots.
//   --json, --markdown  the same for machines, for a page
//   --check             the named figures only, as CI wants them (npm run gas:check)
//   --update            takes what was measured as the new snapshot, in README.md too (npm run gas:update); ceilings are
//                       never touched
// Exit codes: 0 all figures are as promised, 1 otherwise.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import {
  compareFigures,
  embedFigures,
  formatTable,
  type GasStats,
  listGasProblems,
  listStrayFigures,
  makeTables,
} from "./tooling/gas-table.js";
import { runPackage } from "./tooling/run-command.js";
import { listGasTests } from "./tooling/test-files.js";

const CEILINGS = "test/gas/ceilings.json";
const SNAPSHOT = "test/gas/snapshot.json";
const STATS = ".cache/gas-stats.json";
const MEASURED = ".cache/gas-measured.json";
const PAGE = "README.md";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
  },
});

mkdirSync(".cache", { recursive: true });
for (const file of [STATS, MEASURED]) rmSync(file, { force: true });
console.error("Running the gas suite …");
const run = await runPackage("hardhat", ["test", "mocha", "--gas-stats-json", STATS, ...listGasTests()], {
  env: { DIWAN_GAS_MEASURED: MEASURED, ...(values.update ? { DIWAN_GAS_UPDATE: "1" } : {}) },
});
if (run.code !== 0) console.error(run.output);
if (!existsSync(STATS) || !existsSync(MEASURED)) throw new Error("the gas suite gave no figures");

const stats = readJson(STATS) as GasStats;
const measured = readJson(MEASURED) as Record<string, number>;
const ceilings = readJson(CEILINGS) as Record<string, { ceiling: number; unit: string }>;
if (values.update && run.code === 0) writeFileSync(SNAPSHOT, `${JSON.stringify(sortKeys(measured), null, 2)}\n`);
const snapshot = readJson(SNAPSHOT) as Record<string, number>;

const page = readFileSync(PAGE, "utf8");
const current = embedFigures(page, snapshot);
if (values.update && run.code === 0) writeFileSync(PAGE, current);

const figures = compareFigures(measured, ceilings, snapshot);
const problems = listGasProblems(figures, snapshot, stats);
if (page !== current && !values.update) problems.push(`${PAGE}: its figures are not those of the snapshot`);
problems.push(...listStrayFigures(page, snapshot).map((figure) => `${PAGE}: ${figure} is no figure of the snapshot`));
const tables = makeTables(stats, figures);
if (values.json) console.log(JSON.stringify({ ok: problems.length === 0, figures, problems, ...stats }, null, 2));
else {
  const shown = values.check ? tables.slice(-1) : tables;
  console.log(shown.map((table) => formatTable(table, values.markdown)).join("\n\n"));
}
for (const problem of problems) console.error(problem);
process.exitCode = run.code === 0 && problems.length === 0 ? 0 : 1;

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

function sortKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b)));
}
