// npm start [-- options]
// The main job, from deployment to a verified export. `npm start -- --help` explains.
// Exit codes: 0 every check passed, 1 a check failed or the job broke, 2 the options are wrong.
import { ObstacleError, requireNode } from "./demo/obstacles.js";
import { DEMO_HELP, type DemoOptions, OptionsError, readDemoOptions } from "./demo/options.js";
import { stderrProgress } from "./demo/progress.js";

/** What takes long to load is loaded only when there is something to do. */
async function main(options: DemoOptions): Promise<boolean> {
  const started = performance.now();
  if (options.rpc !== undefined) await requireNode(options.rpc);
  const progress = stderrProgress();
  progress.step("Build the contracts");
  const { buildContracts } = await import("./demo/buildContracts.js");
  await buildContracts();

  const { openOwnChain, openRemoteChain } = await import("./demo/openChain.js");
  const { historyOf, runDemo } = await import("./demo/runDemo.js");
  const { reportOf, reportText } = await import("./demo/report.js");
  const chain =
    options.rpc === undefined ? await openOwnChain(historyOf(options)) : await openRemoteChain(options.rpc, progress);
  try {
    const result = await runDemo(chain, options, progress);
    const report = reportOf(result, (performance.now() - started) / 1_000);
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    return report.ok;
  } finally {
    progress.end();
    await chain.close();
  }
}

try {
  const options = readDemoOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(DEMO_HELP);
  else process.exitCode = (await main(options)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof OptionsError || error instanceof ObstacleError)) throw error;
  console.error(`${error.message}\nnpm start -- --help explains.`);
  process.exitCode = error instanceof OptionsError ? 2 : 1;
}
