// node --import tsx bench/peers.ts [--check | --fork NAME] [--family NAME] [--built] [--json]
// Does the same work on Diwan and on the systems people would pick instead, under the rules of three forks; writes
// docs/benchmarks.md, its drawings and bench/results.json. The peers' packages are fetched from the registry the first time.
//   --check        measures the gas alone, under the first and the last of the forks, and compares it with bench/results.json,
//                  and that with the page and its drawings; writes nothing
//   --fork NAME    measures the gas under one fork's rules and prints it; writes nothing, builds nothing
//   --family NAME  one family alone; the others stay as they were written last
//   --built        the contracts are built already
//   --json         prints what was measured for machines
// Exit codes: 0 all was measured and, with --check, is as it was committed, 1 otherwise, 2 the arguments were wrong.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { format } from "prettier";

import { doAtOnce } from "../src/chain/doAtOnce.js";
import { runScript } from "../scripts/tooling/run-command.js";
import { fetchPeer } from "./peers/fetchPeer.js";
import { listProblems } from "./peers/listProblems.js";
import { PEER_PACKAGES, packageOf, type PeerName } from "./peers/peerPackages.js";
import {
  CHECKED_FORKS,
  FORKS,
  joinForks,
  keyOf,
  type FamilyComparison,
  type Fork,
  type Results,
  type Row,
} from "./peers/Results.js";
import { drawChart } from "./tooling/drawChart.js";

const RESULTS = "bench/results.json";
const PAGE = "docs/benchmarks.md";

const values = readOptions();
const fork = FORKS.find((one) => one === values.fork);
if (values.fork !== undefined && fork === undefined) {
  refuse(`there is no fork ${values.fork} in the comparison: ${FORKS.join(", ")}`);
}
if (fork !== undefined && values.check) refuse("--check measures the forks that CI does, and --fork one");
// Before anything is measured, which takes minutes.
const written = values.check || (fork === undefined && values.family !== undefined) ? readResults() : undefined;
const began = Date.now();
const note = (text: string): void => {
  const where = fork === undefined ? "" : `${fork}, `;
  console.error(`${((Date.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${where}${text}`);
};

// One after the other, so that the processes of the forks only read.
for (const peer of Object.keys(PEER_PACKAGES) as PeerName[]) await fetchPeer(packageOf(peer));
if (fork !== undefined) await measureOne(fork);
else await measureAll();
// Hardhat's chain would keep the process.
process.exit();

function readOptions() {
  try {
    return parseArgs({
      options: {
        check: { type: "boolean", default: false },
        fork: { type: "string" },
        family: { type: "string" },
        built: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`${why}\nusage: bench/peers.ts [--check | --fork NAME] [--family NAME] [--built] [--json]`);
  process.exit(2);
}

function readResults(): Results {
  try {
    return JSON.parse(readFileSync(RESULTS, "utf8")) as Results;
  } catch (error) {
    console.error(`${RESULTS} cannot be read (${(error as Error).message}); npm run bench -- peers writes it anew`);
    process.exit(1);
  }
}

/** Hardhat reads which network is meant when it is first imported. */
async function measureOne(one: Fork): Promise<void> {
  process.env["HARDHAT_NETWORK"] = one;
  await requireFamily();
  const { measureGas } = await import("./peers/measure.js");
  const rows = await measureGas(note, values.family);
  if (values.json) console.log(JSON.stringify(rows));
  else printRows(joinForks({ [one]: rows }));
}

async function measureAll(): Promise<void> {
  // Here and not by each fork's process, so that those beside each other only read.
  if (!values.built) await (await import("../scripts/console/buildContracts.js")).buildContracts();
  await requireFamily();
  const family = values.family === undefined ? [] : ["--family", values.family];
  const measured = await doAtOnce(
    values.check ? CHECKED_FORKS : FORKS,
    async (one) => {
      const { code, output } = await runScript(fileURLToPath(import.meta.url), ["--fork", one, "--json", ...family]);
      const json = output.split("\n").find((line) => line.startsWith("["));
      if (code !== 0 || json === undefined) throw new Error(`${one} was not measured\n${output}`);
      note(`${one} is measured`);
      return [one, JSON.parse(json) as FamilyComparison[]] as const;
    },
    availableParallelism(),
  );
  const rows = joinForks(Object.fromEntries(measured));
  if (values.check) await check(rows, written!);
  else await write(rows);
}

/** Asked only once the contracts are built, since families are made with their types. */
async function requireFamily(): Promise<void> {
  const { FAMILIES } = await import("./peers/families.js");
  const names = FAMILIES.map(({ name }) => name);
  if (values.family !== undefined && !names.includes(values.family)) {
    refuse(`there is no family ${values.family} in the comparison: ${names.join(", ")}`);
  }
}

async function check(rows: readonly Row[], committed: Results): Promise<void> {
  const isMeant = ({ family }: Row) => values.family === undefined || family === values.family;
  const problems = listProblems(committed.rows.filter(isMeant), rows);
  for (const [file, text] of await filesOf(committed)) {
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) problems.push(`${file} does not show ${RESULTS}`);
  }
  if (values.json) console.log(JSON.stringify({ ok: problems.length === 0, problems, rows }, null, 2));
  else printRows(rows);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) console.error("Where it is meant: npm run bench -- peers, and say why in the commit.");
  process.exitCode = problems.length === 0 ? 0 : 1;
}

async function write(rows: Row[]): Promise<void> {
  const { measureRest } = await import("./peers/measure.js");
  const measured: Results = {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim(),
    versions: versionsNow(),
    peers: (Object.keys(PEER_PACKAGES) as PeerName[]).map((name) => ({ name, ...packageOf(name) })),
    rows,
    ...(await measureRest(note, values.family)),
  };
  const results = written === undefined ? measured : await withOthers(measured, written);
  writeFileSync(RESULTS, await format(JSON.stringify(results), { parser: "json", printWidth: 120 }));
  for (const [file, text] of await filesOf(results)) writeFileSync(file, text);
  if (values.json) console.log(JSON.stringify(measured, null, 2));
  else printRows(rows);
}

/** What was measured of one family, among what was written of the others. */
async function withOthers(measured: Results, before: Results): Promise<Results> {
  const { FAMILIES } = await import("./peers/families.js");
  const place = (of: { family: string }) => FAMILIES.findIndex(({ name }) => name === of.family);
  const merge = <T extends { family: string }>(old: readonly T[], fresh: readonly T[]) =>
    [...old.filter(({ family }) => family !== values.family), ...fresh].sort((a, b) => place(a) - place(b));
  return {
    ...measured,
    rows: merge(before.rows, measured.rows),
    times: merge(before.times, measured.times),
    growth: merge(before.growth, measured.growth),
  };
}

/** The page and its drawings: what each file says. */
async function filesOf(results: Results): Promise<[file: string, text: string][]> {
  const { renderPage } = await import("./peers/renderPage.js");
  const page = await format(renderPage(results), { parser: "markdown", printWidth: 120 });
  const charts = results.growth.map((chart): [string, string] => [
    `docs/benchmarks-${chart.file}.svg`,
    drawChart(chart),
  ]);
  return [[PAGE, page], ...charts];
}

function versionsNow(): Record<string, string> {
  const { devDependencies, dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Record<
    "devDependencies" | "dependencies",
    Record<string, string>
  >;
  const { hardhat = "", solc = "" } = devDependencies;
  return { Node: process.versions.node, Hardhat: hardhat, ethers: dependencies["ethers"] ?? "", solc };
}

function printRows(rows: readonly Row[]): void {
  for (const row of rows) {
    const figures = Object.entries(row.figures).map(([where, { theirs, ours }]) => {
      return `${where} ${theirs.toLocaleString("en")} / ${ours.toLocaleString("en")} = ${(ours / theirs).toFixed(3)}`;
    });
    console.log(`${keyOf(row)}: ${figures.join("; ")}`);
  }
}
