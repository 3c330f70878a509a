import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Wallet } from "ethers";

import { openOutbox, type Outbox, type OutboxOptions } from "../../src/network/outbox/openOutbox.js";
import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { sqliteStore } from "../../src/network/outbox/sqliteStore.js";
import { openNodes } from "../../src/network/rpc/openNodes.js";
import { FakeChain, type FakeNode, type Fault, serveChain } from "./fakeChain.js";

/** For the tests alone. */
export const SIGNER = new Wallet(`0x${"5a".repeat(32)}`);
/** A contract, if it were one. */
export const CONTRACT = "0x00000000000000000000000000000000000000c0";

export const CALL = { to: CONTRACT, data: "0x01", gasLimit: 100_000n };

/** A call whose data is a number. */
export function numbered(number: number) {
  return { ...CALL, data: `0x${number.toString(16).padStart(8, "0")}` };
}

/** The numbers that `numbered` wrote, as they are on the chain. */
export function numbersOn(chain: FakeChain): number[] {
  return chain.written.filter(({ to }) => to.toLowerCase() === CONTRACT).map(({ data }) => Number(data));
}

/** A chain, its nodes and a store, all of which go when the test ends. */
export interface OutboxBench {
  readonly chain: FakeChain;
  readonly nodes: FakeNode[];
  readonly store: OutboxStore;
  readonly file: string;
  /** Serves the chain by one more node, which outboxes opened later ask after the others. */
  readonly addNode: () => Promise<FakeNode>;
  readonly open: (options?: Partial<OutboxOptions>) => Promise<Outbox>;
  readonly close: () => Promise<void>;
}

export async function outboxBench(faults: (Fault | undefined)[] = [undefined]): Promise<OutboxBench> {
  const chain = new FakeChain();
  const nodes = await Promise.all(faults.map((fault) => serveChain(chain, fault)));
  const folder = mkdtempSync(join(tmpdir(), "diwan-outbox-"));
  const file = join(folder, "outbox.db");
  const store = await sqliteStore(file);
  const outboxes: Outbox[] = [];
  return {
    ...{ chain, nodes, store, file },
    addNode: async () => {
      const node = await serveChain(chain);
      nodes.push(node);
      return node;
    },
    open: async (options = {}) => {
      const urls = nodes.map(({ url }) => url);
      const outbox = await openOutbox({
        ...{ store, signer: SIGNER, chainId: chain.chainId, finality: { confirmations: 2 }, pollMs: 10, resendMs: 60 },
        nodes: openNodes({ urls, chainId: chain.chainId, restMs: 20, timeoutMs: 5_000, staleMs: 200 }),
        ...options,
      });
      outboxes.push(outbox);
      return outbox;
    },
    close: async () => {
      for (const outbox of outboxes) await outbox.close();
      await store.close();
      await Promise.all(nodes.map((node) => node.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

/** Makes blocks while something is waited for. */
export async function mining<T>(chain: FakeChain, work: Promise<T>, everyMs = 15): Promise<T> {
  const timer = setInterval(() => {
    chain.mine();
  }, everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** Waits until something is so. @throws when it is not within a minute. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`in vain waited until ${what}`);
}
