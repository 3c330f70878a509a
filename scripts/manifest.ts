// npm run manifest -- verify FILE [--rpc URL] | show FILE (`--help` explains)
// Compares a network manifest with its chain, or prints it for people.
// Exit codes: 0 all is as the manifest says, 1 something is not, 2 the options or the file are unusable, or no node answers, or it refuses to.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import type { ArtifactOf } from "../src/network/manifest/ContractArtifact.js";
import type { NetworkManifest } from "../src/network/manifest/NetworkManifest.js";
import { readManifest } from "../src/network/manifest/readManifest.js";
import { verifyManifest } from "../src/network/manifest/verifyManifest.js";
import { openNode } from "../src/network/rpc/openNode.js";

import { OptionsError } from "./console/OptionsError.js";
import { stderrProgress } from "./console/progress.js";
import { readUrlOption } from "./deploy/deployOptions.js";
import { PATIENCE } from "./deploy/patience.js";
import { tellError } from "./console/tellError.js";

const HELP = `npm run manifest -- verify FILE [--rpc URL] [options]
npm run manifest -- show FILE

verify compares a network manifest with its chain: id, genesis, consensus, validators, who holds the manager's roles, and of each
contract its creation, whom it trusts, and its code, which it compares with what the contracts compile to here. So it builds them
first: use the version that the manifest names. show prints a manifest for people.

  --rpc <url>      the node to ask, best your own; or DIWAN_RPC_URL, where an address with a password belongs, since options are
                   seen in the list of processes
  --built          the contracts are built already
  --without-code   compares code with the manifest's own hashes alone: whether it is Diwan's is then not seen
  --json           the result as JSON

Exit codes: 0 all is as the manifest says, 1 something is not, 2 the options or the file are unusable, or no node answers, or it refuses to.
`;

function readOptions(args: string[]) {
  const options = {
    rpc: { type: "string" },
    built: { type: "boolean" },
    "without-code": { type: "boolean" },
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
  const url = readUrlOption("rpc", values.rpc, "DIWAN_RPC_URL");
  if (url === undefined) throw new OptionsError("--rpc or DIWAN_RPC_URL is missing: the node to ask, best your own");
  const hasCode = Object.keys(manifest.contracts).length > 0;
  const comparesCode = hasCode && values["without-code"] !== true;
  const artifacts = comparesCode ? ownArtifacts(values.built === true) : undefined;
  const problems = await verifyManifest(manifest, openNode(url, PATIENCE), artifacts);
  const isOk = problems.length === 0;
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ ok: isOk, comparesCode, problems }, null, 2)}\n`);
    return isOk ? 0 : 1;
  }
  for (const { path: member, problem } of problems) process.stdout.write(`${member}: ${problem}\n`);
  if (isOk) process.stdout.write("The chain is as the manifest says.\n");
  if (hasCode && !comparesCode) process.stdout.write("Whether the code is Diwan's was not looked at.\n");
  return isOk ? 0 : 1;
}

/** What the contracts compile to here; they are built when the first is asked for, on the right chain. */
function ownArtifacts(isBuilt: boolean): ArtifactOf {
  const build = async () => {
    if (!isBuilt) {
      const progress = stderrProgress();
      progress.step("Build the contracts");
      await (await import("./console/buildContracts.js")).buildContracts();
      progress.end();
    }
    return (await import("./deploy/builtArtifact.js")).builtArtifact;
  };
  let built: ReturnType<typeof build> | undefined;
  return async (name) => (await (built ??= build()))(name);
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
  process.exitCode = tellError(error) ? 2 : 1;
}
