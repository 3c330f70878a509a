// npm run coverage
// Runs the suite with instrumented contracts and fails unless every line and statement of contracts/ ran.
// The report for a browser is in .cache/coverage/coverage/html. Exit codes: 0 all covered and all tests passed, 1 otherwise.
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

import { listCoverageGaps, readCoverage } from "./tooling/coverage-report.js";
import { runPackage } from "./tooling/run-command.js";
import { contractTests, listTestFiles } from "./tooling/test-files.js";

// A copy of the project: the instrumented build, and the types made of it, which the tests deploy from, must neither replace the
// everyday build, which takes minutes, nor be read by what runs beside.
const FOLDER = ".cache/coverage";
const COPIED = ["contracts", "docs", "ignition", "scripts", "src", "test", "hardhat.config.ts", "package.json"];
const TYPES = resolve("src/typechain");

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const name of COPIED) {
  cpSync(name, join(FOLDER, name), { recursive: true, filter: (path) => resolve(path) !== TYPES });
}
symlinkSync(resolve("node_modules"), join(FOLDER, "node_modules"), "junction");

console.error("Running the suite with instrumented contracts …");
const { solidity, mocha } = contractTests(listTestFiles());
const args = ["test", "--coverage", "--test-profile", "coverage", ...solidity, ...mocha];
const { code, output } = await runPackage("hardhat", args, { cwd: FOLDER });
if (code !== 0) {
  console.error(output);
  throw new Error("the tests failed under coverage");
}

const files = readCoverage(output, readFileSync(join(FOLDER, "coverage/lcov.info"), "utf8"));
const gaps = listCoverageGaps(files);
for (const gap of gaps) console.error(gap);
const ours = files.filter(({ file }) => file.startsWith("contracts/"));
console.log(`${ours.length - gaps.length} of ${ours.length} files of contracts/ are covered whole`);
process.exitCode = gaps.length === 0 && ours.length > 0 ? 0 : 1;
