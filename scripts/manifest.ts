// npm run manifest -- verify FILE --rpc URL | show FILE (`--help` explains)
// Compares a network manifest with its chain, or prints it for people.
// Exit codes: 0 all is as the manifest says, 1 something is not, 2 the options or the file are unusable, or no node answers, or it refuses to.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import type { NetworkManifest } from "../src/network/manifest/NetworkManifest.js";
import { readManifest } from "../src/network/manifest/readManifest.js";
import { verifyManifest } from "../src/network/manifest/verifyManifest.js";
import { openNode } from "../src/network/rpc/openNode.js";

import { OptionsError } from "./demo/options.js";
import { readUrl } from "./deploy/deployOptions.js";
import { PATIENCE } from "./deploy/patience.js";
import { plainMessage } from "./deploy/plainMessage.js";

const HELP = `npm run manifest -- verify FILE --rpc URL [--json]
npm run manifest -- show FILE

verify compares a network manifest with its chain: id, genesis, consensus, validators, and of each contract its code, its creation
and whom it trusts. show prints it for people.

Exit codes: 0 all is as the manifest says, 1 something is not, 2 the options or the file are unusable, or no node answers, or it refuses to.
`;

function readOptions(args: string[]) {
  const options = {
    rpc: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
}

async function main({ values, positionals }: ReturnType<typeof readOptions>): Promise<number> {
  const [command, path, ...rest] = positionals;
  if ((command !== "verify" && command !== "show") || path === undefined || rest.length > 0) {
    throw new OptionsError(`verify or show, and one file\n\n${HELP}`);
  }
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new OptionsError(`${path} cannot be read: ${(error as Error).message}`);
  });
  const manifest = readManifest(text);
  if (command === "show") {
    process.stdout.write(describe(manifest));
    return 0;
  }
  if (values.rpc === undefined) throw new OptionsError("--rpc is missing: the node to ask, best your own");
  const problems = await verifyManifest(manifest, openNode(readUrl("rpc", values.rpc), PATIENCE));
  const isOk = problems.length === 0;
  if (values.json === true) process.stdout.write(`${JSON.stringify({ ok: isOk, problems }, null, 2)}\n`);
  else if (isOk) process.stdout.write("The chain is as the manifest says.\n");
  else process.stdout.write(problems.map((one) => `${one.path}: ${one.problem}\n`).join(""));
  return isOk ? 0 : 1;
}

function describe(manifest: NetworkManifest): string {
  const { name, chainId, genesisHash, consensus, validators, nodes = [], relay, hub, schemas, versions } = manifest;
  const lines = [
    `${name}: chain ${chainId}, genesis ${genesisHash}`,
    `sealed by ${consensus}, ${validators.length} validators${validators.map((one) => `\n  ${one}`).join("")}`,
    ...nodes.map(({ rpcUrl, signer }) => `node ${rpcUrl}${signer === undefined ? "" : ` seals as ${signer}`}`),
    `relay ${relay}${hub === undefined ? "" : ` ${hub}`}`,
    versions === undefined
      ? "nothing is deployed yet"
      : `suite ${versions.suite}, compiler ${versions.compiler}, ${schemas.length} schemas`,
    ...Object.entries({ ...manifest.contracts, ...manifest.implementations }).map(
      ([title, { address, deployBlock }]) => `  ${title.padEnd(24)} ${address}  block ${deployBlock}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.values.help === true) process.stdout.write(HELP);
  else process.exitCode = await main(options);
} catch (error) {
  const message = plainMessage(error);
  if (message === undefined) throw error;
  console.error(message);
  process.exitCode = 2;
}
