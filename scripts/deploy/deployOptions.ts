import { parseArgs } from "node:util";

import { isAddress } from "ethers";

import { addressOption } from "../console/addressOption.js";
import { OptionsError } from "../console/OptionsError.js";
import { readNumber } from "../console/readNumber.js";

/** What a person may choose of a deployment. */
export interface DeployOptions {
  network: string;
  rpc?: string;
  parameters: string;
  out: string;
  json: boolean;
  /** The contracts are built already. */
  built: boolean;
  expectChainId?: bigint;
  /** A remote signer's address and the account that it signs for. */
  remote?: { url: string; from: string };
  /** LACChain's writer node that bears the gas. */
  writerNode?: string;
  /** Milliseconds between two looks for a new block. */
  polling: number;
}

/** What `npm run deploy -- --help` prints. */
export const DEPLOY_HELP = `npm run deploy -- --network NAME [options]

Deploys the suite to a network and writes its manifest. Preflight comes first, and stops it where a check fails. Killed at
any point and started again with the same options, it goes on where it was; nothing is deployed twice.

Networks
  local        127.0.0.1:8545, chain 31337, with the key that everybody knows: for trying things out
  consortium   any node, by DIWAN_RPC_URL or --rpc
  besuQbft     the same, for Besu
  lacchain     LACChain Mainnet-Omega, chain 648541, through its relay hub, which the parameters name
  rbb          Rede Blockchain Brasil, chain 12120014

Options
  --network <name>          which of them
  --parameters <file>       of the suite               (ignition/parameters/<network>.json)
  --rpc <url>               the node, in place of DIWAN_RPC_URL, where an address with a password goes: options are
                            seen in the list of processes
  --expect-chain-id <id>    the chain's id, where the network pins none
  --signer <url>            a remote signer that is asked by eth_signTransaction, in place of DIWAN_SIGNER_URL
  --from <address>          the account that it signs for
  --writer-node <address>   on lacchain, the writer node that bears the gas
  --polling <ms>            between two looks for a new block                          (1000)
  --out <folder>            where deployments go: journal and manifest, in a folder named by network, chain id and
                            genesis hash                                               (out/deployments)
  --built                   the contracts are built already
  --json                    the result as JSON
  -h, --help                this text

The key is DIWAN_DEPLOYER_KEY in Hardhat's encrypted keystore (npm exec -- hardhat keystore set DIWAN_DEPLOYER_KEY), or in the
environment; never in a file of the project, and a .env is refused. docs/deploying.md has it all in order.

Exit codes: 0 deployed, and the manifest agrees with the chain; 1 a check failed or the deployment broke; 2 wrong options.
`;

/**
 * Reads the command line.
 *
 * @throws OptionsError
 */
export function readDeployOptions(args: string[]): DeployOptions | "help" {
  const values = parse(args);
  if (values.help === true) return "help";
  const { network, from } = values;
  const rpc = values.rpc === undefined ? undefined : readUrlOption("rpc", values.rpc, "DIWAN_RPC_URL");
  // The variable alone asks for nothing: --from says that there is a remote signer.
  const signer = (values.signer ?? from) ? readUrlOption("signer", values.signer, "DIWAN_SIGNER_URL") : undefined;
  if (network === undefined) throw new OptionsError("--network is missing: see --help");
  if ((signer === undefined) !== (from === undefined))
    throw new OptionsError("--signer (or DIWAN_SIGNER_URL) and --from go together");
  return {
    network,
    ...(rpc !== undefined && { rpc }),
    parameters: values.parameters ?? `ignition/parameters/${network}.json`,
    out: values.out ?? "out/deployments",
    json: values.json ?? false,
    built: values.built ?? false,
    ...readChainId(values["expect-chain-id"]),
    ...(signer !== undefined && { remote: { url: signer, from: readAddress("from", from!) } }),
    ...(values["writer-node"] !== undefined && { writerNode: readAddress("writer-node", values["writer-node"]) }),
    polling: readNumber("polling", values.polling, 1_000, 50, 60_000),
  };
}

/** The id that a chain must have, out of an option. */
export function readChainId(text: string | undefined): { expectChainId?: bigint } {
  if (text === undefined) return {};
  return { expectChainId: BigInt(readNumber("expect-chain-id", text, 0, 1, 999_999_999_999)) };
}

/** An http address, out of an option or else the environment. It is not repeated where it is wrong: it may hold a password. */
export function readUrlOption(name: string, given: string | undefined, variable: string): string | undefined {
  const text = addressOption(name, given, variable);
  if (text === undefined || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) return text;
  throw new OptionsError(`${given === undefined ? variable : `--${name}`} takes an http or https address`);
}

/** An account's address, out of an option. */
export function readAddress(name: string, text: string): string {
  const isRight: boolean = isAddress(text);
  if (isRight) return text;
  throw new OptionsError(`--${name} takes an address, not ${text}`);
}

function parse(args: string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args,
      options: {
        ...{ network: text, parameters: text, rpc: text, "expect-chain-id": text, signer: text, from: text },
        "writer-node": text,
        ...{ polling: text, out: text, json: flag, built: flag },
        help: { ...flag, short: "h" },
      },
    }).values;
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
}
