// npm run deep [-- <Solidity test file>…]
// What takes too long for every change: fuzz tests with 50,000 runs each, long invariants, the whole suite on every fork.
// With files, only those. Writes how it went to docs/deep-result.md, to be committed, and names there what was not run.
// Exit codes: 0 all passed, 1 otherwise.
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";

import hre from "hardhat";

import { runCommand, runScript } from "./tooling/run-command.js";
import { listTestFiles } from "./tooling/test-files.js";

const FORKS = "the suite without fuzz tests, on every fork";

const { fuzz, invariant } = hre.config.test.solidity.profiles["deep"] ?? {};
const { output: commit } = await runCommand("git", ["describe", "--always", "--dirty"]);

const rows: string[] = [];
let failed = false;

async function run(name: string, script: string, args: readonly string[]): Promise<void> {
  console.error(`${name} …`);
  const started = performance.now();
  const { code, output } = await runScript(script, args, { show: true });
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  const [count = "no count"] = /^\d+ passed, \d+ failed$/m.exec(output) ?? [];
  rows.push(`| ${name} | ${count} | ${minutes} | ${code === 0 ? "passed" : "FAILED"} |`);
  failed ||= code !== 0;
}

const all = listTestFiles().solidity;
const chosen = process.argv.slice(2);
const files = chosen.length > 0 ? chosen : all;
for (const file of files) await run(file, "scripts/run-tests.ts", [file, "--profile", "deep"]);
if (chosen.length === 0) await run(FORKS, "scripts/test-forks.ts", []);
const left = chosen.length === 0 ? [] : [...all.filter((file) => !chosen.includes(file)), FORKS];

mkdirSync("docs", { recursive: true });
writeFileSync(
  "docs/deep-result.md",
  `# Result of the deep run

Written by \`npm run deep\`; the date is that of the run, the commit that of the code it ran on.

${new Date().toISOString().slice(0, 10)}, commit ${commit.trim()}, Node ${process.version}, ${availableParallelism()} cores; ${fuzz?.runs} runs a fuzz
test, ${invariant?.runs} runs of ${invariant?.depth} calls an invariant.

| Run | Tests | Minutes | Result |
| --- | --- | ---: | --- |
${rows.join("\n")}

${left.length === 0 ? "All was run." : `Not run that day: ${left.join(", ")}.`}
`,
);
console.log(rows.join("\n"));
process.exitCode = failed ? 1 : 0;
