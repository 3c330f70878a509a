import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { encryptKeystoreJsonSync, Wallet, type SigningKey } from "ethers";

import { runCommand } from "../tooling/run-command.js";

import { awaitNode, lastLines } from "./awaitNode.js";
import { askIpc } from "./ipc.js";
import type { KeptProcess, Warden } from "./openWarden.js";
import type { RunningNode } from "./RunningNetwork.js";

const HOST = "127.0.0.1";
/** What geth reads once, at its start, to open the key that seals. */
const PASSWORD = "a key that seals on this machine alone";

/** What one node is made of. */
export interface GethNodePlan {
  /** From 0 on. */
  index: number;
  /** Folder that the node keeps its state in. */
  folder: string;
  /** The key that it seals with. */
  sealer: Wallet;
  rpcPort: number;
  p2pPort: number;
  chainId: number;
  /** Gas of a block: sealers vote it up or down to what they are told, a 1,024th a block. */
  gasLimit: number;
  /** How many others it may be connected with. */
  peers: number;
}

/** A geth process that seals blocks, and what can be done with it. */
export interface GethNode extends RunningNode {
  /** How others reach it. */
  readonly enode: string;
  readonly isRunning: boolean;
  /** Starts it, without a connection to others, and without sealing. */
  start(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Lets it take transactions that pay nothing, and seal. */
  seal(): Promise<void>;
  /** Asks it over its socket. */
  ask(method: string, params?: readonly unknown[]): Promise<unknown>;
}

/**
 * Prepares a node: its keys, its configuration and its first block.
 *
 * @param geth Path of the program.
 * @param genesis Path of the file with the genesis.
 * @throws Error with geth's own words when the genesis is refused.
 */
export async function prepareGethNode(
  geth: string,
  warden: Warden,
  plan: GethNodePlan,
  genesis: string,
): Promise<GethNode> {
  const { folder, sealer } = plan;
  mkdirSync(join(folder, "geth"), { recursive: true });
  mkdirSync(join(folder, "keystore"), { recursive: true });
  const nodeKey = Wallet.createRandom().signingKey;
  write(join(folder, "geth", "nodekey"), nodeKey.privateKey.slice(2));
  // The file lies beside its password, and both end with the network: there is nothing to make slow.
  write(
    join(folder, "keystore", "sealer.json"),
    encryptKeystoreJsonSync(sealer, PASSWORD, { scrypt: { N: 2, r: 8, p: 1 } }),
  );
  write(join(folder, "password"), PASSWORD);
  write(join(folder, "config.toml"), configOf(plan));
  const { code, output } = await runCommand(geth, ["init", "--datadir", folder, genesis]);
  if (code !== 0) throw new Error(`geth did not take the genesis:\n${output.trimEnd()}`);

  const socket = join(folder, "geth.ipc");
  const log = join(folder, "geth.log");
  const ask: GethNode["ask"] = (method, params) => askIpc(socket, method, params);
  let kept: KeptProcess | undefined;
  return {
    index: plan.index,
    signer: sealer.address,
    rpcUrl: `http://${HOST}:${plan.rpcPort}`,
    enode: enodeOf(nodeKey, plan.p2pPort),
    log,
    get isRunning() {
      return kept !== undefined && kept.endedBy === undefined;
    },
    get pid() {
      return kept?.pid ?? 0;
    },
    get ended() {
      return kept?.ended ?? Promise.resolve("never started");
    },
    lastWords: () => lastLines(log),
    async start() {
      const args = ["--config", join(folder, "config.toml"), "--datadir", folder, "--gcmode", "archive"];
      const unlock = ["--unlock", sealer.address, "--password", join(folder, "password"), "--allow-insecure-unlock"];
      const seal = ["--miner.etherbase", sealer.address, "--nat", "none", "--ipcpath", socket];
      kept = await warden.start(geth, [...args, ...unlock, ...seal], log);
      // It answers before it has opened the key that seals, and would then fail at its first block, for ever.
      await awaitNode("geth", kept, () => ask("eth_sign", [sealer.address, "0x"]), log);
    },
    async kill() {
      await kept?.signal("SIGKILL");
    },
    async seal() {
      // geth raises a price of 0 in its configuration to 1 gwei without a word, and would pass on no free transaction.
      await ask("miner_setGasPrice", ["0x0"]);
      await ask("miner_start", []);
    },
    ask,
  };
}

/** Nothing here but geth reads it. */
function write(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}

function enodeOf(key: SigningKey, port: number): string {
  return `enode://${key.publicKey.slice(4)}@${HOST}:${port}?discport=0`;
}

/**
 * Its names are geth's own; a table that is given in part is zero in the rest. `--port` would listen on every interface, so the
 * address stands here. The port for a consensus client, which Clique has none of, cannot be left out: it is any free one.
 */
function configOf({ chainId, gasLimit, rpcPort, p2pPort, peers }: GethNodePlan): string {
  return `[Eth]
NetworkId = ${chainId}
SyncMode = "full"

[Eth.Miner]
GasCeil = ${gasLimit}
Recommit = 1000000000

[Eth.GPO]
Blocks = 20
Percentile = 60
MaxHeaderHistory = 1024
MaxBlockHistory = 1024
Default = 0
MaxPrice = 500000000000
IgnorePrice = 2

[Eth.TxPool]
Locals = []
AccountSlots = 8192
GlobalSlots = 32768
AccountQueue = 8192
GlobalQueue = 32768

[Node]
HTTPHost = "${HOST}"
HTTPPort = ${rpcPort}
HTTPVirtualHosts = ["localhost"]
AuthAddr = "${HOST}"
AuthPort = 0
HTTPModules = ["eth", "net", "web3", "clique", "txpool"]

[Node.P2P]
MaxPeers = ${peers}
NoDiscovery = true
BootstrapNodes = []
BootstrapNodesV5 = []
StaticNodes = []
TrustedNodes = []
ListenAddr = "${HOST}:${p2pPort}"
DialRatio = 1
EnableMsgEvents = false
`;
}
