import { dirname, join } from "node:path";

import { expect } from "chai";
import { getAddress, id, keccak256, toQuantity, Transaction, Wallet } from "ethers";

import type { Outbox } from "../../src/network/outbox/openOutbox.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { openNodes } from "../../src/network/rpc/openNodes.js";
import { sqliteStore } from "../../src/network/outbox/sqliteStore.js";
import { type FakeNode, REVERTING_DATA } from "./fakeChain.js";
import { CALL, mining, numbered, numbersOn, outboxBench, type OutboxBench, SIGNER, until } from "./outboxBench.js";

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no error",
    (error: unknown) => (error as { code?: unknown }).code ?? error,
  );

/** A legacy transaction of the key that the outbox knows nothing of. */
const foreign = (nonce: number, chainId: bigint) =>
  SIGNER.signTransaction({ type: 0, nonce, chainId, gasPrice: 0n, gasLimit: 50_000n, to: CALL.to, data: "0xf0" });

describe("openOutbox", () => {
  let bench: OutboxBench;
  let outbox: Outbox;

  beforeEach(async () => {
    bench = await outboxBench();
  });
  afterEach(() => bench.close());

  describe("write", () => {
    it("returns an entry that is signed and in the store, before any block", async () => {
      outbox = await bench.open();
      const entry = await outbox.write(CALL, { id: "one" });

      const [stored] = await bench.store.find(SIGNER.address, ["one"]);
      expect(stored).to.include({ id: "one", nonce: 0, hash: entry.hash, raw: entry.raw, dataLength: 1 });
      expect(entry.state).to.equal("signed");
    });

    it("stores before it sends", async () => {
      const order: string[] = [];
      bench.nodes[0]!.fault = (method) => {
        if (method === "eth_sendRawTransaction") order.push("sent");
        return undefined;
      };
      const store = {
        ...bench.store,
        add: async (entries: Parameters<typeof bench.store.add>[0]) => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          await bench.store.add(entries);
          order.push("stored");
        },
      };
      // So long that it is sent no second time meanwhile.
      outbox = await bench.open({ store, resendMs: 120_000 });
      await outbox.write(CALL);
      await until(() => order.length === 2, "it was sent");
      expect(order).to.deep.equal(["stored", "sent"]);
    });

    for (const lanes of [1, 16]) {
      it(`sends while more is written, ${lanes} at once, though signing and storing do nothing but compute`, async () => {
        outbox = await bench.open();
        const numbers = Array.from({ length: 160 }, (_, number) => number).values();
        const write = async () => {
          for (const number of numbers) await outbox.write(numbered(number));
        };
        await Promise.all(Array.from({ length: lanes }, write));
        expect(bench.chain.pool.size).to.be.greaterThan(50);
      });
    }

    it("returns the entry that is there for the same id and call, and writes once", async () => {
      outbox = await bench.open();
      const [first, second] = await Promise.all([outbox.write(CALL, { id: "one" }), outbox.write(CALL, { id: "one" })]);
      const third = await outbox.write(CALL, { id: "one" });
      expect([second.hash, third.hash]).to.deep.equal([first.hash, first.hash]);
      await mining(bench.chain, outbox.settled("one"));
      expect(bench.chain.written).to.have.lengthOf(1);
    });

    it("refuses the same id for another call", async () => {
      outbox = await bench.open();
      await outbox.write(CALL, { id: "one" });
      expect(await codeOf(outbox.write(numbered(2), { id: "one" }))).to.equal("OUTBOX_ID_TAKEN");
    });

    it("refuses what is no call", async () => {
      outbox = await bench.open();
      for (const wrong of [{ to: "0x12" }, { data: "0x1" }, { gasLimit: 0n }, { value: -1n }]) {
        expect(await codeOf(outbox.write({ ...CALL, ...wrong }))).to.equal("OUTBOX_CALL_INVALID");
      }
      expect(await codeOf(outbox.write(CALL, { id: "gap 7" }))).to.equal("OUTBOX_CALL_INVALID");
    });

    it("gives no nonce to a write that the signer refused", async () => {
      let calls = 0;
      const signer = {
        getAddress: () => SIGNER.getAddress(),
        signTransaction: async (transaction: Parameters<typeof SIGNER.signTransaction>[0]) => {
          if (calls++ === 1) throw new Error("the token is locked");
          return SIGNER.signTransaction(transaction);
        },
      };
      outbox = await bench.open({ signer });
      const results = await Promise.allSettled([1, 2, 3].map((number) => outbox.write(numbered(number))));
      expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
      await mining(
        bench.chain,
        until(() => numbersOn(bench.chain).length === 2, "two are written"),
      );
      expect(numbersOn(bench.chain)).to.deep.equal([1, 3]);
    });

    it("refuses a signer that signs by another key", async () => {
      const other = Wallet.createRandom();
      const signer = {
        getAddress: () => SIGNER.getAddress(),
        signTransaction: (transaction: Parameters<typeof SIGNER.signTransaction>[0]) =>
          other.signTransaction(transaction),
      };
      outbox = await bench.open({ signer });
      expect(await codeOf(outbox.write(CALL))).to.equal("SIGNER_WRONG");
    });

    it("takes nothing that the contract would refuse, where it is told to ask", async () => {
      outbox = await bench.open({ simulate: true });
      expect(await codeOf(outbox.write({ ...CALL, data: REVERTING_DATA }))).to.equal("REVERTED");
      expect((await outbox.status()).counts).to.deep.equal([]);
    });

    it("stores nothing when it was closed while a node was asked", async () => {
      let isAsked = false;
      bench.nodes[0]!.fault = (method) => {
        isAsked ||= method === "eth_call";
        return method === "eth_call" ? { hangs: true } : undefined;
      };
      const { urls, chainId } = { urls: bench.nodes.map(({ url }) => url), chainId: bench.chain.chainId };
      outbox = await bench.open({ simulate: true, nodes: openNodes({ urls, chainId, timeoutMs: 600, restMs: 20 }) });
      const writing = codeOf(outbox.write(CALL));
      await until(() => isAsked, "the node is asked");
      await outbox.close();
      expect(await writing).to.equal("OUTBOX_CLOSED");
      expect(await bench.store.counts()).to.deep.equal([]);
    });

    it("keeps the order of many writes, in blocks of any size", async () => {
      outbox = await bench.open({ window: 40, finality: { confirmations: 1 } });
      const numbers = Array.from({ length: 250 }, (_, i) => i + 1);
      const entries = await Promise.all(numbers.map((number) => outbox.write(numbered(number))));
      await mining(bench.chain, outbox.settled(entries.at(-1)!.id));
      expect(numbersOn(bench.chain)).to.deep.equal(numbers);
    });

    it("goes on where no node is there, when the store knows the key", async () => {
      outbox = await bench.open();
      await outbox.write(numbered(1));
      await outbox.close();
      bench.nodes[0]!.fault = () => ({ status: 502 });
      outbox = await bench.open();
      const entry = await outbox.write(numbered(2), { id: "two" });
      expect(entry.nonce).to.equal(1);
      await until(async () => (await outbox.status()).problem !== null, "there is a problem");
      bench.nodes[0]!.fault = undefined;
      await mining(bench.chain, outbox.settled("two"));
      expect(numbersOn(bench.chain)).to.deep.equal([1, 2]);
    });
  });

  describe("settled", () => {
    it("waits for as many blocks on top as it takes", async () => {
      outbox = await bench.open({ finality: { confirmations: 3 } });
      await outbox.write(CALL, { id: "one" });
      await until(() => bench.chain.pool.size === 1, "it is in the pool");
      bench.chain.mine();
      await outbox.included("one");
      bench.chain.mine(2);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await outbox.find("one"))?.state).to.equal("included");
      bench.chain.mine();
      expect(await outbox.settled("one")).to.include({ state: "final", succeeded: true, blockNumber: 1 });
    });

    it("sends on while earlier writes wait for more blocks, with a bound to both", async () => {
      outbox = await bench.open({ window: 4, finality: { confirmations: 1_000 } });
      const numbers = Array.from({ length: 40 }, (_, i) => i + 1);
      await Promise.all(numbers.map((number) => outbox.write(numbered(number))));
      await until(() => bench.chain.pool.size === 4, "a window is sent");
      await mining(
        bench.chain,
        until(() => numbersOn(bench.chain).length === 16, "four windows are in blocks"),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(bench.chain.pool.size + numbersOn(bench.chain).length).to.equal(16);
    });

    it("believes the block itself where one confirmation is asked for", async () => {
      outbox = await bench.open({ finality: { confirmations: 1 } });
      await outbox.write(CALL, { id: "one" });
      await until(() => bench.chain.pool.size === 1, "it is in the pool");
      bench.chain.mine();
      expect((await outbox.settled("one")).state).to.equal("final");
    });

    it("tells of a revert, with the contract's reason", async () => {
      outbox = await bench.open();
      await outbox.write({ ...CALL, data: REVERTING_DATA }, { id: "one" });
      const entry = await mining(bench.chain, outbox.settled("one"));
      expect(entry).to.include({ state: "final", succeeded: false, reason: "the contract refused: closed" });
    });

    it("takes no node's trouble for the contract's reason", async () => {
      bench.nodes[0]!.fault = (method) => (method === "eth_call" ? { status: 502 } : undefined);
      outbox = await bench.open();
      await outbox.write({ ...CALL, data: REVERTING_DATA }, { id: "one" });
      const { reason } = await mining(bench.chain, outbox.settled("one"));
      expect(reason).to.match(/^the contract refused in the block; why, no node tells \(.*502/);
    });

    it("refuses an unknown id, and those who wait when it is closed", async () => {
      outbox = await bench.open();
      expect(await codeOf(outbox.settled("none"))).to.equal("OUTBOX_UNKNOWN_ID");
      await outbox.write(CALL, { id: "one" });
      const waiting = codeOf(outbox.settled("one"));
      await outbox.close();
      expect(await waiting).to.equal("OUTBOX_CLOSED");
      expect(await codeOf(outbox.write(CALL))).to.equal("OUTBOX_CLOSED");
    });
  });

  describe("what a chain does", () => {
    it("sends the same bytes again when a reorganisation drops them", async () => {
      outbox = await bench.open({ finality: { confirmations: 3 } });
      const { hash } = await outbox.write(CALL, { id: "one" });
      await until(() => bench.chain.pool.size === 1, "it is in the pool");
      bench.chain.mine();
      await outbox.included("one");
      bench.chain.reorganise(1);
      await until(() => bench.chain.pool.has(hash), "it is in the pool again");
      const entry = await mining(bench.chain, outbox.settled("one"));
      expect(entry).to.include({ hash, state: "final", history: entry.history });
      expect(entry.lastError).to.match(/a reorganisation dropped block 1/);
      expect(bench.chain.written.map((held) => held.hash)).to.deep.equal([hash]);
    });

    it("does not believe receipts of dropped blocks", async () => {
      outbox = await bench.open({ finality: { confirmations: 2 } });
      const { hash } = await outbox.write(CALL, { id: "one" });
      await until(() => bench.chain.pool.size === 1, "it is in the pool");
      bench.chain.mine();
      const receipt = bench.chain.answer("eth_getTransactionReceipt", [hash]);
      bench.nodes[0]!.fault = (method) => (method === "eth_getTransactionReceipt" ? { result: receipt } : undefined);
      bench.chain.reorganise(1);
      bench.chain.mine(5);
      await until(() => bench.chain.pool.has(hash), "it is in the pool again");
      expect((await outbox.find("one"))?.state).not.to.equal("final");
    });

    it("writes again what was final when the chain comes back shorter", async () => {
      outbox = await bench.open();
      await outbox.write(numbered(1), { id: "one" });
      await mining(bench.chain, outbox.settled("one"));
      bench.chain.cut(bench.chain.head);
      await mining(
        bench.chain,
        until(() => numbersOn(bench.chain).length === 1, "it is written again"),
      );
      const isAgain = async (): Promise<boolean> => {
        const { state, lastError } = (await outbox.find("one"))!;
        return state === "final" && lastError !== null && lastError.includes("fell back");
      };
      await mining(bench.chain, until(isAgain, "it is final again"));
      expect(numbersOn(bench.chain)).to.deep.equal([1]);
    });

    it("sends again what a node took and forgot", async () => {
      outbox = await bench.open();
      await outbox.write(numbered(1));
      await outbox.write(numbered(2), { id: "two" });
      await until(() => bench.chain.pool.size === 2, "both are in the pool");
      bench.chain.pool.clear();
      await mining(bench.chain, outbox.settled("two"));
      expect(numbersOn(bench.chain)).to.deep.equal([1, 2]);
    });

    it("fills the nonce of a write that no node takes, and tells why", async () => {
      outbox = await bench.open();
      await outbox.write(numbered(1));
      await outbox.write({ ...numbered(2), gasLimit: 100n }, { id: "cheap" });
      await outbox.write(numbered(3), { id: "three" });
      await mining(bench.chain, outbox.settled("three"));
      const error = await outbox.settled("cheap").catch((reason: unknown) => reason as Error);
      expect(error).to.include({ code: "OUTBOX_REFUSED" });
      expect((error as Error).message).to.include("intrinsic gas too low");
      expect(numbersOn(bench.chain)).to.deep.equal([1, 3]);
      expect((await outbox.find("cheap"))?.history).to.have.lengthOf(1);
    });

    it("keeps a write that a node refuses for now", async () => {
      bench.nodes[0]!.fault = (method) =>
        method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "txpool is full" } } : undefined;
      outbox = await bench.open();
      const { hash } = await outbox.write(CALL, { id: "one" });
      await until(async () => (await outbox.find("one"))?.lastError === "txpool is full", "the trouble is noted");
      bench.nodes[0]!.fault = undefined;
      expect((await mining(bench.chain, outbox.settled("one"))).hash).to.equal(hash);
    });

    it("takes another nonce when the key was used elsewhere, once that is final", async () => {
      outbox = await bench.open();
      bench.chain.accept(await foreign(0, bench.chain.chainId));
      bench.chain.mine();
      await outbox.write(numbered(1), { id: "one" });
      const entry = await mining(bench.chain, outbox.settled("one"));
      expect(entry.nonce).to.equal(1);
      expect(entry.history).to.have.lengthOf(1);
      expect(entry.history[0]!.reason).to.match(/^OUTBOX_NONCE_TAKEN: the nonce 0 was used outside/);
      expect(numbersOn(bench.chain)).to.deep.equal([0xf0, 1]);
    });

    it("never signs again on the word of a node that shows no foreign transaction", async () => {
      outbox = await bench.open();
      const { hash } = await outbox.write(numbered(1), { id: "one" });
      await until(() => bench.chain.pool.size === 1, "it is in the pool");
      bench.chain.mine(5);
      bench.nodes[0]!.fault = (method) => (method === "eth_getTransactionReceipt" ? { result: null } : undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await outbox.find("one")).to.include({ hash, nonce: 0 });
      bench.nodes[0]!.fault = undefined;
      await outbox.settled("one");
      expect(numbersOn(bench.chain)).to.deep.equal([1]);
    });

    for (const [chain, other, signsAgain] of [
      ["this", 0n, true],
      ["another", 1n, false],
    ] as const) {
      it(`signs ${signsAgain ? "" : "not "}again for what the key signed for ${chain} chain`, async () => {
        bench.chain.mine(5);
        outbox = await bench.open();
        const { type, nonce, to, data, hash, signature } = Transaction.from(
          await foreign(0, bench.chain.chainId + other),
        );
        const { networkV, v, r, s } = signature!;
        const shown = {
          ...{
            type: toQuantity(type!),
            nonce: toQuantity(nonce),
            gas: toQuantity(50_000),
            gasPrice: "0x0",
            value: "0x0",
          },
          ...{ to, input: data, hash, from: SIGNER.address, v: toQuantity(networkV ?? v), r, s },
        };
        bench.nodes[0]!.fault = (method, params) => {
          if (method === "eth_getTransactionCount") return { result: params[1] === "0x0" ? "0x0" : "0x1" };
          const isBlock = method === "eth_getBlockByNumber" && params[1] === true;
          return isBlock ? { result: { number: params[0], hash: id("block"), transactions: [shown] } } : undefined;
        };
        await outbox.write(numbered(1), { id: "one" });
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        const entry = await outbox.find("one");
        expect(entry?.history.length).to.equal(signsAgain ? 1 : 0);
      });
    }

    it("believes no single node that tells of more transactions than there are, and sends around it", async () => {
      const [liar] = bench.nodes as [FakeNode];
      await bench.addNode();
      await bench.addNode();
      liar.fault = (method, params) => {
        if (method === "eth_getTransactionCount") return { result: "0x4000000000000" };
        if (method !== "eth_sendRawTransaction") return undefined;
        return { result: keccak256(String(params[0])) };
      };
      outbox = await bench.open();
      const written = await outbox.write(numbered(1), { id: "one" });
      expect(written.nonce).to.equal(0);
      expect(await mining(bench.chain, outbox.settled("one"))).to.include({ nonce: 0, state: "final" });
      expect(numbersOn(bench.chain)).to.deep.equal([1]);
    });

    it("calls nothing final by one node that runs ahead while the others stand still", async () => {
      const [liar] = bench.nodes as [FakeNode];
      await bench.addNode();
      await bench.addNode();
      let [head, written] = [100, ""];
      const block = (number: string) => ({ number, hash: id(number), transactions: [written] });
      liar.fault = (method, params) => {
        if (method === "eth_blockNumber") return { result: `0x${(head++).toString(16)}` };
        if (method === "eth_getTransactionCount") return { result: "0x1" };
        if (method === "eth_getBlockByNumber" && params[0] !== "0x0") return { result: block(String(params[0])) };
        if (method === "eth_sendRawTransaction") return { result: keccak256(String(params[0])) };
        if (method !== "eth_getTransactionReceipt") return undefined;
        return { result: { transactionHash: params[0], blockNumber: "0x40", blockHash: id("0x40"), status: "0x1" } };
      };
      outbox = await bench.open();
      const standsAlone = () =>
        outbox.nodes
          .standings()
          .map(({ isStale }) => isStale)
          .join() === "false,true,true";
      await until(standsAlone, "all others look stale");
      written = (await outbox.write(numbered(1), { id: "one" })).hash;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(standsAlone()).to.equal(true);
      expect((await outbox.find("one"))?.state).to.not.equal("final");
      // The liar comes first, and keeps what it is sent to itself: the others have it all the same.
      expect(bench.chain.pool.size).to.equal(1);
      liar.fault = undefined;
      await mining(bench.chain, outbox.settled("one"));
      expect(numbersOn(bench.chain)).to.deep.equal([1]);
    });

    it("refuses to go on with a store that knows nothing of a key that the chain knows", async () => {
      bench.chain.accept(await foreign(0, bench.chain.chainId));
      bench.chain.mine();
      expect(await codeOf(bench.open())).to.equal("OUTBOX_STORE_BEHIND");
      outbox = await bench.open({ acceptForeign: true });
      expect((await outbox.write(numbered(2), { id: "two" })).nonce).to.equal(1);
    });

    it("refuses to go on with a store that knows less of the key than the chain", async () => {
      outbox = await bench.open();
      await outbox.write(numbered(1), { id: "one" });
      await mining(bench.chain, outbox.settled("one"));
      await outbox.close();
      bench.chain.accept(await foreign(1, bench.chain.chainId));
      bench.chain.mine();
      expect(await codeOf(bench.open())).to.equal("OUTBOX_STORE_BEHIND");
      outbox = await bench.open({ acceptForeign: true });
      expect((await outbox.write(numbered(2), { id: "two" })).nonce).to.equal(2);
    });

    it("fills a gap that no write of its own left", async () => {
      let says = "0x2";
      bench.nodes[0]!.fault = (method) => (method === "eth_getTransactionCount" ? { result: says } : undefined);
      outbox = await bench.open({ acceptForeign: true });
      await outbox.write(numbered(1), { id: "one" });
      says = "";
      bench.nodes[0]!.fault = undefined;
      await mining(bench.chain, outbox.settled("one"));
      expect(numbersOn(bench.chain)).to.deep.equal([1]);
      expect(bench.chain.written.map(({ nonce }) => nonce)).to.deep.equal([0, 1, 2]);
    });

    it("heals nothing while the only node catches up", async () => {
      bench.chain.mine(3);
      outbox = await bench.open();
      await outbox.write(numbered(1), { id: "one" });
      await mining(bench.chain, outbox.settled("one"));
      bench.nodes[0]!.fault = (method) =>
        ({ eth_blockNumber: { result: "0x1" }, eth_getTransactionCount: { result: "0x0" } })[method];
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(await outbox.find("one")).to.include({ state: "final", lastError: null });
      await outbox.close();
      // One that is opened meanwhile has seen no higher block, and knows by its store.
      outbox = await bench.open();
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(await outbox.find("one")).to.include({ state: "final", lastError: null });
      expect(await bench.store.list(SIGNER.address, 0, 10, "all")).to.have.lengthOf(1);
    });

    it("fills no nonce that another used, while the only node catches up", async () => {
      for (const nonce of [0, 1]) bench.chain.accept(await foreign(nonce, bench.chain.chainId));
      bench.chain.mine(4);
      outbox = await bench.open({ acceptForeign: true });
      await until(() => (bench.nodes[0]!.asked.get("eth_blockNumber") ?? 0) > 2, "its head was seen");
      bench.nodes[0]!.fault = (method) =>
        ({ eth_blockNumber: { result: "0x1" }, eth_getTransactionCount: { result: "0x0" } })[method];
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(await bench.store.list(SIGNER.address, 0, 10, "all")).to.deep.equal([]);
    });

    it("heals nothing while two of three nodes catch up", async () => {
      await bench.addNode();
      await bench.addNode();
      outbox = await bench.open();
      await outbox.write(numbered(1), { id: "one" });
      await mining(bench.chain, outbox.settled("one"));
      for (const node of bench.nodes.slice(1)) {
        node.fault = (method) => (method === "eth_getTransactionCount" ? { result: "0x0" } : undefined);
      }
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(await outbox.find("one")).to.include({ state: "final", lastError: null });
    });

    it("is moved on by no node that tells what is no count, or that tells it alone", async () => {
      const [broken, second, third] = [bench.nodes[0]!, await bench.addNode(), await bench.addNode()];
      broken.fault = (method) => (method === "eth_getTransactionCount" ? { result: "0x" } : undefined);
      outbox = await bench.open();
      await outbox.write(numbered(1), { id: "one" });
      await mining(bench.chain, outbox.settled("one"));
      expect((await outbox.status()).nextNonce).to.equal(1);

      const asked = broken.asked.get("eth_getTransactionCount")!;
      for (const node of [second, third]) {
        node.fault = (method) =>
          method === "eth_getTransactionCount" ? { error: { code: -32000, message: "not now" } } : undefined;
      }
      broken.fault = (method) => (method === "eth_getTransactionCount" ? { result: "0xf4240" } : undefined);
      await until(() => broken.asked.get("eth_getTransactionCount")! > asked + 3, "it was asked again");
      expect((await outbox.status()).nextNonce).to.equal(1);
    });

    it("believes no node alone that a new key was used, where there are others", async () => {
      const others = [await bench.addNode(), await bench.addNode()];
      bench.nodes[0]!.fault = (method) => (method === "eth_getTransactionCount" ? { result: "0x7" } : undefined);
      for (const node of others) node.fault = () => ({ status: 502 });
      expect(await codeOf(bench.open())).to.equal("RPC_UNREACHABLE");
    });

    it("goes on with other writes while the signer refuses what one needs", async () => {
      let isPolicy = true;
      const signer = {
        getAddress: () => SIGNER.getAddress(),
        signTransaction: async (transaction: Parameters<typeof SIGNER.signTransaction>[0]) => {
          if (isPolicy && transaction.to === SIGNER.address) throw new Error("no transactions to oneself");
          return SIGNER.signTransaction(transaction);
        },
      };
      outbox = await bench.open({ signer });
      await outbox.write(numbered(1), { id: "one" });
      await outbox.write({ ...numbered(2), gasLimit: 100n }, { id: "cheap" });
      expect(await mining(bench.chain, outbox.settled("one"))).to.include({ state: "final" });
      await until(
        async () => (await outbox.find("cheap"))!.lastError?.includes("no transactions to oneself") === true,
        "the trouble is noted",
      );
      isPolicy = false;
      expect(await codeOf(mining(bench.chain, outbox.settled("cheap")))).to.equal("OUTBOX_REFUSED");
      expect(numbersOn(bench.chain)).to.deep.equal([1]);
    });

    it("signs expired bytes again with the same nonce", async () => {
      let lives = 0;
      const wrap = ({ to, data }: { to: string; data: string }) => {
        lives++;
        return {
          to,
          data: `${data}${lives.toString(16).padStart(64, "0")}`,
          expiresAt: Date.now() / 1000 + (lives === 1 ? 0.1 : 60),
        };
      };
      outbox = await bench.open({ wrap });
      const first = await outbox.write(CALL, { id: "one" });
      await until(async () => (await outbox.find("one"))?.history.length === 1, "it is signed again");
      bench.chain.pool.clear();
      await until(() => bench.chain.pool.size === 1, "it is sent again");
      const entry = await mining(bench.chain, outbox.settled("one"));
      expect(entry).to.include({ nonce: 0, isFilled: false });
      expect(entry.history[0]).to.include({ hash: first.hash, nonce: 0, reason: "the bytes expired" });
      expect(bench.chain.written).to.have.lengthOf(1);
    });

    it("finds that bytes which were replaced were taken after all", async () => {
      outbox = await bench.open();
      const { hash } = await outbox.write(numbered(1), { id: "one" });
      await until(() => bench.chain.pool.size === 1, "it is in the pool");
      await outbox.cancel("one");
      await until(async () => (await outbox.find("one"))?.isFilled === true, "it is cancelled");
      expect(await mining(bench.chain, outbox.settled("one"))).to.include({ hash, state: "final", isFilled: false });
    });
  });

  describe("cancel", () => {
    /** A write that no node takes, with the empty transaction in its place. */
    const cancelUnsent = async (): Promise<void> => {
      bench.nodes[0]!.fault = (method) =>
        method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "unknown trouble" } } : undefined;
      outbox = await bench.open();
      await outbox.write(CALL, { id: "one" });
      await outbox.cancel("one");
      await until(async () => (await outbox.find("one"))?.isFilled === true, "it is cancelled");
    };

    it("tells what the chain holds, when a reorganisation puts the empty transaction in the call's place", async () => {
      outbox = await bench.open({ finality: { confirmations: 4 } });
      const { hash } = await outbox.write(numbered(1), { id: "one" });
      await until(() => bench.chain.pool.size === 1, "it is in the pool");
      await outbox.cancel("one");
      await until(async () => (await outbox.find("one"))?.isFilled === true, "it is cancelled");
      const empty = (await outbox.find("one"))!;
      bench.chain.mine();
      await until(async () => (await outbox.find("one"))?.state === "included", "the call is in a block");
      expect(await outbox.find("one")).to.include({
        hash,
        isFilled: false,
        to: getAddress(CALL.to),
        dataLength: 4,
        reason: null,
      });

      bench.chain.reorganise(1);
      bench.chain.accept(empty.raw);
      expect(await codeOf(mining(bench.chain, outbox.settled("one")))).to.equal("OUTBOX_REFUSED");
      expect(numbersOn(bench.chain)).to.deep.equal([]);
      expect(await outbox.find("one")).to.include({
        ...{ hash: empty.hash, state: "refused", isFilled: true, to: SIGNER.address, dataLength: 0 },
        reason: "it was cancelled",
      });
    });

    it("is done when another used the nonce, with nothing more on the chain", async () => {
      await cancelUnsent();
      bench.chain.accept(await foreign(0, bench.chain.chainId));
      bench.chain.mine();
      bench.nodes[0]!.fault = undefined;
      expect(await codeOf(mining(bench.chain, outbox.settled("one")))).to.equal("OUTBOX_REFUSED");
      await outbox.write(numbered(2), { id: "two" });
      await mining(bench.chain, outbox.settled("two"));
      expect(numbersOn(bench.chain)).to.deep.equal([0xf0, 2]);
    });

    it("puts an empty transaction in the place of a write", async () => {
      await cancelUnsent();
      bench.nodes[0]!.fault = undefined;
      expect(await codeOf(mining(bench.chain, outbox.settled("one")))).to.equal("OUTBOX_REFUSED");
      expect(numbersOn(bench.chain)).to.deep.equal([]);
    });

    it("is in the store when it returns, and does not undo what happens meanwhile", async () => {
      outbox = await bench.open();
      const { hash } = await outbox.write(numbered(1), { id: "one" });
      await until(() => bench.chain.pool.size === 1, "it is sent");
      bench.chain.mine();
      await Promise.all([outbox.included("one"), outbox.cancel("one")]);
      expect((await outbox.find("one"))?.cancelAskedAt).to.be.a("number");
      expect(await mining(bench.chain, outbox.settled("one"))).to.include({ hash, state: "final" });
      expect((await bench.store.list(SIGNER.address, 0, 5, "open")).length).to.equal(0);
    });

    it("gives up what a reorganisation dropped after it was asked", async () => {
      outbox = await bench.open({ finality: { confirmations: 3 } });
      await outbox.write(numbered(1), { id: "one" });
      await until(() => bench.chain.pool.size === 1, "it is sent");
      bench.chain.mine();
      await outbox.included("one");
      await outbox.cancel("one");
      bench.chain.reorganise(1);
      expect(await codeOf(mining(bench.chain, outbox.settled("one")))).to.equal("OUTBOX_REFUSED");
      expect(numbersOn(bench.chain)).to.deep.equal([]);
    });

    it("gives up a write that was being read from the store when it was asked", async () => {
      bench.nodes[0]!.fault = (method) =>
        method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "txpool is full" } } : undefined;
      outbox = await bench.open();
      const { hash } = await outbox.write(numbered(1), { id: "one" });
      await outbox.close();
      bench.nodes[0]!.fault = undefined;
      let goOn: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (goOn = resolve));
      const store = {
        ...bench.store,
        list: async (...args: Parameters<typeof bench.store.list>) => {
          const entries = await bench.store.list(...args);
          await gate;
          return entries;
        },
      };
      outbox = await bench.open({ store });
      const offered = bench.chain.offered.get(hash);
      await outbox.cancel("one");
      goOn();
      expect(await codeOf(mining(bench.chain, outbox.settled("one")))).to.equal("OUTBOX_REFUSED");
      expect(bench.chain.offered.get(hash)).to.equal(offered);
    });

    it("is refused by an outbox that was closed, since another process may have the key", async () => {
      outbox = await bench.open();
      await outbox.write(numbered(1), { id: "one" });
      await outbox.close();
      expect(await codeOf(outbox.cancel("one"))).to.equal("OUTBOX_CLOSED");
    });
  });

  describe("the store", () => {
    it("was made before entries told whether they are to be given up", async () => {
      const signed = await bench.open().then(async (earlier) => {
        const entry = await earlier.write(numbered(1), { id: "one" });
        await earlier.close();
        return entry;
      });
      const { cancelAskedAt, ...older } = signed;
      expect(cancelAskedAt).to.equal(null);
      await bench.store.update([older as typeof signed]);
      outbox = await bench.open();
      expect((await outbox.find("one"))?.cancelAskedAt).to.equal(null);
      await mining(bench.chain, outbox.settled("one"));
      expect(numbersOn(bench.chain)).to.deep.equal([1]);
    });

    for (const what of ["cancelled", "signed again when it expired"] as const) {
      it(`was restored from a copy that does not know that a write was ${what}`, async () => {
        let lives = 0;
        const wrap = ({ to, data }: { to: string; data: string }) => {
          const expiresAt = Date.now() / 1000 + (lives++ === 0 ? 0.2 : 60);
          return { to, data: `${data}${lives.toString(16).padStart(64, "0")}`, expiresAt };
        };
        const options = what === "cancelled" ? {} : { wrap };
        bench.nodes[0]!.fault = (method) =>
          method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "txpool is full" } } : undefined;
        outbox = await bench.open(options);
        await outbox.write(numbered(1), { id: "one" });
        const copy = await bench.store.find(SIGNER.address, ["one"]);
        if (what === "cancelled") await outbox.cancel("one");
        await until(async () => (await outbox.find("one"))?.history.length === 1, "other bytes are in its place");
        await outbox.write(numbered(2), { id: "two" });
        bench.nodes[0]!.fault = undefined;
        await mining(bench.chain, outbox.settled("two"));
        const state = (await outbox.find("one"))!;
        await outbox.close();

        // The copy lacks "two" as well, so that the chain has more than it knows of.
        const file = join(dirname(bench.file), "copy.db");
        const restored = await sqliteStore(file);
        await restored.add(copy);
        expect(await codeOf(bench.open({ ...options, store: restored }))).to.equal("OUTBOX_STORE_BEHIND");
        const again = await bench.open({ ...options, store: restored, acceptForeign: true });
        await again.write(numbered(3), { id: "three" });
        await mining(bench.chain, again.settled("three"));
        const settled = await mining(
          bench.chain,
          again.settled("one").catch((reason: unknown) => reason as { code: string }),
        );
        expect(settled).to.include(what === "cancelled" ? { code: "OUTBOX_REFUSED" } : { state: "final" });
        expect(await again.find("one")).to.include({ hash: state.hash, nonce: 0, isFilled: what === "cancelled" });
        await again.close();
        await restored.close();
        expect(bench.chain.written.map(({ nonce }) => nonce)).to.deep.equal([0, 1, 2]);
      });
    }

    it("gives no nonce twice when it is lost after it took a write", async () => {
      let isLost = true;
      const store = {
        ...bench.store,
        add: async (entries: Parameters<typeof bench.store.add>[0]) => {
          await bench.store.add(entries);
          if (isLost) throw new Error("the connection was lost");
        },
      };
      outbox = await bench.open({ store });
      expect(await codeOf(outbox.write(numbered(1), { id: "one" }))).to.be.an("error");
      isLost = false;
      expect((await outbox.write(numbered(2), { id: "two" })).nonce).to.equal(1);
      expect((await outbox.write(numbered(1), { id: "one" })).nonce).to.equal(0);
      await mining(bench.chain, outbox.settled("two"));
      expect(numbersOn(bench.chain)).to.deep.equal([1, 2]);
    });

    it("leaves nobody waiting when it is lost", async () => {
      let isLost = false;
      const store = {
        ...bench.store,
        update: async (entries: Parameters<typeof bench.store.update>[0]) => {
          if (isLost) throw new NetworkError("OUTBOX_STORE_REFUSES", "the connection was lost");
          await bench.store.update(entries);
        },
      };
      outbox = await bench.open({ store });
      await outbox.write(numbered(1), { id: "one" });
      isLost = true;
      expect(await codeOf(mining(bench.chain, outbox.settled("one")))).to.equal("OUTBOX_STORE_REFUSES");
      isLost = false;
      expect(await mining(bench.chain, outbox.settled("one"))).to.include({ state: "final" });
    });

    it("is refused when it is of another chain or genesis", async () => {
      outbox = await bench.open({ genesisHash: bench.chain.blocks[0]!.hash });
      await outbox.close();
      expect(await codeOf(bench.open({ chainId: 7n }))).to.equal("OUTBOX_WRONG_CHAIN");
      expect(await codeOf(bench.open({ genesisHash: `0x${"00".repeat(32)}` }))).to.equal("OUTBOX_WRONG_CHAIN");
      outbox = await bench.open();
    });

    it("lets one outbox at a key, and another after it closed", async () => {
      outbox = await bench.open();
      const error = await bench.open().catch((reason: unknown) => reason as Error);
      expect(error).to.include({ code: "OUTBOX_LOCKED" });
      expect((error as Error).message)
        .to.include(SIGNER.address)
        .and.include(bench.file);
      await outbox.close();
      outbox = await bench.open();
    });

    it("goes on with what an earlier outbox left", async () => {
      outbox = await bench.open();
      await outbox.write(numbered(1), { id: "one" });
      await outbox.close();
      bench.chain.pool.clear();
      outbox = await bench.open();
      await outbox.write(numbered(2), { id: "two" });
      await mining(bench.chain, outbox.settled("two"));
      expect(numbersOn(bench.chain)).to.deep.equal([1, 2]);
    });
  });
});
