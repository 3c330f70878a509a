import { expect } from "chai";

import { NetworkError } from "../../src/network/NetworkError.js";
import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { outboxWriter } from "../../src/network/outbox/outboxWriter.js";
import { trackEntries } from "../../src/network/outbox/trackEntries.js";
import { openNodes, type Nodes, type RpcNode } from "../../src/network/rpc/openNodes.js";
import type { TransactionSigner } from "../../src/network/rpc/rpcSigner.js";
import { CALL, numbered, outboxBench, type OutboxBench, SIGNER, until } from "./outboxBench.js";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe("an outbox that sends, looks, signs and stores at once", () => {
  let bench: OutboxBench;

  afterEach(() => bench.close());

  /** Nodes that take a while over what they are sent. */
  const slowToSend = (ms: number, began: () => void = () => undefined): Nodes => {
    const real = openNodes({ urls: bench.nodes.map(({ url }) => url), chainId: bench.chain.chainId });
    const slow = (node: RpcNode): RpcNode => ({
      ...node,
      callAll: async (calls) => {
        if (calls[0]!.method === "eth_sendRawTransaction") {
          began();
          await pause(ms);
        }
        return node.callAll(calls);
      },
    });
    return { ...real, ask: (work) => real.ask((node) => work(slow(node))) };
  };

  it("looks at the chain while a backlog is signed", async () => {
    bench = await outboxBench();
    const signer: TransactionSigner = {
      getAddress: () => SIGNER.getAddress(),
      signTransaction: async (transaction) => {
        await pause(4);
        return SIGNER.signTransaction(transaction);
      },
    };
    const outbox = await bench.open({ signer, window: 64 });
    const mining = setInterval(() => {
      bench.chain.mine();
    }, 20);
    try {
      const writes = Array.from({ length: 600 }, (_, n) => outbox.write(numbered(n), { id: `${n}` }));
      await writes[0];
      const first = outbox.settled("0").then(() => "the first is final");
      expect(await Promise.race([first, Promise.all(writes).then(() => "all are written")])).to.equal(
        "the first is final",
      );
      await Promise.all(writes);
      await outbox.settled("599");
    } finally {
      clearInterval(mining);
    }
  });

  it("gives way among the signatures of what is stored together", async () => {
    bench = await outboxBench();
    const outbox = await bench.open();
    let isDone = false;
    const writes = Promise.all(Array.from({ length: 64 }, (_, n) => outbox.write(numbered(n)))).then(() => {
      isDone = true;
    });
    let turns = 0;
    for (; !isDone; turns++) await pause(0);
    await writes;
    expect(turns).to.be.greaterThan(8);
  });

  it("keeps an entry once, though it is found in the store while it is under way", async () => {
    bench = await outboxBench();
    const outbox = await bench.open();
    const entry = await outbox.write(CALL);
    const writer = outboxWriter(bench.store, { signer: SIGNER, key: SIGNER.address, chainId: 2026n, gasPrice: 0n }, 1);
    const tracked = trackEntries({ store: bench.store, writer, key: SIGNER.address, window: 8 });
    tracked.track([entry]);
    await tracked.load();
    tracked.track([entry]);
    expect(tracked.all().map((one) => one.entry.id)).to.deep.equal([entry.id]);
  });

  it("has all that was given to it stored when it is closed", async () => {
    bench = await outboxBench();
    const outbox = await bench.open();
    const writes = Promise.all(Array.from({ length: 200 }, (_, n) => outbox.write(numbered(n), { id: `${n}` })));
    await outbox.close();
    expect(await bench.store.nextNonce(SIGNER.address)).to.equal(200);
    expect(await writes).to.have.lengthOf(200);
  });

  it("sends to one node only, while it waits for the first answer", async () => {
    bench = await outboxBench([undefined, undefined, undefined]);
    const outbox = await bench.open({ nodes: slowToSend(300), resendMs: 1_000 });
    const { hash } = await outbox.write(CALL, { id: "one" });
    await until(() => bench.chain.pool.size > 0, "it is with a node");
    bench.chain.mine(4);
    await outbox.settled("one");
    expect(bench.chain.offered.get(hash)).to.equal(1);
  });

  it("sends nothing for the first time that was cancelled, while what came before it is being sent", async () => {
    bench = await outboxBench();
    bench.nodes[0]!.fault = (method) =>
      method === "eth_sendRawTransaction" ? { error: { code: -1, message: "txpool is full" } } : undefined;
    const before = await bench.open();
    const writes = Array.from({ length: 120 }, (_, n) => before.write(numbered(n), { id: `${n}` }));
    const { hash } = (await Promise.all(writes))[110]!;
    await before.close();
    bench.nodes[0]!.fault = undefined;
    bench.chain.offered.clear();

    let sends = 0;
    const nodes = slowToSend(300, () => sends++);
    const outbox = await bench.open({ nodes, resendMs: 60_000 });
    await until(() => sends === 1, "the first of them are being sent");
    await outbox.cancel("110");
    await until(() => bench.chain.pool.size === 120, "all are with the node");
    expect(bench.chain.offered.get(hash)).to.equal(undefined);
    bench.chain.mine(4);
    await outbox.settled("119");
    expect(await outbox.find("110")).to.include({ state: "refused", isFilled: true });
  });

  it("signs nothing in the place of what became final while its turn to sign had not come", async () => {
    bench = await outboxBench();
    let [isKnown, isSeen] = [false, false];
    let whenCancelled: Promise<void> | undefined;
    const store: OutboxStore = {
      ...bench.store,
      find: async (key, ids) => {
        if (ids[0] === "another") await pause(300);
        return bench.store.find(key, ids);
      },
    };
    const outbox = await bench.open({ store, resendMs: 60_000 });
    await outbox.write(CALL, { id: "one" });
    await until(() => bench.chain.pool.size > 0, "it is with the node");
    bench.nodes[0]!.fault = (method) => {
      if (method === "eth_sendRawTransaction") {
        return { error: { code: -32_000, message: isSeen ? "exceeds block gas limit" : "already known" } };
      }
      if (method !== "eth_getTransactionReceipt") return undefined;
      if (!isKnown) return { result: null };
      // Somebody cancels another write, so that signing waits; and all is sent again.
      if (!isSeen) {
        isSeen = true;
        whenCancelled = outbox.cancel("another").catch(() => undefined);
        outbox.retry();
      }
      return undefined;
    };
    bench.chain.mine(4);
    await pause(20);
    isKnown = true;
    expect(await outbox.settled("one")).to.include({ state: "final", isFilled: false });
    await whenCancelled;
    expect(await outbox.find("one")).to.include({ state: "final", isFilled: false });
  });

  it("keeps what was judged final until the store takes it, whatever a node says meanwhile", async () => {
    bench = await outboxBench([undefined, undefined]);
    let isFull = true;
    let refused = 0;
    const store: OutboxStore = {
      ...bench.store,
      update: async (entries) => {
        if (isFull && entries.some(({ settledAt }) => settledAt !== null)) {
          refused++;
          throw new NetworkError("OUTBOX_STORE_REFUSES", "the disk is full");
        }
        await bench.store.update(entries);
      },
    };
    const outbox = await bench.open({ store });
    await outbox.write(CALL, { id: "one" });
    await until(() => bench.chain.pool.size > 0, "it is with a node");
    bench.chain.mine(4);
    await until(() => refused > 2, "the store refused it");
    // One lags for a moment.
    bench.nodes[1]!.fault = (method) => (method === "eth_getTransactionReceipt" ? { result: null } : undefined);
    await pause(100);
    isFull = false;
    expect(await outbox.settled("one")).to.include({ state: "final", succeeded: true });
  });

  it("tells those who wait that it was closed, or its store lost, while the store was being asked", async () => {
    bench = await outboxBench();
    let isLost = false;
    const store: OutboxStore = {
      ...bench.store,
      list: async (...about) => {
        if (isLost) throw new NetworkError("OUTBOX_STORE_REFUSES", "the server is gone");
        return bench.store.list(...about);
      },
      find: async (...about) => {
        await pause(100);
        if (isLost) throw new NetworkError("OUTBOX_STORE_REFUSES", "the server is gone");
        return bench.store.find(...about);
      },
    };
    const unheard: unknown[] = [];
    const hear = (error: unknown) => unheard.push(error);
    process.on("unhandledRejection", hear);
    try {
      const outbox = await bench.open({ store });
      await outbox.write(CALL, { id: "one" });
      isLost = true;
      const codes = [outbox.settled("one").catch((error: unknown) => (error as NetworkError).code)];
      await pause(200);
      isLost = false;
      codes.push(outbox.settled("one").catch((error: unknown) => (error as NetworkError).code));
      await outbox.close();
      expect(await Promise.all(codes)).to.deep.equal(["OUTBOX_STORE_REFUSES", "OUTBOX_CLOSED"]);
      await pause(50);
      expect(unheard).to.deep.equal([]);
    } finally {
      process.off("unhandledRejection", hear);
    }
  });
});
