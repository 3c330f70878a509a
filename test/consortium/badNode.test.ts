import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";
import { id, keccak256, type JsonRpcProvider } from "ethers";

import { type CliqueNetwork, startCliqueNetwork } from "../../scripts/network/cliqueNetwork.js";
import { findGeth } from "../../scripts/network/findGeth.js";
import { confirmationsFor } from "../../src/network/consensus/confirmationsFor.js";
import { openOutbox, type Outbox } from "../../src/network/outbox/openOutbox.js";
import { sqliteStore } from "../../src/network/outbox/sqliteStore.js";
import { openNodes } from "../../src/network/rpc/openNodes.js";

import { attestCall } from "./attestCall.js";
import { type BadNode, type Misbehaviour, type Question, startBadNode } from "./badNode.js";
import { type Office, openOffice } from "./office.js";

const WRITES = 10;

describe("an outbox whose first node is broken or lies", function () {
  let network: CliqueNetwork;
  let office: Office;
  let provider: JsonRpcProvider;
  let bad: BadNode;
  let folder: string;
  let attestations: string;
  let written = 0;

  before(async () => {
    network = await startCliqueNetwork({ geth: await findGeth(undefined, () => undefined), validators: 3 });
    office = await openOffice(network.rpcUrls[0]!, network.chainId);
    provider = office.provider;
    attestations = await office.attestations.getAddress();
    bad = await startBadNode(network.rpcUrls[0]!);
    folder = await mkdtemp(join(tmpdir(), "diwan-bad-node-"));
  });

  after(async () => {
    await bad.close();
    provider.destroy();
    await network.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(urls: readonly string[]): Promise<{ outbox: Outbox; close: () => Promise<void> }> {
    const store = await sqliteStore(join(folder, "outbox.sqlite"));
    const chainId = BigInt(network.chainId);
    const close = () => store.close();
    try {
      const outbox = await openOutbox({
        ...{ store, chainId, genesisHash: network.genesisHash, signer: office.bodies.office.key, pollMs: 300 },
        nodes: openNodes({ urls, chainId, genesisHash: network.genesisHash, timeoutMs: 1_500, staleMs: 4_000 }),
        finality: { confirmations: confirmationsFor({ kind: "clique", validators: 3 }) },
        resendMs: 1_500,
      });
      return { outbox, close: async () => outbox.close().then(close) };
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** Writes through the bad node and two good ones, as many as agree on what is final: all is there once, whatever the bad one does. */
  async function expectOnce(how: Misbehaviour): Promise<Outbox> {
    bad.behave(how);
    const { outbox, close } = await open([bad.url, ...network.rpcUrls.slice(1)]);
    try {
      const ids = Array.from({ length: WRITES }, (_, i) => `${written + i}`);
      for (const [i, name] of ids.entries()) await outbox.write(attestCall(attestations, written + i), { id: name });
      const settled = await Promise.all(ids.map((name) => outbox.settled(name)));
      for (const { hash, blockHash, succeeded } of settled) {
        const receipt = await provider.getTransactionReceipt(hash);
        expect([receipt?.blockHash, receipt?.status, succeeded]).to.deep.equal([blockHash, 1, true]);
      }
      written += WRITES;
      expect(await provider.getTransactionCount(outbox.key)).to.equal(written);
      const { attestations: registry } = office;
      expect(await registry.queryFilter(registry.filters.AttestationIssued(), 0)).to.have.length(written);
      return outbox;
    } finally {
      await close();
      bad.behave({});
    }
  }

  const answering =
    (answers: Record<string, (question: Question, asked: (question: Question) => Promise<unknown>) => unknown>) =>
    async (question: Question, asked: (question: Question) => Promise<unknown>): Promise<unknown> =>
      answers[question.method]?.(question, asked);

  it("never uses one of another chain, and names it", async () => {
    const outbox = await expectOnce({ answer: answering({ eth_chainId: () => "0x1" }) });
    expect(outbox.nodes.standings()[0]!.problem).to.equal(
      `${new URL(bad.url).host} is of chain 1, not ${network.chainId}`,
    );
  });

  it("passes over one whose head stands still", async () => {
    const head: unknown = await provider.send("eth_blockNumber", []);
    const block: unknown = await provider.send("eth_getBlockByNumber", [head, false]);
    await expectOnce({
      answer: answering({
        eth_blockNumber: () => head,
        eth_getBlockByNumber: ({ params: [number] }) => (number === "latest" ? block : undefined),
        // What is newer it does not know.
        eth_getTransactionReceipt: () => null,
      }),
    });
  });

  it("believes no receipt of one that keeps the transactions to itself", async () => {
    await expectOnce({
      answer: answering({
        eth_sendRawTransaction: ({ params: [raw] }) => keccak256(String(raw)),
        eth_getTransactionReceipt: async ({ params: [hash] }, asked) => {
          const latest = (await asked({ id: 1, method: "eth_getBlockByNumber", params: ["0x5", false] })) as object;
          const { number, hash: blockHash } = latest as { number: string; hash: string };
          return {
            transactionHash: hash,
            blockNumber: number,
            blockHash,
            status: "0x1",
            logs: [],
            transactionIndex: "0x0",
          };
        },
      }),
    });
  });

  it("believes no receipt that names a block which is not", async () => {
    await expectOnce({
      answer: answering({
        eth_getTransactionReceipt: async (question, asked) => {
          const receipt = (await asked(question)) as object | null;
          return receipt === null ? null : { ...receipt, blockHash: id("no block"), status: "0x0" };
        },
      }),
    });
  });

  it("gets on with one that drops every second request", async () => {
    let n = 0;
    await expectOnce({ refuse: () => (n++ % 2 === 0 ? "hang up" : undefined) });
  });

  it("gets on with one that does everything twice", () => expectOnce({ twice: true }).then(() => undefined));

  for (const status of [429, 502]) {
    it(`gets on with one that answers ${status}`, () => expectOnce({ refuse: () => status }).then(() => undefined));
  }

  it("gets on with one that takes longer than anyone waits", () => expectOnce({ delay: 4_000 }).then(() => undefined));

  it("says what is wrong where there is no other node", async () => {
    bad.behave({ answer: answering({ eth_chainId: () => "0x1" }) });
    const problem = await open([bad.url]).then(
      async ({ outbox, close }) => {
        const { nodes } = outbox;
        await outbox.nodes.look().catch(() => undefined);
        const [standing] = nodes.standings();
        await close();
        return standing?.problem;
      },
      (error: unknown) => (error as Error).message,
    );
    expect(problem).to.include(`${new URL(bad.url).host} is of chain 1, not ${network.chainId}`);
  });

  it("ends with the truth once a lone node that was broken is mended", async () => {
    bad.behave({ refuse: () => 502 });
    const { outbox, close } = await open([bad.url]);
    await outbox.write(attestCall(attestations, written), { id: `${written}` });
    await setTimeout(2_000);
    const { problem, oldest } = await outbox.status();
    expect(problem).to.include("502");
    expect(oldest?.id).to.equal(`${written}`);
    bad.behave({});
    expect((await outbox.settled(`${written}`)).succeeded).to.equal(true);
    written += 1;
    expect(await provider.getTransactionCount(outbox.key)).to.equal(written);
    await close();
  });
});
