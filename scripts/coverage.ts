// npm run coverage
// Runs the contracts' tests, instrumented, and fails unless every line and statement of contracts/ ran.
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

/**
 * Of the Solidity tests, those of libraries without which some lines would not run. All others, fuzz tests and invariants, are left
 * out with the models that they alone use: the contracts' flows run every line, and instrumented these would take longer than all the rest.
 */
const SOLIDITY = ["ledger/TransparencyLog", "voting/BallotProof", "voting/CurveSum", "voting/Questions"].map(
  (name) => `test/${name}.t.sol`,
);
const isNeeded = (path: string): boolean =>
  resolve(path) !== TYPES && !path.endsWith("Model.sol") && (!path.endsWith(".t.sol") || SOLIDITY.includes(path));

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const name of COPIED) {
  cpSync(name, join(FOLDER, name), { recursive: true, filter: (path) => isNeeded(path.replaceAll("\\", "/")) });
}
symlinkSync(resolve("node_modules"), join(FOLDER, "node_modules"), "junction");

console.error("Running the contracts' tests with instrumented contracts …");
const { mocha } = contractTests(listTestFiles());
const args = ["test", "--coverage", "--test-profile", "coverage", ...SOLIDITY, ...mocha];
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
