import { randomInt } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import type { GenesisClient, GenesisConsensus, GenesisRules } from "../../src/network/genesis/Genesis.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { OptionsError } from "../console/OptionsError.js";
import { readNumber } from "../console/readNumber.js";
import { deploymentFiles, type Deployment, type DeploymentOptions } from "./deploymentFiles.js";

const HELP = `npm run network -- genesis --validators ADDRESS,… --out FOLDER [options]

Writes the folder that a network is deployed from: genesis.json, static-nodes.json, the nodes' configuration, for Besu
compose.yaml and permissions.toml, and RUNBOOK.md. No key is made, asked for or written: every organization makes its
validator's key where it stays, and tells the address and the public key.

  --validators <list>       the first validators' addresses, with commas between them
  --out <folder>            where the files go; it must be empty, or not be there
  --enodes <list>           enode://KEY@IP:PORT of nodes that have a place, or for Besu KEY of those in compose's own network;
                            one that is no validator's is the RPC node's. In any order; for geth, whose signers' keys
                            are not the nodes', in that of the validators. Those left out are written as
                            PUT_THE_PUBLIC_KEY_OF_…_HERE, and nothing starts before they are put in
  --client <name>           besu, goquorum or geth               (besu; geth for Clique)
  --consensus <name>        qbft, ibft2 (both Besu) or clique    (qbft; clique for geth)
  --rules <name>            berlin or london                     (berlin)
  --chain-id <number>       1 to 999999999999                    (by chance)
  --period <seconds>        between blocks                       (2)
  --timeout <seconds>       of a first round, not for Clique     (twice the period)
  --epoch <blocks>          after which votes are forgotten      (30000)
  --gas-limit <gas>         of a block                           (30000000)
  --timestamp <seconds>     block 0's time, since 1970           (now)
  --rpc-port <port>         of the RPC node on 127.0.0.1; Besu's validators have those after it (8545)
  --force                   write into a folder that is not empty, over files of the same names
  -h, --help                this text

The hash of block 0 is printed, and stands in RUNBOOK.md: every node must have the same. A run with the same options, --chain-id and
--timestamp among them, gives the same block 0; how to repeat it is printed.

Exit codes: 0 written, 2 the options are wrong, or the folder is not empty or cannot be written.
`;

/**
 * Writes a deployment's folder. `--help` explains.
 *
 * @param args Those after `genesis`.
 * @returns the exit code
 */
export async function runGenesisCommand(args: readonly string[]): Promise<number> {
  try {
    const command = readCommand(args);
    if (command === "help") {
      process.stdout.write(HELP);
      return 0;
    }
    requireEmpty(command.out, command.isForced);
    const deployment = deploymentFiles(command.deployment);
    await writeFiles(command.out, deployment.files);
    process.stdout.write(report(command, deployment));
    return 0;
  } catch (error) {
    if (!(error instanceof OptionsError) && !(error instanceof NetworkError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function writeFiles(out: string, files: Deployment["files"]): Promise<void> {
  try {
    for (const [path, content] of files) {
      const file = join(out, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  } catch (error) {
    throw new OptionsError(`${out} cannot be written: ${(error as Error).message}`);
  }
}

interface Command {
  readonly out: string;
  readonly isForced: boolean;
  readonly deployment: DeploymentOptions;
}

function readCommand(args: readonly string[]): Command | "help" {
  const values = parse(args);
  if (values.help === true) return "help";
  if (values.validators === undefined) throw new OptionsError("--validators is missing; --help explains");
  if (values.out === undefined) throw new OptionsError("--out is missing; --help explains");
  // What is no client, consensus or rule is refused by the genesis itself.
  const client = (values.client ?? (values.consensus === "clique" ? "geth" : "besu")) as GenesisClient;
  const kind = (values.consensus ?? (client === "geth" ? "clique" : "qbft")) as GenesisConsensus["kind"];
  const consensus: GenesisConsensus = {
    kind,
    periodSeconds: readNumber("period", values.period, 2, 1, 3_600),
    epochLength: readNumber("epoch", values.epoch, 30_000, 2, 100_000_000),
    ...(values.timeout !== undefined && { requestTimeoutSeconds: readNumber("timeout", values.timeout, 0, 1, 3_600) }),
  };
  return {
    out: values.out,
    isForced: values.force ?? false,
    deployment: {
      genesis: {
        consensus,
        client,
        chainId: readNumber("chain-id", values["chain-id"], randomInt(1_000_000, 2 ** 31), 1, 999_999_999_999),
        validators: list(values.validators),
        rules: (values.rules ?? "berlin") as GenesisRules,
        gasLimit: BigInt(readNumber("gas-limit", values["gas-limit"], 30_000_000, 5_000, 999_999_999_999)),
        timestamp: readNumber("timestamp", values.timestamp, Math.floor(Date.now() / 1_000), 0, 999_999_999_999),
      },
      enodes: list(values.enodes ?? ""),
      rpcPort: readNumber("rpc-port", values["rpc-port"], 8_545, 1, 65_000),
    },
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const names = [
    "validators",
    "out",
    "enodes",
    "client",
    "consensus",
    "rules",
    "chain-id",
    "period",
    "timeout",
  ] as const;
  const others = ["epoch", "gas-limit", "timestamp", "rpc-port"] as const;
  const options = Object.fromEntries([...names, ...others].map((name) => [name, text])) as Record<
    (typeof names)[number] | (typeof others)[number],
    typeof text
  >;
  try {
    return parseArgs({ args: [...args], options: { ...options, force: flag, help: { ...flag, short: "h" } } }).values;
  } catch (error) {
    throw new OptionsError(error instanceof Error ? error.message : String(error));
  }
}

function list(text: string): string[] {
  return text.split(/[\s,]+/).filter((item) => item !== "");
}

function requireEmpty(out: string, isForced: boolean): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) throw new OptionsError(`--out takes a folder, and ${out} is a file`);
  if (!isForced && readdirSync(out).length > 0) {
    throw new OptionsError(`${out} is not empty: name another folder, or add --force to write over what is there`);
  }
}

function report({ out, deployment: { genesis } }: Command, { files, nodes, genesisHash }: Deployment): string {
  const missing = nodes.filter(({ isPlaceholder }) => isPlaceholder).map(({ name }) => name);
  const lines = [
    `${files.size} files in ${out}; begin with RUNBOOK.md`,
    `chain    ${genesis.chainId}`,
    `block 0  ${genesisHash}`,
    ...(missing.length > 0 ? [`still without a public key: ${missing.join(", ")}`] : []),
    ...warnings(genesis.consensus.kind, genesis.validators.length, genesis.rules),
    `for the same block 0 once more (with --enodes, say): the same options, and`,
    `  --chain-id ${genesis.chainId} --timestamp ${genesis.timestamp} --force`,
  ];
  return `${lines.join("\n")}\n`;
}

function warnings(kind: GenesisConsensus["kind"], count: number, rules: GenesisRules): string[] {
  return [
    ...(kind === "clique" && count % 2 === 0
      ? [`warning: ${count} signers of Clique can tie for ever; an odd number cannot`]
      : []),
    ...(kind === "clique" && rules === "london"
      ? ["warning: one block more than half full ends free gas under London; Berlin has none of that"]
      : []),
    ...(kind !== "clique" && count < 4 ? [`warning: with ${count} validators none may fail; four bear one`] : []),
  ];
}
