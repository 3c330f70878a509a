// npm run deep [-- <Solidity test file>… | forks | ballots | slow-chain | consortium | coverage]
// What takes too long for every change: fuzz tests with 50,000 runs each, long invariants, the whole suite on every fork, and
// 10,000 ballots, good and bad, on which the contract and the independent verifier must agree, and the main job on a chain with
// blocks of 12 seconds; the tests on real validators, with a writer that is killed 50 times and the tie of an even number; and
// whether the contracts' tests run every line.
// With names, only those. Keeps how each went last, with its date and commit, in docs/deep-result.md, to be committed; what
// was never run is named there.
// Exit codes: 0 all passed, 1 otherwise.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";

import hre from "hardhat";

import { type Outcome, runCommand, runScript } from "./tooling/run-command.js";
import { listTestFiles } from "./tooling/test-files.js";

const RESULT = "docs/deep-result.md";
const FORKS = "forks";
const BALLOTS = "ballots";
const BALLOT_INPUTS = "10000";
const SLOW_CHAIN = "slow-chain";
const BLOCK_SECONDS = "12";
const CONSORTIUM = "consortium";
const WRITER_KILLS = "50";
const COVERAGE = "coverage";

const { fuzz, invariant } = hre.config.test.solidity.profiles["deep"] ?? {};
const { output: head } = await runCommand("git", ["describe", "--always"]);
// What a run beside this one writes into the result is no change of what is tested.
const { output: changed } = await runCommand("git", ["status", "--porcelain", "--", ".", `:!${RESULT}`]);
const commit = `${head.trim()}${changed.trim() === "" ? "" : "-dirty"}`;
const all = [...listTestFiles().solidity, FORKS, BALLOTS, SLOW_CHAIN, CONSORTIUM, COVERAGE];
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`no such deep run: ${unknown.join(", ")}; there are: ${all.join(", ")}`);
  process.exit(1);
}

/** The rows that stand in the result, by the name in their first column. */
function readRows(): Map<string, string> {
  const text = existsSync(RESULT) ? readFileSync(RESULT, "utf8") : "";
  const rows = [...text.matchAll(/^\| (\S+) \|.*$/gm)].map(([row, name = ""]) => [name, row] as const);
  return new Map(rows.filter(([name]) => all.includes(name)));
}

async function run(name: string): Promise<boolean> {
  console.error(`${name} …`);
  const started = performance.now();
  const { code, output } = await runOne(name);
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  const [count = "no count"] = [...output.matchAll(/^\d+ (?:passed, \d+ failed$|of \d+ files)/gm)].at(-1) ?? [];
  const result = code === 0 ? "passed" : "FAILED";
  const day = new Date().toISOString().slice(0, 10);
  writeRow(name, `| ${name} | ${count} | ${minutes} | ${result} | ${day} | ${commit} |`);
  return code === 0;
}

function runOne(name: string): Promise<Outcome> {
  if (name === FORKS) return runScript("scripts/test-forks.ts", ["--long"], { show: true });
  if (name === SLOW_CHAIN) {
    const env = { DIWAN_BLOCK_SECONDS: BLOCK_SECONDS };
    return runScript("scripts/run-tests.ts", ["test/journeys/remote.test.ts"], { show: true, env });
  }
  if (name === CONSORTIUM) {
    const env = { DIWAN_WRITER_KILLS: WRITER_KILLS };
    return runScript("scripts/test-consortium.ts", ["--long"], { show: true, env });
  }
  if (name === COVERAGE) return runScript("scripts/coverage.ts", [], { show: true });
  if (name !== BALLOTS) return runScript("scripts/run-tests.ts", [name, "--profile", "deep"], { show: true });
  const env = { DIWAN_BALLOT_INPUTS: BALLOT_INPUTS };
  return runScript("scripts/run-tests.ts", ["test/voting/BallotProof.agreement.test.ts"], { show: true, env });
}

/** Written after each run, so that hours of work are not lost with the last one. */
function writeRow(name: string, row: string): void {
  const rows = readRows().set(name, row);
  const left = all.filter((other) => !rows.has(other));
  mkdirSync("docs", { recursive: true });
  writeFileSync(
    RESULT,
    `# Results of the deep runs

Written by \`npm run deep\`: how each went when it was last run. ${fuzz?.runs} runs a fuzz test, ${invariant?.runs} runs of
${invariant?.depth} calls an invariant; \`${FORKS}\` is the suite without fuzz tests on every fork; \`${BALLOTS}\`
the ballot's proof on ${BALLOT_INPUTS} inputs; \`${SLOW_CHAIN}\` the main job where a block takes ${BLOCK_SECONDS} seconds;
\`${CONSORTIUM}\` the tests on real validators, the writer killed ${WRITER_KILLS} times among them; \`${COVERAGE}\` how many
of the contracts' files the tests run every line of.
Node ${process.version}, ${availableParallelism()} cores.

| Run | Tests | Minutes | Result | Date | Commit |
| --- | --- | ---: | --- | --- | --- |
${all.flatMap((other) => rows.get(other) ?? []).join("\n")}

${left.length === 0 ? "None is missing." : `Never run: ${left.join(", ")}.`}
`,
  );
}

let failed = false;
for (const name of chosen.length > 0 ? chosen : all) failed = !(await run(name)) || failed;
process.exitCode = failed ? 1 : 0;
