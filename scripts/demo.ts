// npm start [-- options]
// The main job, from deployment to a verified export. `npm start -- --help` explains.
// Exit codes: 0 every check passed, 1 a check failed or the job broke, 2 the options are wrong.
import { ObstacleError, requireNode } from "./console/obstacles.js";
import type { DemoChain } from "./demo/openChain.js";
import { OptionsError } from "./console/OptionsError.js";
import { DEMO_HELP, type DemoOptions, readDemoOptions } from "./demo/options.js";
import { type Progress, stderrProgress } from "./console/progress.js";

/** What takes long to load is loaded only when there is something to do. */
async function main(options: DemoOptions): Promise<boolean> {
  const started = performance.now();
  if (options.rpc !== undefined) await requireNode(options.rpc);
  const progress = stderrProgress();
  progress.step("Build the contracts");
  const { buildContracts } = await import("./console/buildContracts.js");
  await buildContracts();

  const { runDemo } = await import("./demo/runDemo.js");
  const { reportOf, reportText } = await import("./demo/report.js");
  const chain = await openChain(options, progress);
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

async function openChain(options: DemoOptions, progress: Progress): Promise<DemoChain> {
  if (options.network !== undefined) return (await import("./demo/openConsortium.js")).openConsortium(progress);
  const { openOwnChain, openRemoteChain } = await import("./demo/openChain.js");
  if (options.rpc !== undefined) return openRemoteChain(options.rpc, progress);
  const { historyOf } = await import("./demo/runDemo.js");
  return openOwnChain(historyOf(options));
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
