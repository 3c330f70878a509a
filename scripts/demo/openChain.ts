import { setImmediate } from "node:timers/promises";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { network } from "hardhat";

import type { Progress } from "./progress.js";

type Connection = Awaited<ReturnType<typeof network.create>>;

/** Accounts that the job needs: see `castOf`. */
const ACCOUNTS = 50;

/** The words that Hardhat's own nodes take their accounts of. Everybody knows them. */
export const TEST_WORDS = "test test test test test test test test test test test junk";

/** A chain to work on, and how time passes on it. */
export interface DemoChain {
  connection: Connection;
  provider: Connection["ethers"]["provider"];
  signers: HardhatEthersSigner[];
  /** Resolves once the chain has a block at or after a time, in Unix seconds. */
  waitUntil(time: number): Promise<void>;
  /** The newest block's time, in Unix seconds. */
  now(): Promise<number>;
  /** Seconds of the chain's clock that a transaction takes, where that clock is not moved; else 0. */
  blockTime: number;
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
  const connection = await network.create({
    network: "localhost",
    override: {
      url,
      gasPrice: 0n,
      accounts: { mnemonic: process.env.DIWAN_MNEMONIC ?? TEST_WORDS, count: ACCOUNTS },
      ignition: { gasPrice: 0n, disableFeeBumping: true },
    },
  });
  noticeHangUps(connection);
  const chain = await chainOf(connection);
  progress.note("measuring how long a block takes");
  return {
    ...chain,
    blockTime: await measureBlockTime(chain),
    async waitUntil(time) {
      for (let now = await chain.now(); now < time; now = await chain.now()) {
        progress.note(`waiting ${time - now} s of block time`);
        await new Promise((resolve) => setTimeout(resolve, Math.min(time - now, 1) * 1_000));
        if ((await chain.now()) < time) await nudge(chain.signers[0]!);
      }
    },
  };
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

/** Of three transactions, each sent when the one before is in a block. */
async function measureBlockTime({ signers, now }: Pick<DemoChain, "signers" | "now">): Promise<number> {
  const rounds = 3;
  await nudge(signers[0]!);
  const start = await now();
  for (let i = 0; i < rounds; i++) await nudge(signers[0]!);
  return ((await now()) - start) / rounds;
}

/** Nodes that make a block only for a transaction get one that does nothing. */
async function nudge(signer: HardhatEthersSigner): Promise<void> {
  const transaction = await signer.sendTransaction({ to: signer.address, value: 0n });
  await transaction.wait();
}

async function movedChain(connection: Connection): Promise<DemoChain> {
  const chain = await chainOf(connection);
  return {
    ...chain,
    blockTime: 0,
    async waitUntil(time) {
      if ((await chain.now()) >= time) return;
      await connection.provider.request({ method: "evm_setNextBlockTimestamp", params: [time] });
      await connection.provider.request({ method: "evm_mine", params: [] });
    },
  };
}

async function chainOf(connection: Connection): Promise<Omit<DemoChain, "waitUntil" | "blockTime">> {
  const { provider, getSigners } = connection.ethers;
  return {
    connection,
    provider,
    signers: await getSigners(),
    now: async () => (await provider.getBlock("latest"))!.timestamp,
    close: async () => connection.close(),
  };
}
