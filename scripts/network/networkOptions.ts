import { parseArgs } from "node:util";

import { OptionsError } from "../console/OptionsError.js";
import { readNumber } from "../console/readNumber.js";

import { DEFAULT_GAS_LIMIT } from "./cliqueNetwork.js";

/** What may be chosen of `npm run network`. */
export interface NetworkOptions {
  client: "geth" | "besu" | "goquorum";
  /** The client's program; geth is built where it is left out. */
  binary?: string;
  validators: number;
  period: number;
  rules: "berlin" | "london";
  gasLimit: number;
  /** The first of the ports: the nodes' RPC, then their connections with one another. */
  port: number;
  chainId: number;
  /** Folder of manifest.json and genesis.json. */
  out: string;
}

const DEFAULTS = { validators: 5, period: 1, port: 28_545, chainId: 7_741, out: "out/network" };

export const NETWORK_HELP = `npm run network [-- options]
npm run network -- genesis --help

Runs validators of a proof-of-authority chain on this machine, each a process of its own that listens on 127.0.0.1 alone,
until Ctrl-C. Gas is free. Nothing of the chain is kept, and nothing is left running, even when this is killed.

Options
  --client <name>        geth (Clique), besu or goquorum (QBFT)                  (geth)
  --binary <path>        the client's program. Without it geth 1.13.15, the last
                         that seals, is built once with Go 1.22 or later (90 s)
  --validators <number>  how many seal; of an even number Clique can be tied     (${DEFAULTS.validators})
  --period <seconds>     between blocks                                          (${DEFAULTS.period})
  --rules <fork>         berlin or london; under london a base fee of 0 can rise (berlin)
  --gas-limit <gas>      of a block                                              (${DEFAULT_GAS_LIMIT})
  --port <number>        of the first node's RPC; twice as many as validators
                         are taken from here on                                  (${DEFAULTS.port})
  --chain-id <number>                                                            (${DEFAULTS.chainId})
  --out <folder>         where manifest.json and genesis.json go                 (${DEFAULTS.out})
  -h, --help             this text

manifest.json tells the nodes' addresses, processes and logs, the chain's id, the first block's hash and the validators
(npm run manifest -- show), genesis.json the first block; both go with the network.
Clique's blocks are not final at once: believe one when 2 (N/2 + 1) blocks stand on it, as the outbox does.

Exit codes: 0 ended by Ctrl-C, 1 not started, or a node ended by itself, 2 wrong options.
`;

/**
 * Reads the command line.
 *
 * @returns the options, or "help" when that is asked for
 * @throws OptionsError
 */
export function readNetworkOptions(args: readonly string[]): NetworkOptions | "help" {
  const values = parse(args);
  if (values.help === true) return "help";
  const client = oneOf("client", values.client ?? "geth", ["geth", "besu", "goquorum"]);
  if (client !== "geth" && values.binary === undefined) {
    throw new OptionsError(`--client ${client} takes the path of its program: --binary PATH`);
  }
  const validators = readNumber("validators", values.validators, DEFAULTS.validators, 1, 30);
  return {
    client,
    ...(values.binary !== undefined && { binary: values.binary }),
    validators,
    period: readNumber("period", values.period, DEFAULTS.period, 1, 3_600),
    rules: oneOf("rules", values.rules ?? "berlin", ["berlin", "london"]),
    gasLimit: readNumber("gas-limit", values["gas-limit"], DEFAULT_GAS_LIMIT, 10_000_000, 2_000_000_000),
    port: readNumber("port", values.port, DEFAULTS.port, 1_024, 65_535 - 2 * validators),
    chainId: readNumber("chain-id", values["chain-id"], DEFAULTS.chainId, 1, 2 ** 31),
    out: values.out ?? DEFAULTS.out,
  };
}

function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === text);
  if (choice === undefined) throw new OptionsError(`--${name} takes ${choices.join(", ")}, not ${text}`);
  return choice;
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        client: text,
        binary: text,
        validators: text,
        period: text,
        rules: text,
        "gas-limit": text,
        port: text,
        "chain-id": text,
        out: text,
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
}
