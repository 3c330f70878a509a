// npm run network [-- options], npm run network -- genesis [options]
// Runs validators on this machine until Ctrl-C, or writes what a real network is made of. `-- --help` explains.
// Exit codes: 0 ended by Ctrl-C, or written; 1 the network could not be started, or a node ended by itself; 2 wrong options.
import { ObstacleError } from "./console/obstacles.js";
import { OptionsError } from "./console/OptionsError.js";
import { stderrProgress } from "./console/progress.js";
import { NETWORK_HELP, type NetworkOptions, readNetworkOptions } from "./network/networkOptions.js";

/** Runs until it is told to stop, or until a node ends by itself. */
async function main(options: NetworkOptions): Promise<number> {
  const progress = stderrProgress();
  const { serveNetwork } = await import("./network/serveNetwork.js");
  const stopped = new Promise<number>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        resolve(0);
      });
    }
  });
  const served = await serveNetwork(options, progress, stopped);
  if (served === undefined) return 0;
  progress.end();
  process.stdout.write(served.text);
  const ended = served.nodeEnded.then((text) => {
    console.error(text);
    return 1;
  });
  const code = await Promise.race([stopped, ended]);
  await served.stop();
  return code;
}

try {
  const [first, ...rest] = process.argv.slice(2);
  if (first === "genesis") {
    const { runGenesisCommand } = await import("./network/genesisCommand.js");
    process.exitCode = await runGenesisCommand(rest);
  } else {
    const options = readNetworkOptions(process.argv.slice(2));
    if (options === "help") process.stdout.write(NETWORK_HELP);
    else process.exitCode = await main(options);
  }
} catch (error) {
  if (!(error instanceof OptionsError || error instanceof ObstacleError)) throw error;
  console.error(`${error.message}\nnpm run network -- --help explains.`);
  process.exitCode = error instanceof OptionsError ? 2 : 1;
}
