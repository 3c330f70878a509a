// npm test [-- files…] [--flows [--long]] [--built] [--one-process] [--profile <name>]
// --one-process runs all in this process, so that what is printed comes at once; otherwise a part's comes when the part has ended.
// --flows leaves out fuzz tests, invariants and, without --long, the longest of the others and the library's own.
// Runs the Solidity and the TypeScript tests; HARDHAT_NETWORK=<name> chooses the fork.
// Exit codes: 0 all passed, 1 a test failed, none ran, or the arguments were wrong.
import { parseArgs } from "node:util";

import hre from "hardhat";

import { closeSuite, runInParts, runSuite } from "./tooling/run-suite.js";
import { contractTests, listTestFiles, sortByRunner } from "./tooling/test-files.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    flows: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    built: { type: "boolean", default: false },
    "one-process": { type: "boolean", default: false },
    profile: { type: "string", default: "default" },
  },
});
const all = positionals.length === 0 ? listTestFiles() : sortByRunner(positionals);
const files = values.flows && !values.long ? contractTests(all) : all;
const options = {
  profile: values.profile,
  // What a fuzz test or an invariant finds does not hang on the fork.
  exclude: values.flows ? "testFuzz_|invariant_" : "",
};

if (!values.built) await hre.tasks.getTask("build").run({});
// Neither runner uses more than one processor most of the time; for one or two files another process does not pay.
const isTogether = values["one-process"] || files.solidity.length + files.mocha.length <= 2;
closeSuite(isTogether ? await runSuite(hre, files, options) : await runInParts(files, options));
