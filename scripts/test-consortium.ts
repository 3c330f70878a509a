// npm run test:consortium [-- --built] [--long] [files…]
// Runs the tests that need real validators: geth processes on the loopback interface, which end with this. geth 1.13.15 is built
// once with Go 1.22 or later; where there is neither, that is a failure. --long runs those too that only `npm run deep` does.
// Exit codes: 0 all passed, 1 a test failed, none ran, or there is no geth.
import { parseArgs } from "node:util";

import hre from "hardhat";

import { doAtOnce } from "../src/chain/doAtOnce.js";

import { findGeth, GethMissing } from "./network/findGeth.js";
import { runScript } from "./tooling/run-command.js";
import { addCount, closeSuite, readCount } from "./tooling/run-suite.js";
import { listConsortiumTests } from "./tooling/test-files.js";

/** The whole job computes, the other tests mostly wait for blocks: they run beside it. */
const JOB = "test/consortium/mainJob.test.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { built: { type: "boolean", default: false }, long: { type: "boolean", default: false } },
});

try {
  await findGeth(undefined, (text) => {
    console.error(text);
  });
  if (!values.built) await hre.tasks.getTask("build").run({ quiet: true });
  await runAll(positionals.length > 0 ? positionals : listConsortiumTests(values));
} catch (error) {
  if (!(error instanceof GethMissing)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function runAll(files: readonly string[]): Promise<void> {
  const parts = [files.filter((file) => file === JOB), files.filter((file) => file !== JOB)];
  const counts = await doAtOnce(
    parts.filter((part) => part.length > 0),
    async (part) => {
      const { code, output } = await runScript("scripts/run-tests.ts", ["--built", "--one-process", ...part]);
      console.log(output.trimEnd());
      return readCount(code, output);
    },
    parts.length,
  );
  closeSuite(addCount(...counts));
}
