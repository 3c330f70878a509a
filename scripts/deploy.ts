// npm run deploy -- --network NAME (`--help` explains)
// Deploys the suite to a network, after preflight, and writes its manifest; killed and run again, it goes on.
// Exit codes: 0 deployed and verified, 1 a check failed or the deployment broke, 2 the options are wrong.
import { OptionsError } from "./console/OptionsError.js";
import { stderrProgress } from "./console/progress.js";
import { DEPLOY_HELP, type DeployOptions, readDeployOptions } from "./deploy/deployOptions.js";
import { renderFindings } from "./deploy/renderFindings.js";
import { tellError } from "./console/tellError.js";

async function main(options: DeployOptions): Promise<number> {
  const { runDeploy } = await import("./deploy/runDeploy.js");
  const { findings, manifest, problems } = await runDeploy(options, stderrProgress(), (found) => {
    process.stderr.write(renderFindings(found));
  });
  const isOk = manifest !== undefined && problems.length === 0;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ok: isOk, manifest, problems, findings }, null, 2)}\n`);
    return isOk ? 0 : 1;
  }
  for (const { path, problem } of problems) console.error(`${path}: ${problem}`);
  if (manifest === undefined) console.error("Nothing was deployed: mend what failed above, and start again.");
  else process.stdout.write(`Deployed${isOk ? " and verified" : ""}: ${manifest}\n`);
  return isOk ? 0 : 1;
}

try {
  const options = readDeployOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(DEPLOY_HELP);
  else process.exitCode = await main(options);
} catch (error) {
  tellError(error);
  process.exitCode = error instanceof OptionsError ? 2 : 1;
}
