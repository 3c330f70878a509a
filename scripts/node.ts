// npm run node [-- options]
// Serves a deployed, filled chain on 127.0.0.1 for front ends, until Ctrl-C. `npm run node -- --help` explains.
// Exit codes: 0 stopped by Ctrl-C, 1 the chain could not be served or filled, 2 the options are wrong.
import { parseArgs } from "node:util";

import { ObstacleError, requireFreePort } from "./console/obstacles.js";
import { OptionsError } from "./console/OptionsError.js";
import { readNumber } from "./console/readNumber.js";
import { stderrProgress } from "./console/progress.js";
import { readDemoOptions } from "./demo/options.js";
import type { ServeOptions } from "./demo/serveChain.js";

const HELP = `npm run node [-- options]

Serves a chain on 127.0.0.1 for front ends: the suite is deployed and everything that \`npm start\` does has happened
on it, in the weeks before now. It needs Node alone. Ctrl-C ends it; nothing of the chain is kept.

Options
  --port <number>        where it listens                                        (8545)
  --out <folder>         where manifest.json, the ABIs and the exports go        (out/node)
  --block-time <secs>    a block this often, besides one for each transaction    (2; 0 for none)
  --batch <number>       licences in the large Merkle batch                      (1024)
  -h, --help             this text

manifest.json tells the address of the node, the chain's id, the contracts, the accounts and what they are for, the
bodies, the citizens with the words of their wallets, and where the ABIs are. The accounts' keys come of Hardhat's well-known test words: for trying things out only.

Exit codes: 0 ended by Ctrl-C, 1 the chain could not be served or filled, 2 the options are wrong.
`;

function readOptions(args: string[]): ServeOptions | "help" {
  const text = { type: "string" } as const;
  let values;
  try {
    const options = { port: text, out: text, "block-time": text, batch: text };
    values = parseArgs({ args, options: { ...options, help: { type: "boolean", short: "h" } } }).values;
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
  if (values.help === true) return "help";
  const demo = readDemoOptions([
    "--out",
    values.out ?? "out/node",
    ...(values.batch === undefined ? [] : ["--batch", values.batch]),
  ]);
  if (demo === "help") return "help";
  return {
    port: readNumber("port", values.port, 8_545, 1, 65_535),
    blockTime: readNumber("block-time", values["block-time"], 2, 0, 3_600),
    demo,
  };
}

/** What takes long to load is loaded only when there is something to do. */
async function main(options: ServeOptions): Promise<void> {
  const progress = stderrProgress();
  await requireFreePort(options.port, `take another: npm run node -- --port ${options.port + 1}`);
  progress.step("Build the contracts");
  const { buildContracts } = await import("./console/buildContracts.js");
  await buildContracts();
  const { serveChain } = await import("./demo/serveChain.js");
  const { url, chainId, manifest, close } = await serveChain(options, progress);

  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
  });
  process.stdout.write(`Ready: ${url}, chain ${chainId}, described in ${manifest}. Ctrl-C ends it.\n`);
  await stopped;
  await close();
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(HELP);
  else await main(options);
} catch (error) {
  if (!(error instanceof OptionsError) && !(error instanceof ObstacleError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof OptionsError ? 2 : 1;
}
