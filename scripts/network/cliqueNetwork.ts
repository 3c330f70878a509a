import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { Wallet } from "ethers";

import type { GenesisRules } from "../../src/network/genesis/Genesis.js";
import { genesisHeader } from "../../src/network/genesis/genesisHeader.js";
import { makeGenesis } from "../../src/network/genesis/makeGenesis.js";
import { sortedValidators } from "../../src/network/genesis/sortedValidators.js";

import { freePorts } from "./freePorts.js";
import { type GethNode, prepareGethNode } from "./gethNode.js";
import { openHold } from "./openHold.js";
import type { RunningNetwork } from "./RunningNetwork.js";

/** What may be chosen of a network. */
export interface CliqueNetworkOptions {
  /** Path of a geth that seals: see `findGeth`. */
  geth: string;
  /** How many seal; 5 if left out. */
  validators?: number;
  /** Seconds between blocks; 1 if left out. */
  period?: number;
  /** Rules of the virtual machine; Berlin, where gas is free without a base fee, if left out. */
  rules?: GenesisRules;
  /** Gas of a block; 60 million if left out. */
  gasLimit?: number;
  /** The first of the ports; any free ones if left out. */
  port?: number;
  chainId?: number;
}

/** Validators that run on this machine, and the faults that can be brought upon them. */
export interface CliqueNetwork extends RunningNetwork {
  readonly nodes: readonly GethNode[];
  readonly rpcUrls: readonly string[];
  /** Ends nodes as a power cut would. */
  kill(indices: readonly number[]): Promise<void>;
  /** Starts nodes that were killed, connects them and, if nothing else is said, lets them seal. */
  restart(indices: readonly number[], options?: { isToSeal?: boolean }): Promise<void>;
  /** Cuts the connections between groups of nodes; those within a group stay. */
  cut(...groups: (readonly number[])[]): Promise<void>;
  /** Connects all nodes that run. */
  join(): Promise<void>;
}

/** geth dials nobody again within 35 s of the last time. */
const PEER_SECONDS = 60;
export const DEFAULT_GAS_LIMIT = 60_000_000;

/**
 * Starts a network of geth processes that seal by Clique (EIP-225), on the loopback interface alone. They are connected before
 * the first block, and they end with this process, even when it is killed.
 *
 * @throws ObstacleError for a port in use; Error with geth's own words when one does not start.
 */
export async function startCliqueNetwork(options: CliqueNetworkOptions): Promise<CliqueNetwork> {
  const { validators = 5, period = 1, rules = "berlin", gasLimit = DEFAULT_GAS_LIMIT, chainId = 7_741 } = options;
  const sealers = Array.from({ length: validators }, () => new Wallet(Wallet.createRandom().privateKey));
  const ports = await freePorts(2 * validators, options.port);
  const genesis = makeGenesis({
    consensus: { kind: "clique", periodSeconds: period, epochLength: 30_000 },
    client: "geth",
    chainId,
    validators: sealers.map(({ address }) => address),
    rules,
    gasLimit: BigInt(gasLimit),
    timestamp: Math.floor(Date.now() / 1_000),
  });

  const { folder, genesisFile, warden, publish, stop } = await openHold(genesis);
  try {
    const nodes = await Promise.all(
      sealers.map((sealer, index) => {
        const [rpcPort, p2pPort] = [ports[index]!, ports[validators + index]!];
        const own = { index, folder: join(folder, `${index}`), sealer, rpcPort, p2pPort };
        const plan = { ...own, chainId, gasLimit, peers: validators };
        return prepareGethNode(options.geth, warden, plan, genesisFile);
      }),
    );
    const links = new Links(nodes);
    await Promise.all(nodes.map((node) => node.start()));
    await links.join();
    await Promise.all(nodes.map((node) => node.seal()));
    const { hash: genesisHash } = genesisHeader(genesis);
    const first = (await nodes[0]!.ask("eth_getBlockByNumber", ["0x0", false])) as { hash: string };
    if (first.hash !== genesisHash)
      throw new Error(`geth makes block 0 ${first.hash} of the genesis of ${genesisHash}`);
    return {
      ...{ chainId, period, genesis, genesisHash, nodes, publish, stop },
      signers: sortedValidators(sealers.map(({ address }) => address)),
      rpcUrls: nodes.map(({ rpcUrl }) => rpcUrl),
      kill: async (indices) => {
        await Promise.all(indices.map((index) => nodes[index]!.kill()));
      },
      restart: async (indices, { isToSeal = true } = {}) => {
        const stopped = indices.map((index) => nodes[index]!).filter((node) => !node.isRunning);
        await Promise.all(stopped.map((node) => node.start()));
        links.forget(stopped);
        await links.join();
        if (isToSeal) await Promise.all(stopped.map((node) => node.seal()));
      },
      cut: (...groups) => links.cut(groups),
      join: () => links.join(),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Who is connected with whom. Each link is dialled by one side, once both listen: a failed dial is not repeated for 35 s. */
class Links {
  /** Who dialled last, by link: geth dials nobody twice within 35 s, so after a cut the other side does. */
  readonly #dialled = new Map<string, number>();

  constructor(readonly nodes: readonly GethNode[]) {}

  /** Nodes that were started anew have dialled nobody yet. */
  forget(started: readonly GethNode[]): void {
    for (const node of started) {
      for (const other of this.nodes) if (other !== node) this.#dialled.set(linkOf(node, other), other.index);
    }
  }

  async join(): Promise<void> {
    const running = this.nodes.filter(({ isRunning }) => isRunning);
    const links = this.#pairs(running);
    await Promise.all(
      running.flatMap((node) =>
        running.filter((other) => other !== node).map((other) => node.ask("admin_addTrustedPeer", [other.enode])),
      ),
    );
    const known = new Map(await Promise.all(running.map(async (node) => [node, await peersOf(node)] as const)));
    await Promise.all(
      links
        .filter(([a, b]) => !known.get(a)!.has(keyOf(b.enode)))
        .map(async ([a, b]) => {
          const link = linkOf(a, b);
          const [from, to] = this.#dialled.get(link) === a.index ? [b, a] : [a, b];
          this.#dialled.set(link, from.index);
          await from.ask("admin_addPeer", [to.enode]);
        }),
    );
    await Promise.all(running.map((node) => awaitPeers(node, running.length - 1)));
  }

  async cut(groups: readonly (readonly number[])[]): Promise<void> {
    const groupOf = (node: GethNode) => groups.findIndex((group) => group.includes(node.index));
    const running = this.nodes.filter(({ isRunning }) => isRunning);
    const apart = this.#pairs(running).filter(([a, b]) => groupOf(a) !== groupOf(b));
    await Promise.all(
      apart.flatMap(([a, b]) =>
        [[a, b] as const, [b, a] as const].map(async ([one, other]) => {
          await one.ask("admin_removeTrustedPeer", [other.enode]);
          await one.ask("admin_removePeer", [other.enode]);
        }),
      ),
    );
    for (const [a, b] of apart) {
      await until(async () => !(await peersOf(a)).has(keyOf(b.enode)), `node ${a.index} is still connected`);
    }
  }

  #pairs(nodes: readonly GethNode[]): (readonly [GethNode, GethNode])[] {
    return nodes.flatMap((a, i) => nodes.slice(i + 1).map((b) => [a, b] as const));
  }
}

const linkOf = (a: GethNode, b: GethNode) => [a.index, b.index].sort((x, y) => x - y).join(" ");
const keyOf = (enode: string) => enode.slice("enode://".length).split("@")[0]!;

async function peersOf(node: GethNode): Promise<Set<string>> {
  const peers = (await node.ask("admin_peers")) as { enode: string }[];
  return new Set(peers.map(({ enode }) => keyOf(enode)));
}

async function awaitPeers(node: GethNode, least: number): Promise<void> {
  await until(async () => (await peersOf(node)).size >= least, `node ${node.index} has not ${least} peers`);
}

async function until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  const end = Date.now() + PEER_SECONDS * 1_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${otherwise} after ${PEER_SECONDS} s`);
    await setTimeout(50);
  }
}
