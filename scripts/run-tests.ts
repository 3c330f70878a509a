// npm test [-- files…] [--flows [--long]] [--built] [--profile <name>]
// --flows leaves out fuzz tests, invariants and, without --long, the longest of the others and the library's own.
// Runs the Solidity and the TypeScript tests; HARDHAT_NETWORK=<name> chooses the fork.
// Exit codes: 0 all passed, 1 a test failed, none ran, or the arguments were wrong.
import { parseArgs } from "node:util";

import hre from "hardhat";

import { closeSuite, runSuite } from "./tooling/run-suite.js";
import { contractTests, listTestFiles, sortByRunner } from "./tooling/test-files.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    flows: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    built: { type: "boolean", default: false },
    profile: { type: "string", default: "default" },
  },
});
const all = positionals.length === 0 ? listTestFiles() : sortByRunner(positionals);
const files = values.flows && !values.long ? contractTests(all) : all;

closeSuite(
  await runSuite(hre, files, {
    profile: values.profile,
    built: values.built,
    // What a fuzz test or an invariant finds does not hang on the fork.
    exclude: values.flows ? "testFuzz_|invariant_" : "",
  }),
);
