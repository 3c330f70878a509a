// npm run test:forks [-- [--long] <fork>…]
// The tests of contracts, without fuzz tests and invariants, under the rules of every fork that a network may be on; with
// --long the longest and the library's own too.
// Exit codes: 0 all passed on every fork, 1 otherwise.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import hre from "hardhat";

import { runScript } from "./tooling/run-command.js";

const FORKS = ["istanbul", "berlin", "london", "merge", "shanghai", "cancun", "prague", "osaka"];

const {
  values: { long },
  positionals: chosen,
} = parseArgs({ allowPositionals: true, options: { long: { type: "boolean", default: false } } });
const unknown = chosen.filter((fork) => !FORKS.includes(fork));
if (unknown.length > 0) throw new Error(`no such fork: ${unknown.join(", ")}; there are ${FORKS.join(", ")}`);

// Built once here, so that the runs beside each other only read.
await hre.tasks.getTask("build").run({ quiet: true });

const queue = chosen.length > 0 ? chosen : FORKS;
const results: { passed: number; failed: number }[] = [];
const waiting = [...queue];

async function work(): Promise<void> {
  for (let fork = waiting.shift(); fork !== undefined; fork = waiting.shift()) {
    const started = performance.now();
    const { code, output } = await runScript(
      "scripts/run-tests.ts",
      ["--flows", "--built", ...(long ? ["--long"] : [])],
      {
        env: { HARDHAT_NETWORK: fork },
      },
    );
    const [, passed = "0", failed = "0"] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.log(`${fork.padEnd(9)} ${passed} passed, ${failed} failed, ${seconds} s`);
    if (code !== 0) console.log(output);
    // A run that broke before its closing line counts as one failure.
    results.push({ passed: Number(passed), failed: code === 0 ? Number(failed) : Math.max(1, Number(failed)) });
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
