import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Wallet, type BaseWallet } from "ethers";

import type { GenesisOptions, GenesisRules } from "../../src/network/genesis/Genesis.js";
import { genesisHeader } from "../../src/network/genesis/genesisHeader.js";
import { makeGenesis } from "../../src/network/genesis/makeGenesis.js";
import { sortedValidators } from "../../src/network/genesis/sortedValidators.js";
import { openNode } from "../../src/network/rpc/openNode.js";
import { runCommand } from "../tooling/run-command.js";

import { awaitNode, lastLines } from "./awaitNode.js";
import { besuConfig } from "./besuConfig.js";
import { freePorts } from "./freePorts.js";
import { GOQUORUM_ENVIRONMENT, goquorumArguments } from "./goquorumArguments.js";
import { openHold } from "./openHold.js";
import type { Warden } from "./openWarden.js";
import { placeNodes } from "./placeNodes.js";
import type { RunningNetwork, RunningNode } from "./RunningNetwork.js";

const HOST = "127.0.0.1";

/** What may be chosen of a QBFT network. */
export interface BftNetworkOptions {
  client: "besu" | "goquorum";
  /** Path of the client's program. */
  binary: string;
  validators: number;
  /** Seconds between blocks. */
  period: number;
  rules: GenesisRules;
  /** Gas of a block. */
  gasLimit: number;
  /** The first of the ports. */
  port: number;
  chainId: number;
}

/** What one node is started with. */
interface Node {
  index: number;
  folder: string;
  key: BaseWallet;
  rpcPort: number;
  p2pPort: number;
}

/**
 * Starts a network of Besu or GoQuorum processes that seal by QBFT, on the loopback interface alone; they end with this process.
 * Each signs blocks with its node's key, which is made for this run.
 *
 * @throws ObstacleError for a port in use; NetworkError for rules that the client has not; Error with the client's own words when one does not start, or
 * when it makes another block 0.
 */
export async function startBftNetwork(options: BftNetworkOptions): Promise<RunningNetwork> {
  const { client, binary, validators, period, chainId } = options;
  const ports = await freePorts(2 * validators, options.port);
  const keys = Array.from({ length: validators }, () => Wallet.createRandom());
  const plan: GenesisOptions = {
    consensus: { kind: "qbft", periodSeconds: period, epochLength: 30_000 },
    ...{ client, chainId, rules: options.rules, gasLimit: BigInt(options.gasLimit) },
    validators: keys.map(({ address }) => address),
    timestamp: Math.floor(Date.now() / 1_000),
  };
  const genesis = makeGenesis(plan);
  const { hash: genesisHash } = genesisHeader(genesis);

  const { folder, genesisFile, warden, publish, stop } = await openHold(genesis);
  try {
    const enodes = keys.map(
      ({ signingKey }, i) => `enode://${signingKey.publicKey.slice(4)}@${HOST}:${ports[validators + i]!}`,
    );
    const start = client === "besu" ? startBesu : startGoQuorum;
    const nodes = await Promise.all(
      keys.map((key, index) => {
        const [rpcPort, p2pPort] = [ports[index]!, ports[validators + index]!];
        const node: Node = { index, folder: join(folder, `${index}`), key, rpcPort, p2pPort };
        mkdirSync(node.folder);
        writeFileSync(join(node.folder, "key"), key.privateKey.slice(2), { mode: 0o600 });
        writeFileSync(join(node.folder, "static-nodes.json"), JSON.stringify(enodes.filter((_, i) => i !== index)));
        return start(warden, binary, node, { genesisFile, plan, enodes });
      }),
    );
    const [{ rpcUrl }] = nodes as [RunningNode];
    const first = await openNode(rpcUrl).send("eth_getBlockByNumber", ["0x0", false]);
    const { hash } = first as { hash: string };
    if (hash !== genesisHash) throw new Error(`${client} makes block 0 ${hash} of the genesis of ${genesisHash}`);
    const signers = sortedValidators(plan.validators);
    return { chainId, period, genesis, genesisHash, signers, nodes, publish, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the nodes of one network share. */
interface Shared {
  genesisFile: string;
  plan: GenesisOptions;
  enodes: readonly string[];
}

/** The configuration of a real deployment, with this machine's places in the place of the container's: the command line counts more. */
async function startBesu(
  warden: Warden,
  binary: string,
  node: Node,
  { genesisFile, plan, enodes }: Shared,
): Promise<RunningNode> {
  const { folder } = node;
  const own = placeNodes(plan.validators, enodes, "besu").find(({ address }) => address === node.key.address)!;
  writeFileSync(join(folder, "config.toml"), besuConfig(own, plan));
  return startNode(warden, "besu", binary, node, [
    `--config-file=${join(folder, "config.toml")}`,
    `--genesis-file=${genesisFile}`,
    `--data-path=${join(folder, "data")}`,
    `--node-private-key-file=${join(folder, "key")}`,
    `--static-nodes-file=${join(folder, "static-nodes.json")}`,
    "--permissions-nodes-config-file-enabled=false",
    ...[`--p2p-host=${HOST}`, `--p2p-interface=${HOST}`, `--p2p-port=${node.p2pPort}`],
    ...[`--rpc-http-host=${HOST}`, `--rpc-http-port=${node.rpcPort}`],
  ]);
}

async function startGoQuorum(
  warden: Warden,
  binary: string,
  node: Node,
  { genesisFile, plan }: Shared,
): Promise<RunningNode> {
  const { folder, rpcPort, p2pPort } = node;
  const { code, output } = await runCommand(binary, ["--datadir", folder, "init", genesisFile]);
  if (code !== 0) throw new Error(`goquorum did not take the genesis:\n${output.trimEnd()}`);
  // `--port` would listen on every interface.
  const config = `[Node]\nDataDir = "${folder}"\n\n[Node.P2P]\nListenAddr = "${HOST}:${p2pPort}"\nNoDiscovery = true\nMaxPeers = 50\n`;
  writeFileSync(join(folder, "config.toml"), config);
  return startNode(warden, "goquorum", binary, node, [
    ...["--config", join(folder, "config.toml"), "--nodekey", join(folder, "key"), "--nat", "none"],
    ...[...goquorumArguments(plan.chainId, plan.gasLimit), "--http.port", `${rpcPort}`],
  ]);
}

async function startNode(
  warden: Warden,
  client: string,
  binary: string,
  { index, folder, key, rpcPort }: Node,
  args: readonly string[],
): Promise<RunningNode> {
  const log = join(folder, `${client}.log`);
  const rpcUrl = `http://${HOST}:${rpcPort}`;
  const kept = await warden.start(binary, args, log, client === "goquorum" ? GOQUORUM_ENVIRONMENT : {});
  await awaitNode(client, kept, () => openNode(rpcUrl).send("eth_blockNumber", []), log);
  return {
    ...{ index, signer: key.address, rpcUrl, log, pid: kept.pid, ended: kept.ended },
    lastWords: () => lastLines(log),
  };
}
