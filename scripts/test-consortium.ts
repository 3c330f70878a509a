// npm run test:consortium [-- --built] [files…]
// Runs the tests that need real validators: geth processes on the loopback interface, which end with this. geth 1.13.15 is built
// once with Go 1.22 or later; where there is neither, that is a failure.
// Exit codes: 0 all passed, 1 a test failed, none ran, or there is no geth.
import { findGeth, GethMissing } from "./network/findGeth.js";
import { runScript } from "./tooling/run-command.js";
import { readCount } from "./tooling/run-suite.js";
import { listConsortiumTests } from "./tooling/test-files.js";

try {
  await findGeth(undefined, (text) => {
    console.error(text);
  });
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof GethMissing)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const files = args.some((arg) => arg.endsWith(".test.ts")) ? [] : listConsortiumTests();
  const { code, output } = await runScript("scripts/run-tests.ts", ["--one-process", ...args, ...files], {
    show: true,
  });
  const { passed, failed } = readCount(code, output);
  if (passed === 0) console.error("No test ran on real validators.");
  return failed === 0 && passed > 0 ? 0 : 1;
}
