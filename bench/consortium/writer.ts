// node --import tsx bench/consortium/writer.ts PLAN
// Writes numbered attestations in a process of its own, so that its time and memory are those of writing alone. It says "ready",
// waits for a line, writes, and says what that took, as JSON.
import { once } from "node:events";

import { JsonRpcProvider } from "ethers";

import { openOutbox } from "../../src/network/outbox/openOutbox.js";
import { sqliteStore } from "../../src/network/outbox/sqliteStore.js";
import { attestCall } from "../../test/consortium/attestCall.js";
import { freeWallet } from "../../test/consortium/office.js";

/** What a writer is to do. */
export interface WriterPlan {
  readonly mode: "raw" | "outbox";
  readonly nodes: readonly string[];
  readonly chainId: number;
  readonly key: string;
  readonly store: string;
  readonly to: string;
  /** The first number. */
  readonly from: number;
  readonly count: number;
  readonly confirmations: number;
  readonly pollMs: number;
  /** Says its memory each time that so many writes are final; 0 ends when all are in blocks. */
  readonly sayEvery: number;
}

/** What writing took. */
export interface WriterFigures {
  /** Until all were sent, or durable where an outbox has them. */
  readonly takenMs: number;
  readonly cpuMs: number;
}

/** Memory when so many writes are final. */
export interface WriterMemory {
  readonly writes: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
}

const AT_ONCE = 16;

const plan = JSON.parse(process.argv[2] ?? "") as WriterPlan;
const { mode, nodes, chainId, to, from, count } = plan;
const provider = new JsonRpcProvider(nodes[0], chainId, { staticNetwork: true });
const signer = freeWallet(provider, plan.key);
const numbers = Array.from({ length: count }, (_, i) => from + i);
await (mode === "raw" ? writeRaw() : writeByOutbox());
process.stdin.destroy();

/** Signs, and sends each once, some at a time, to one node. */
async function writeRaw(): Promise<void> {
  const first = Number(await ask("eth_getTransactionCount", [signer.address, "latest"]));
  await told();
  const [began, before] = [performance.now(), process.cpuUsage()];
  await someAtOnce(async (n) => {
    const call = { ...attestCall(to, n), type: 0, gasPrice: 0n, chainId, nonce: first + n - from };
    await ask("eth_sendRawTransaction", [await signer.signTransaction(call)]);
  });
  const takenMs = performance.now() - began;
  while (Number(await ask("eth_getTransactionCount", [signer.address, "latest"])) < first + count) await pause();
  say({ takenMs, cpuMs: cpuSince(before) });
}

async function writeByOutbox(): Promise<void> {
  const store = await sqliteStore(plan.store);
  const finality = { confirmations: plan.confirmations };
  const outbox = await openOutbox({
    ...{ store, nodes, signer, chainId: BigInt(chainId), pollMs: plan.pollMs, finality },
  });
  await told();
  const [began, before] = [performance.now(), process.cpuUsage()];
  if (plan.sayEvery === 0) {
    await someAtOnce(async (n) => outbox.write(attestCall(to, n), { id: `${n}` }));
    const takenMs = performance.now() - began;
    for (const n of numbers) await outbox.included(`${n}`);
    say({ takenMs, cpuMs: cpuSince(before) });
  } else {
    for (let start = 0; start < count; start += plan.sayEvery) {
      const some = numbers.slice(start, start + plan.sayEvery);
      for (let i = 0; i < some.length; i += AT_ONCE) {
        await Promise.all(some.slice(i, i + AT_ONCE).map((n) => outbox.write(attestCall(to, n), { id: `${n}` })));
      }
      await outbox.settled(`${some.at(-1)!}`);
      globalThis.gc?.();
      const { rss, heapUsed } = process.memoryUsage();
      say({ writes: start + some.length, rssMiB: rss / 2 ** 20, heapMiB: heapUsed / 2 ** 20 });
    }
  }
  await outbox.close();
  await store.close();
}

/** Works through the numbers in their order. */
async function someAtOnce(work: (n: number) => Promise<unknown>): Promise<void> {
  const queue = numbers.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const n of queue) await work(n);
    }),
  );
}

async function ask(method: string, params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(nodes[0]!, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
  return result;
}

async function told(): Promise<void> {
  process.stdout.write("ready\n");
  await once(process.stdin, "data");
  // Whoever asked for it is gone.
  process.stdin.on("end", () => process.exit(1));
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, plan.pollMs));
}

function say(what: WriterFigures | WriterMemory): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
