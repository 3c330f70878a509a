import { inspect } from "node:util";

import { expect } from "chai";

import { judgeRefusal } from "../../src/network/outbox/judgeRefusal.js";
import { callNode } from "../../src/network/rpc/callNode.js";
import { hostOf } from "../../src/network/rpc/hostOf.js";
import { nodesProvider } from "../../src/network/rpc/nodesProvider.js";
import { openNode } from "../../src/network/rpc/openNode.js";
import { openNodes } from "../../src/network/rpc/openNodes.js";
import { RpcRefusal } from "../../src/network/rpc/RpcRefusal.js";
import { FakeChain, type FakeNode, serveChain } from "./fakeChain.js";
import { CALL, mining, numbered, numbersOn, outboxBench, type OutboxBench, until } from "./outboxBench.js";

const CHAIN_ID = { method: "eth_chainId", params: [] };
const HEAD = { method: "eth_blockNumber", params: [] };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no error",
    (error: unknown) => (error as { code?: unknown }).code,
  );

const errorOf = (work: Promise<unknown>): Promise<Error & { code?: unknown }> =>
  work.then(
    () => new Error("no error"),
    (error: unknown) => error as Error,
  );

function withUser(url: string, user: string, password: string): string {
  return url.replace("//", `//${user}:${password}@`);
}

describe("JSON-RPC nodes", () => {
  const chain = new FakeChain();
  let nodes: FakeNode[];

  beforeEach(async () => {
    nodes = await Promise.all([serveChain(chain), serveChain(chain)]);
  });
  afterEach(() => Promise.all(nodes.map((node) => node.close())));

  const open = (options: { genesisHash?: string; staleMs?: number } = {}) =>
    openNodes({ urls: nodes.map(({ url }) => url), chainId: 2026n, restMs: 1, timeoutMs: 3_000, ...options });

  describe("callNode", () => {
    it("answers several calls in their order, one refused", async () => {
      const answers = await callNode(nodes[0]!.url, [CHAIN_ID, { method: "eth_none", params: [] }, HEAD]);
      expect(answers[0]).to.deep.equal({ result: "0x7ea" });
      expect((answers[1] as { refusal: RpcRefusal }).refusal).to.include({ code: -32601 });
      expect(answers[2]).to.deep.equal({ result: "0x0" });
    });

    it("answers them one a request too", async () => {
      const answers = await callNode(nodes[0]!.url, [CHAIN_ID, HEAD], { inOne: false });
      expect(answers).to.deep.equal([{ result: "0x7ea" }, { result: "0x0" }]);
    });

    const bad = {
      "429": { status: 429 },
      "502": { status: 502 },
      "no JSON": { text: "<html>" },
      "JSON of nobody": { text: "[]" },
      "another call's answer": { text: '{"jsonrpc":"2.0","id":77,"result":"0x1"}' },
      "no result": { text: '{"jsonrpc":"2.0","id":0}' },
      "its limit": { error: { code: -32005, message: "limit exceeded" } },
      silence: { hangs: true as const },
    };
    for (const [what, fault] of Object.entries(bad)) {
      it(`calls a node that answers with ${what} unreachable`, async () => {
        nodes[0]!.fault = () => fault;
        expect(await codeOf(callNode(nodes[0]!.url, [CHAIN_ID], { timeoutMs: 200 }))).to.equal("RPC_UNREACHABLE");
      });
    }

    it("takes a range that is too long for a refusal, though the code is that of its limit", async () => {
      const message = "Requested range exceeds maximum RPC range limit";
      nodes[0]!.fault = () => ({ error: { code: -32005, message } });
      const [answer] = await callNode(nodes[0]!.url, [HEAD]);
      expect((answer as { refusal: RpcRefusal }).refusal).to.include({ code: -32005, message });
    });

    it("keeps to itself what of an address may be a password", async () => {
      nodes[0]!.fault = () => ({ status: 502 });
      const error = await callNode(`${nodes[0]!.url}/v3/secret`, [HEAD]).catch((reason: unknown) => reason as Error);
      expect((error as Error).message).to.match(/^127\.0\.0\.1:\d+ cannot be used: HTTP 502$/);
    });

    it("gives a user and password of the address to the node, and to nobody else", async () => {
      const url = withUser(nodes[0]!.url, "clerk", "p%40ss:w\u00f6rd");
      expect(await callNode(url, [CHAIN_ID])).to.deep.equal([{ result: "0x7ea" }]);
      expect(nodes[0]!.credentials).to.equal("clerk:p@ss:w\u00f6rd");
      expect(await callNode(nodes[0]!.url, [CHAIN_ID])).to.deep.equal([{ result: "0x7ea" }]);
      expect(nodes[0]!.credentials).to.equal(undefined);

      nodes[0]!.fault = () => ({ status: 502 });
      const urls = [url, withUser(nodes[1]!.url, "clerk", "hunter2"), "https://clerk:hunter2@[", "x://clerk:hunter2@y"];
      await nodes[1]!.close();
      const many = openNodes({ urls, chainId: 2026n, restMs: 1 });
      const errors = await Promise.all([
        ...urls.map((one) => errorOf(callNode(one, [CHAIN_ID]))),
        ...urls.map((one) => errorOf(openNode(one).send("eth_chainId", []))),
        errorOf(many.look()),
        errorOf(many.ask((node) => node.call("eth_chainId", []))),
      ]);
      expect(errors.map(({ code }) => code)).to.deep.equal(errors.map(() => "RPC_UNREACHABLE"));
      // With causes and all.
      expect(inspect([errors, many.standings()], { depth: 10 })).not.to.match(/hunter2|p%40ss|p@ss|clerk/);
      expect(many.standings().map(({ host }) => host)).to.include(new URL(nodes[1]!.url).host);
    });

    it("shows nothing of an address where a part of the password looks like the host", () => {
      for (const rest of ["12/hunter2@node.example", "12?hunter2@node.example", "12#hunter2@node.example", "x@["]) {
        expect(hostOf(`https://clerk:${rest}`), rest).to.equal("the node");
      }
      expect(hostOf("https://clerk:hunter2@node.example:8545/v3/key")).to.equal("node.example:8545");
    });

    it("calls a node that is not there unreachable, and says why", async () => {
      await nodes[0]!.close();
      const error = await callNode(nodes[0]!.url, [CHAIN_ID]).catch((reason: unknown) => reason as Error);
      expect(error).to.include({ code: "RPC_UNREACHABLE" });
      expect((error as Error).message).to.include("ECONNREFUSED");
    });
  });

  describe("openNode", () => {
    it("asks a silent node again, as often as it may", async () => {
      let faults = 0;
      nodes[0]!.fault = () => (faults++ < 2 ? { status: 502 } : undefined);
      expect(await openNode(nodes[0]!.url, { tries: 3 }).send("eth_chainId", [])).to.equal("0x7ea");
      faults = 0;
      expect(await codeOf(openNode(nodes[0]!.url, { tries: 2 }).send("eth_chainId", []))).to.equal("RPC_UNREACHABLE");
      expect(faults).to.equal(2);
    });

    it("asks once where it refuses", async () => {
      let asked = 0;
      nodes[0]!.fault = () => (asked++, undefined);
      const error: unknown = await openNode(nodes[0]!.url, { tries: 3 })
        .send("eth_none", [])
        .catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RpcRefusal);
      expect(asked).to.equal(1);
    });
  });

  describe("openNodes", () => {
    it("asks the next when one does not answer", async () => {
      nodes[0]!.fault = () => ({ status: 502 });
      expect(await open().ask((node) => node.call("eth_chainId", []))).to.equal("0x7ea");
    });

    it("passes a refusal on, and asks nobody else", async () => {
      const error = await open()
        .ask((node) => node.call("eth_none", []))
        .catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RpcRefusal);
      expect(nodes[1]!.asked.has("eth_none")).to.equal(false);
    });

    it("never uses a node of another chain, and says so when there is no other", async () => {
      nodes[0]!.fault = (method) => (method === "eth_chainId" ? { result: "0x1" } : undefined);
      await open().ask((node) => node.call("eth_blockNumber", []));
      expect(nodes[0]!.asked.has("eth_blockNumber")).to.equal(false);

      nodes[1]!.fault = nodes[0]!.fault;
      const error = await open()
        .ask((node) => node.call("eth_blockNumber", []))
        .catch((reason: unknown) => reason as Error);
      expect(error).to.include({ code: "RPC_WRONG_CHAIN" });
      expect((error as Error).message).to.include("of chain 1, not 2026");
    });

    it("never uses a node whose chain began otherwise", async () => {
      const ask = (genesisHash: string) => open({ genesisHash }).ask((node) => node.call("eth_blockNumber", []));
      expect(await ask(chain.blocks[0]!.hash)).to.equal("0x0");
      expect(await codeOf(ask(`0x${"11".repeat(32)}`))).to.equal("RPC_WRONG_CHAIN");
    });

    it("uses a node that knows no batches", async () => {
      let batches = 0;
      const body = '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}';
      nodes[0]!.fault = (_, params) => (params[0] === "first of two" && batches++ === 0 ? { text: body } : undefined);
      const first = { method: "eth_blockNumber", params: ["first of two"] };
      expect(await open().ask((node) => node.callAll([first, CHAIN_ID]))).to.deep.equal([
        { result: "0x0" },
        { result: "0x7ea" },
      ]);
      expect(batches).to.equal(2);
    });

    describe("with a node that never answers", () => {
      /** As they are used: the rest is not made shorter. */
      const patient = () => openNodes({ urls: nodes.map(({ url }) => url), chainId: 2026n, timeoutMs: 2_500 });
      const timed = async (ask: () => Promise<unknown>) => {
        const startedAt = performance.now();
        await ask();
        return performance.now() - startedAt;
      };
      const head = (opened: ReturnType<typeof openNodes>) => opened.ask((node) => node.call("eth_blockNumber", []));
      /** Of the requests of some seconds: all, if each waited; a few may be slow because the machine is. */
      const shareOfSlow = async (opened: ReturnType<typeof openNodes>, ms: number) => {
        const times: number[] = [];
        for (const end = performance.now() + ms; performance.now() < end; await pause(100)) {
          times.push(await timed(() => head(opened)));
        }
        return times.filter((time) => time > 600).length / times.length;
      };

      it("waits for it half the timeout at first, and then no more", async () => {
        nodes[0]!.fault = () => ({ hangs: true });
        const opened = patient();
        expect(await timed(() => head(opened))).to.be.at.least(900);
        expect(opened.standings()[0], "its timeout is not over").to.include({ problem: null });
        // Longer than the timeout and a rest, so that it is looked at again meanwhile.
        expect(await shareOfSlow(opened, 5_000)).to.be.lessThan(0.5);
        // At 0 s, and 1 s after it was given up at 2.5 s: the next rest is of 2 s.
        expect(nodes[0]!.asked.get("eth_chainId")).to.be.within(1, 2);
      });

      it("gives one request its timeout where it fell silent while it was used", async () => {
        const opened = patient();
        await head(opened);
        nodes[0]!.fault = () => ({ hangs: true });
        expect(await timed(() => head(opened))).to.be.at.least(1_900);
        expect(opened.standings()[0]!.problem).to.be.a("string");
        expect(await shareOfSlow(opened, 2_000)).to.be.lessThan(0.5);
      });

      it("uses it again once it answers", async () => {
        nodes[0]!.fault = () => ({ hangs: true });
        const opened = openNodes({ urls: nodes.map(({ url }) => url), chainId: 2026n, timeoutMs: 200, restMs: 50 });
        await head(opened);
        nodes[0]!.fault = undefined;
        await nodes[1]!.close();
        await pause(300);
        expect(await opened.ask((node) => node.call("eth_chainId", []))).to.equal("0x7ea");
      });
    });

    it("looks at those that rest when the last good one failed", async () => {
      nodes[0]!.fault = () => ({ status: 502 });
      const opened = open();
      await opened.ask((node) => node.call("eth_blockNumber", []));
      nodes[0]!.fault = undefined;
      nodes[1]!.fault = () => ({ status: 502 });
      await pause(5);
      expect(await opened.ask((node) => node.call("eth_chainId", []))).to.equal("0x7ea");
    });

    it("asks a node last whose head stands still while another's goes on", async () => {
      const old = new FakeChain();
      const stale = await serveChain(old);
      try {
        const urls = [stale.url, nodes[0]!.url];
        const both = openNodes({ urls, chainId: 2026n, staleMs: 50 });
        expect(await both.look()).to.have.lengthOf(2);
        await pause(80);
        chain.mine();
        const heads = await both.look();
        expect(heads.map(({ node }) => node.url)).to.deep.equal([nodes[0]!.url, stale.url]);
        expect((await both.usable())[0]!.url).to.equal(nodes[0]!.url);
        expect(both.standings().map(({ isStale }) => isStale)).to.deep.equal([true, false]);
        old.mine(2);
        expect(await both.look()).to.have.lengthOf(2);
      } finally {
        await stale.close();
      }
    });
  });

  describe("nodesProvider", () => {
    it("is a provider that goes on when a node ends", async () => {
      const provider = nodesProvider(open(), 2026n);
      const before = await provider.getBlockNumber();
      await nodes[0]!.close();
      expect(await provider.getBlockNumber()).to.equal(before);
      expect((await provider.getNetwork()).chainId).to.equal(2026n);
      provider.destroy();
    });
  });
});

describe("an outbox among bad nodes", () => {
  let bench: OutboxBench;

  beforeEach(async () => {
    bench = await outboxBench([undefined, undefined, undefined]);
  });
  afterEach(() => bench.close());

  const settle = async (): Promise<void> => {
    const outbox = await bench.open();
    await outbox.write(numbered(1));
    await outbox.write(numbered(2), { id: "two" });
    expect(await mining(bench.chain, outbox.settled("two"))).to.include({ state: "final", succeeded: true });
    expect(numbersOn(bench.chain)).to.deep.equal([1, 2]);
  };

  it("comes to its end with one node of three", async () => {
    await bench.nodes[0]!.close();
    bench.nodes[1]!.fault = () => ({ status: 429 });
    await settle();
  });

  it("takes back what was said of a contract's success at first, once two nodes say what is final", async () => {
    for (const node of bench.nodes) {
      node.fault = (method, params) => {
        if (method !== "eth_getTransactionReceipt") return undefined;
        const receipt = bench.chain.answer(method, params) as object | null;
        return { result: receipt === null ? null : { ...receipt, status: "0x0" } };
      };
    }
    const outbox = await bench.open({ finality: { confirmations: 3 } });
    await outbox.write(CALL, { id: "one" });
    await until(() => bench.chain.pool.size > 0, "it is with the nodes");
    bench.chain.mine();
    expect(await outbox.included("one")).to.include({ state: "included", succeeded: false });
    for (const node of bench.nodes) node.fault = undefined;
    bench.chain.mine(3);
    expect(await outbox.settled("one")).to.include({ state: "final", succeeded: true });
  });

  it("goes on sending while a node is silent about what the chain did", async () => {
    const [node] = bench.nodes;
    node!.fault = (method) => (method === "eth_getTransactionReceipt" ? { hangs: true } : undefined);
    const nodes = openNodes({ urls: [node!.url], chainId: 2026n, timeoutMs: 60_000 });
    const outbox = await bench.open({ nodes });
    await outbox.write(numbered(1));
    await until(() => bench.chain.pool.size > 0, "the first is with the node");
    bench.chain.mine();
    await until(() => node!.asked.has("eth_getTransactionReceipt"), "it is asked what became of it");
    await outbox.write(numbered(2));
    await until(() => bench.chain.pool.size > 0, "the second is with the node");
    bench.chain.mine();
    expect(numbersOn(bench.chain)).to.deep.equal([1, 2]);
    await node!.close(); // which ends what it was silent about
  });

  it("believes two nodes against one that says the contract refused", async () => {
    bench.nodes[0]!.fault = (method, params) => {
      if (method !== "eth_getTransactionReceipt") return undefined;
      const receipt = bench.chain.answer(method, params) as object | null;
      return { result: receipt === null ? null : { ...receipt, status: "0x0" } };
    };
    await settle();
  });

  it("believes two nodes against one that knows no receipt, and one that swallows what it is sent", async () => {
    bench.nodes[0]!.fault = (method) => (method === "eth_getTransactionReceipt" ? { result: null } : undefined);
    bench.nodes[1]!.fault = (method) =>
      method === "eth_sendRawTransaction" ? { result: `0x${"00".repeat(32)}` } : undefined;
    await settle();
  });

  it("does not call final what two nodes say different things of, and tells so", async () => {
    bench.nodes[0]!.fault = (method, params) => {
      if (method !== "eth_getTransactionReceipt") return undefined;
      const receipt = bench.chain.answer(method, params) as object | null;
      return { result: receipt === null ? null : { ...receipt, status: "0x0" } };
    };
    await bench.nodes[2]!.close();
    const outbox = await bench.open();
    await outbox.write(CALL, { id: "one" });
    const isTold = async (): Promise<boolean> => /do not agree/.test((await outbox.find("one"))?.lastError ?? "");
    await mining(bench.chain, until(isTold, "it is told"));
    expect((await outbox.find("one"))?.state).to.equal("included");
  });

  it("does not fill a nonce because one node refuses for good", async () => {
    bench.nodes[0]!.fault = (method) =>
      method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "intrinsic gas too low" } } : undefined;
    await settle();
  });
});

describe("judgeRefusal", () => {
  it("knows the words of geth and Besu", () => {
    const words = {
      known: [
        "already known",
        "nonce too low: next nonce 8, tx nonce 7",
        "Known transaction",
        "Nonce too low",
        "the nonce is too low",
      ],
      never: [
        "intrinsic gas too low: have 21000, want 21624",
        "exceeds block gas limit",
        "Transaction gas limit exceeds block gas limit",
        "oversized data",
        "Intrinsic gas exceeds gas limit",
      ],
      later: [
        "txpool is full",
        "replacement transaction underpriced",
        "Sender account not authorized to send transactions",
        "",
      ],
    };
    for (const [judgment, messages] of Object.entries(words)) {
      for (const message of messages) expect(judgeRefusal(message), message).to.equal(judgment);
    }
  });
});
