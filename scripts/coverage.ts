// npm run coverage
// Runs the suite with instrumented contracts and fails unless every line and statement of contracts/ ran.
// The report for a browser is in coverage/html. Exit codes: 0 all covered and all tests passed, 1 otherwise.
import { readFileSync } from "node:fs";

import { listCoverageGaps, readCoverage } from "./tooling/coverage-report.js";
import { runPackage } from "./tooling/run-command.js";
import { contractTests, listTestFiles } from "./tooling/test-files.js";

console.error("Running the suite with instrumented contracts …");
const { solidity, mocha } = contractTests(listTestFiles());
const tests = [...solidity, ...mocha];
const { code, output } = await runPackage("hardhat", ["test", "--coverage", "--test-profile", "coverage", ...tests]);
if (code !== 0) {
  console.error(output);
  throw new Error("the tests failed under coverage");
}

const files = readCoverage(output, readFileSync("coverage/lcov.info", "utf8"));
const gaps = listCoverageGaps(files);
for (const gap of gaps) console.error(gap);
const ours = files.filter(({ file }) => file.startsWith("contracts/"));
console.log(`${ours.length - gaps.length} of ${ours.length} files of contracts/ are covered whole`);
process.exitCode = gaps.length === 0 && ours.length > 0 ? 0 : 1;
