import { readFileSync } from "node:fs";

import { confirmationsFor } from "../../src/network/consensus/confirmationsFor.js";
import { genesisHeader } from "../../src/network/genesis/genesisHeader.js";
import type { GenesisClient, GenesisOptions } from "../../src/network/genesis/Genesis.js";
import { makeGenesis } from "../../src/network/genesis/makeGenesis.js";
import { besuConfig, besuPermissions } from "./besuConfig.js";
import { BESU_IMAGE, composeFile } from "./composeFile.js";
import { gethConfig } from "./gethConfig.js";
import { GOQUORUM_ENVIRONMENT, goquorumArguments } from "./goquorumArguments.js";
import { placeNodes, type NetworkNode } from "./placeNodes.js";

/** What a deployment is made of. */
export interface DeploymentOptions {
  readonly genesis: GenesisOptions;
  /** The nodes' enodes or public keys, as far as they are known. */
  readonly enodes: readonly string[];
  /** Port of the RPC node on 127.0.0.1. */
  readonly rpcPort: number;
}

/** A deployment's files, and what to tell the person who asked for them. */
export interface Deployment {
  /** Content by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly nodes: readonly NetworkNode[];
  /** What every node must answer for block 0. */
  readonly genesisHash: string;
}

/**
 * The files of the folder that `npm run network -- genesis` writes. No key is among them.
 *
 * @throws NetworkError, OptionsError
 */
export function deploymentFiles({ genesis: options, enodes, rpcPort }: DeploymentOptions): Deployment {
  const genesis = makeGenesis(options);
  const genesisHash = genesisHeader(genesis).hash;
  const nodes = placeNodes(options.validators, enodes, options.client);
  const files = new Map([
    ["genesis.json", json(genesis)],
    ["static-nodes.json", json(nodes.map(({ enode }) => enode))],
    ...clientFiles(options, nodes, rpcPort),
    ["RUNBOOK.md", runbook(options, nodes, genesisHash, rpcPort)],
    [
      ".gitignore",
      "# Keys belong elsewhere; should one come here, it goes no further.\n*.key\nkeys/\nnodekey\nkeystore/\n",
    ],
  ]);
  return { files, nodes, genesisHash };
}

function clientFiles(options: GenesisOptions, nodes: readonly NetworkNode[], rpcPort: number): [string, string][] {
  switch (options.client) {
    case "besu":
      return [
        ["permissions.toml", besuPermissions(nodes)],
        ["compose.yaml", composeFile(nodes, options.chainId, rpcPort)],
        ...nodes.map((node): [string, string] => [`config/${node.name}.toml`, besuConfig(node, options)]),
      ];
    case "geth":
      return nodes.map((node) => [`config/${node.name}.toml`, gethConfig(node, nodes, options)]);
    case "goquorum":
      return [];
  }
}

/** The runbook with what is this network's; of `<!-- if x -->` to `<!-- end -->` what is for this client or consensus. */
function runbook(options: GenesisOptions, nodes: readonly NetworkNode[], genesisHash: string, rpcPort: number): string {
  const { client, chainId, consensus, gasLimit, rules, validators } = options;
  const isBft = consensus.kind !== "clique";
  const count = validators.length;
  const kinds = [client, consensus.kind, isBft ? "bft" : "clique", ...(count % 2 === 0 ? ["even"] : [])];
  const values: Record<string, string | number> = {
    client,
    chainId,
    consensus: { qbft: "QBFT", ibft2: "IBFT 2.0", clique: "Clique" }[consensus.kind],
    api: consensus.kind === "ibft2" ? "ibft" : "qbft",
    rules: rules === "berlin" ? "Berlin" : "London",
    periodSeconds: consensus.periodSeconds,
    epochLength: consensus.epochLength,
    timeoutSeconds: consensus.requestTimeoutSeconds ?? 2 * consensus.periodSeconds,
    gasLimit: String(gasLimit),
    genesisHash,
    image: BESU_IMAGE,
    rpcPort,
    count,
    quorum: isBft ? Math.ceil((2 * count) / 3) : Math.floor(count / 2) + 1,
    mayFail: isBft ? count - Math.ceil((2 * count) / 3) : count - Math.floor(count / 2) - 1,
    voters: Math.floor(count / 2) + 1,
    confirmations: confirmationsFor({ kind: consensus.kind, validators: count }),
    goquorumEnvironment: Object.entries(GOQUORUM_ENVIRONMENT)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
    goquorumArguments: goquorumArguments(chainId, gasLimit).join(" "),
    nodes: nodes.map((node, i) => row(node, rpcPlace(node, client, rpcPort + ((i + 1) % nodes.length)))).join("\n"),
  };
  return readFileSync(new URL("runbook.md", import.meta.url), "utf8")
    .replaceAll(/<!-- if ([a-z0-9 ]+) -->\n([\s\S]*?)<!-- end -->\n/g, (_, wanted: string, text: string) =>
      wanted.split(" ").some((kind) => kinds.includes(kind)) ? text : "",
    )
    .replaceAll(/\n{3,}/g, "\n\n")
    .replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`the runbook asks for ${name}`);
      return String(value);
    });
}

function row({ name, address, host, port }: NetworkNode, rpc: string): string {
  return `| ${name} | ${address ?? "none"} | ${host}:${port} | ${rpc} |`;
}

function rpcPlace({ address }: NetworkNode, client: GenesisClient, besuPort: number): string {
  if (client === "besu") return `127.0.0.1:${besuPort}`;
  return client === "geth" && address !== undefined ? "data/geth.ipc" : "127.0.0.1:8545";
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
