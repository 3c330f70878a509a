// npm run preflight -- --network NAME | --rpc URL (`--help` explains)
// Looks whether a network is fit for the suite, and sends nothing.
// Exit codes: 0 no check failed, 1 a check failed, 2 the options are wrong or no node answers.
import { parseArgs } from "node:util";

import { askNode } from "../src/network/preflight/askNode.js";
import { preflight } from "../src/network/preflight/preflight.js";
import { openNode } from "../src/network/rpc/openNode.js";

import { OptionsError } from "./console/OptionsError.js";
import { readAddress, readChainId, readUrlOption } from "./deploy/deployOptions.js";
import { PATIENCE } from "./deploy/patience.js";
import { renderFindings } from "./deploy/renderFindings.js";
import { tellError } from "./console/tellError.js";
import { chainIdOf, profileOf, urlOf } from "./deploy/target.js";

const HELP = `npm run preflight -- --network NAME | --rpc URL [options]

Looks whether a network is fit for the suite: chain id, client, fees, blocks, instructions, code size, log range, proofs of
old state, validators, and the account that is to deploy. It only reads. npm run deploy does it first, too.

Options
  --network <name>          local, consortium, besuQbft, lacchain or rbb, with the chain id that is pinned for it
  --rpc <url>               the node, in place of DIWAN_RPC_URL, where an address with a password goes: options are
                            seen in the list of processes
  --expect-chain-id <id>    the chain's id, where the network pins none
  --from <address>          the account that is to deploy
  --json                    the report as JSON, with what the node answered
  -h, --help                this text

Exit codes: 0 no check failed (there may be warnings), 1 a check failed, 2 wrong options or no node.
`;

function readOptions(args: string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { network: text, rpc: text, "expect-chain-id": text, from: text, json: flag };
  try {
    return parseArgs({ args, options: { ...options, help: { ...flag, short: "h" } } }).values;
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
}

async function main(values: ReturnType<typeof readOptions>): Promise<number> {
  const { network, rpc, from } = values;
  const profile = network === undefined ? undefined : profileOf(network);
  // Of a network Hardhat knows the variable, and the keystore before it.
  const given = profile !== undefined && rpc === undefined ? undefined : readUrlOption("rpc", rpc, "DIWAN_RPC_URL");
  if (profile === undefined && given === undefined) {
    throw new OptionsError("--network or --rpc is missing, and DIWAN_RPC_URL is not set: see --help");
  }
  const expectChainId = chainIdOf(profile ?? {}, readChainId(values["expect-chain-id"]).expectChainId);
  const node = openNode(profile === undefined ? given! : await urlOf(profile, given), PATIENCE);
  const answers = await askNode(node, from === undefined ? undefined : readAddress("from", from));
  const findings = preflight(answers, expectChainId === undefined ? {} : { chainId: expectChainId });
  const isOk = !findings.some(({ level }) => level === "fail");
  if (values.json === true) {
    const plain = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
    process.stdout.write(`${JSON.stringify({ ok: isOk, findings, answers }, plain, 2)}\n`);
  } else process.stdout.write(renderFindings(findings));
  return isOk ? 0 : 1;
}

try {
  const values = readOptions(process.argv.slice(2));
  if (values.help === true) process.stdout.write(HELP);
  else process.exitCode = await main(values);
} catch (error) {
  process.exitCode = tellError(error) ? 2 : 1;
}
