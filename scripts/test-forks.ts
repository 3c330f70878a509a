// npm run test:forks [-- [--long] <fork>…]
// The tests of contracts, without fuzz tests and invariants, under the rules of every fork that a network may be on; with
// --long the longest and the library's own too.
// Exit codes: 0 all passed on every fork, 1 otherwise.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import hre from "hardhat";

import { doAtOnce } from "../src/chain/doAtOnce.js";
import { runScript } from "./tooling/run-command.js";
import { addCount, closeSuite, type Count, readCount } from "./tooling/run-suite.js";

const FORKS = ["istanbul", "berlin", "london", "merge", "shanghai", "cancun", "prague", "osaka"];

const {
  values: { long },
  positionals: chosen,
} = parseArgs({ allowPositionals: true, options: { long: { type: "boolean", default: false } } });
const unknown = chosen.filter((fork) => !FORKS.includes(fork));
if (unknown.length > 0) throw new Error(`no such fork: ${unknown.join(", ")}; there are ${FORKS.join(", ")}`);

// Built once here, so that the runs beside each other only read.
await hre.tasks.getTask("build").run({ quiet: true });

const args = ["--flows", "--built", "--one-process", ...(long ? ["--long"] : [])];
const results = await doAtOnce(
  chosen.length > 0 ? chosen : FORKS,
  async (fork): Promise<Count> => {
    const started = performance.now();
    const { code, output } = await runScript("scripts/run-tests.ts", args, { env: { HARDHAT_NETWORK: fork } });
    const count = readCount(code, output);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.log(`${fork.padEnd(9)} ${count.passed} passed, ${count.failed} failed, ${seconds} s`);
    if (count.failed > 0) console.log(output);
    return count;
  },
  Math.min(2, availableParallelism()),
);

closeSuite(addCount(...results));
