import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Wallet } from "ethers";

import { FakeChain, serveChain } from "../../test/network/fakeChain.js";
import { CONTRACT } from "../../test/network/outboxBench.js";

import { runWriter } from "./runWriter.js";
import type { WriterMemory } from "./writer.js";

const MINE_MS = 50;
/** Transactions in a block. */
const IN_BLOCK = 500;
const SAMPLES = 10;

/** Memory of a process that writes through an outbox, to a chain in this process that executes nothing. */
export async function writerMemory(writes: number): Promise<WriterMemory[]> {
  const key = Wallet.createRandom();
  const chain = new FakeChain({ onlySender: key.address });
  const node = await serveChain(chain);
  const folder = mkdtempSync(join(tmpdir(), "diwan-bench-"));
  const timer = setInterval(() => {
    chain.mine(1, IN_BLOCK);
  }, MINE_MS);
  const found: WriterMemory[] = [];
  try {
    const plan = {
      ...({
        mode: "outbox",
        nodes: [node.url],
        chainId: Number(chain.chainId),
        key: key.privateKey,
        to: CONTRACT,
      } as const),
      ...{
        store: join(folder, "outbox.db"),
        from: 0,
        count: writes,
        confirmations: 2,
        pollMs: MINE_MS,
        sayEvery: writes / SAMPLES,
      },
    };
    await runWriter(
      plan,
      async () => undefined,
      (memory) => found.push(memory as WriterMemory),
    );
  } finally {
    clearInterval(timer);
    await node.close();
    rmSync(folder, { recursive: true });
  }
  if (chain.written.length !== writes) throw new Error(`${chain.written.length} of ${writes} writes are on the chain`);
  return found;
}
