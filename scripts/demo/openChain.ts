import { Agent } from "node:http";
import { setImmediate } from "node:timers/promises";

import { FetchRequest, HDNodeWallet, JsonRpcProvider, Mnemonic, type Provider } from "ethers";
import { network } from "hardhat";

import type { Progress } from "../console/progress.js";

import { type Account, FreeAccount } from "./freeAccount.js";

type Connection = Awaited<ReturnType<typeof network.create>>;

/** Accounts that the job needs: see `castOf`. */
const ACCOUNTS = 50;

/** The words that Hardhat's own nodes take their accounts of. Everybody knows them. */
export const TEST_WORDS = "test test test test test test test test test test test junk";

/** A chain to work on, and how time passes on it. */
export interface DemoChain {
  connection: Connection;
  provider: Provider & { send(method: string, params: unknown[]): Promise<unknown> };
  signers: Account[];
  /** Resolves once the chain has a block at or after a time, in Unix seconds. */
  waitUntil(time: number): Promise<void>;
  /** The newest block's time, in Unix seconds. */
  now(): Promise<number>;
  /** Seconds of the chain's clock that a transaction takes, where that clock is not moved; else 0. */
  blockTime: number;
  /** Whether what is sent at once gets into one block; else each transaction makes its own, and takes its second. */
  sharesBlocks: boolean;
  /** How the network seals, where its genesis block is known. */
  clique?: { genesisHash: string; period: number; epoch: number; signers: number };
  close(): Promise<void>;
}

/**
 * A chain inside this process, whose clock can be moved.
 *
 * @param history How many seconds the job is going to take, so that the chain starts as long ago and ends about now.
 */
export async function openOwnChain(history: number): Promise<DemoChain> {
  const initialDate = new Date(Date.now() - history * 1_000);
  const connection = await network.create({ override: { initialDate } });
  return movedChain(connection);
}

/** A chain in another process that lets its clock be moved: the one that `npm run node` serves, while it is filled. */
export async function openServedChain(url: string): Promise<DemoChain> {
  const connection = await network.create({ network: "localhost", override: { url, accounts: "remote" } });
  noticeHangUps(connection);
  return movedChain(connection);
}

/** A chain behind a node, with free gas and a clock of its own: what is not yet so is waited for. */
export async function openRemoteChain(url: string, progress: Progress): Promise<DemoChain> {
  const words = process.env.DIWAN_MNEMONIC ?? TEST_WORDS;
  const connection = await network.create({
    network: "localhost",
    override: {
      url,
      gasPrice: 0n,
      accounts: { mnemonic: words, count: ACCOUNTS },
      ignition: { gasPrice: 0n, disableFeeBumping: true },
    },
  });
  noticeHangUps(connection);
  const provider = openProvider(url);
  const tree = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(words), "m/44'/60'/0'/0");
  const signers = Array.from({ length: ACCOUNTS }, (_, i) => new FreeAccount(tree.deriveChild(i).privateKey, provider));
  const now = async () => (await provider.getBlock("latest"))!.timestamp;
  progress.note("measuring how long a block takes");
  const measured = await measureBlocks(signers, now);
  // Often enough to lose little of a block's time, and no more often.
  provider.pollingInterval = Math.min(500, Math.max(50, measured.blockTime * 100));
  return {
    ...{ connection, provider, signers, now, ...measured },
    async waitUntil(time) {
      for (let at = await now(); at < time; at = await now()) {
        progress.note(`waiting ${time - at} s of block time`);
        await new Promise((resolve) => setTimeout(resolve, Math.min(time - at, 1) * 1_000));
        if ((await now()) < time) await nudge(signers[0]!);
      }
    },
    async close() {
      provider.destroy();
      await connection.close();
    },
  };
}

/**
 * Ethers' own provider, as this job needs it: each request has a connection of its own, though few at a time, since a server
 * hangs up on whoever is silent while it computes; no answer is remembered, since a block may follow at any time; and not every node takes several requests at once.
 */
function openProvider(url: string): JsonRpcProvider {
  const request = new FetchRequest(url);
  if (url.startsWith("http:"))
    request.getUrlFunc = FetchRequest.createGetUrlFunc({ agent: new Agent({ maxSockets: 64 }) });
  const options = { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1, pollingInterval: 50 };
  return new JsonRpcProvider(request, undefined, options);
}

/**
 * The job computes for seconds at a time, and a server hangs up on whoever is silent that long. Before each request this process
 * therefore hears what came in meanwhile, or it would write to a connection that is no more.
 */
function noticeHangUps({ provider }: Connection): void {
  const request = provider.request.bind(provider);
  provider.request = async (asked) => {
    // Two turns: the first may end before what waits at the sockets is read.
    await setImmediate();
    await setImmediate();
    return request(asked) as Promise<unknown>;
  };
}

/** How long a transaction takes, of one that is sent when another is in a block; and then what becomes of three sent at once. */
async function measureBlocks(
  signers: readonly Account[],
  now: () => Promise<number>,
): Promise<Pick<DemoChain, "blockTime" | "sharesBlocks">> {
  const chosen = signers.slice(0, 3);
  await nudge(chosen[0]!);
  const start = await now();
  await nudge(chosen[0]!);
  const alone = (await now()) - start;
  const blocks = await Promise.all(chosen.map(nudge));
  // All three in blocks of their own is no accident, two blocks may be: one came about while they were sent.
  const sharesBlocks = new Set(blocks).size < chosen.length;
  return { blockTime: sharesBlocks ? ((await now()) - start) / 2 : alone, sharesBlocks };
}

/** Nodes that make a block only for a transaction get one that does nothing; resolves with that block's number. */
async function nudge(signer: Account): Promise<number> {
  const transaction = await signer.sendTransaction({ to: signer.address, value: 0n, gasLimit: 21_000n });
  return (await transaction.wait())!.blockNumber;
}

async function movedChain(connection: Connection): Promise<DemoChain> {
  const chain = await chainOf(connection);
  return {
    ...chain,
    blockTime: 0,
    sharesBlocks: false,
    async waitUntil(time) {
      if ((await chain.now()) >= time) return;
      await connection.provider.request({ method: "evm_setNextBlockTimestamp", params: [time] });
      await connection.provider.request({ method: "evm_mine", params: [] });
    },
  };
}

async function chainOf(connection: Connection): Promise<Omit<DemoChain, "waitUntil" | "blockTime" | "sharesBlocks">> {
  const { provider, getSigners } = connection.ethers;
  return {
    connection,
    provider,
    signers: await getSigners(),
    now: async () => (await provider.getBlock("latest"))!.timestamp,
    close: async () => connection.close(),
  };
}
