import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";

import { expect } from "chai";

import { openOutboxStore } from "../../src/network/outbox/openOutboxStore.js";
import { openOutbox, type Outbox } from "../../src/network/outbox/openOutbox.js";
import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { FakeChain, type FakeNode, serveChain } from "./fakeChain.js";
import { mining, numbersOn, SIGNER, until } from "./outboxBench.js";
import { type OutboxPlace, PLACES } from "./outboxPlaces.js";

const KILLS = 6;
const WRITES = 400;

/** A process that writes, and what it said. */
interface Writer {
  readonly child: ChildProcess;
  readonly said: string[];
  /** Waits until it said so many lines, or ended. */
  readonly lines: (count: number) => Promise<void>;
  readonly ended: Promise<unknown>;
}

function start(mode: string, place: string, url: string, from: number, to: number): Writer {
  const args = ["--import", "tsx", "test/network/outboxProcess.ts", mode, place, url, `${from}`, `${to}`];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    said.push(...lines);
  });
  const ended = once(child, "close");
  const lines = async (count: number): Promise<void> => {
    while (said.length < count && child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  return { child, said, lines, ended };
}

function lastAccepted({ said }: Writer): number {
  return Math.max(0, ...said.filter((line) => line.startsWith("accepted ")).map((line) => Number(line.slice(9))));
}

for (const { name, make } of PLACES) {
  describe(`outbox in a process that is killed, on ${name}`, () => {
    let place: OutboxPlace;
    let chain: FakeChain;
    let node: FakeNode;
    let writer: Writer | undefined;

    beforeEach(async () => {
      place = await make();
      chain = new FakeChain({ onlySender: SIGNER.address });
      node = await serveChain(chain);
    });
    afterEach(async () => {
      if (writer !== undefined) {
        writer.child.kill("SIGKILL");
        await writer.ended;
      }
      await node.close();
      await place.remove();
    });

    it(`writes each number once and in order, killed ${KILLS} times`, async () => {
      // The node forgets what it took, the chain drops blocks, and answers get lost.
      node.losesEvery = 17;
      const timer = setInterval(() => {
        chain.mine(1, 20);
        if (chain.head % 23 === 0) chain.reorganise(1);
        if (chain.head % 31 === 0) chain.pool.clear();
      }, 20);
      try {
        let accepted = 0;
        for (let kill = 0; kill < KILLS; kill++) {
          writer = start("write", place.place, node.url, accepted + 1, WRITES);
          await writer.lines(2 + Math.floor((Math.random() * WRITES) / KILLS));
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
          writer.child.kill("SIGKILL");
          await writer.ended;
          accepted = Math.max(accepted, lastAccepted(writer));
        }
        expect(accepted).to.be.greaterThan(0);
        writer = start("write", place.place, node.url, accepted + 1, WRITES + 1);
        await writer.ended;
        expect(writer.said.at(-1)).to.equal("done");
      } finally {
        clearInterval(timer);
      }
      expect(numbersOn(chain)).to.deep.equal(Array.from({ length: WRITES + 1 }, (_, i) => i + 1));
      expect(chain.written).to.have.lengthOf(WRITES + 1);
    });

    it("has in the store everything that was accepted, and no part of a transaction", async () => {
      let next = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        writer = start("store", place.place, node.url, next, 0);
        await writer.lines(1 + Math.floor(Math.random() * 60));
        writer.child.kill("SIGKILL");
        await writer.ended;
        const store = await openOutboxStore(place.place);
        const accepted = lastAccepted(writer);
        next = await store.nextNonce(SIGNER.address);
        expect(next).to.be.greaterThan(accepted);
        expect(next % 10).to.equal(0);
        const entries = await store.list(SIGNER.address, 0, next + 1, "all");
        expect(entries.map(({ nonce }) => nonce)).to.deep.equal(Array.from({ length: next }, (_, i) => i));
        await store.close();
      }
      if (name === "SQLite") {
        const database = new DatabaseSync(place.place);
        expect(database.prepare("PRAGMA integrity_check").get()).to.deep.include({ integrity_check: "ok" });
        database.close();
      }
    });

    describe("right after cancel() was accepted", () => {
      let hash: string;

      beforeEach(async () => {
        // No node takes it, so that it waits in the store until the test lets it go.
        node.fault = (method) =>
          method === "eth_sendRawTransaction" ? { error: { code: -32000, message: "txpool is full" } } : undefined;
        writer = start("cancel", place.place, node.url, 1, 1);
        await writer.ended;
        expect(writer.child.signalCode).to.equal("SIGKILL");
        const [left] = await inStore(async (store) => store.find(SIGNER.address, ["number 1"]));
        expect(left).to.include({ isFilled: false, settledAt: null });
        expect(left!.cancelAskedAt).to.be.a("number");
        node.fault = undefined;
        hash = left!.hash;
      });

      const inStore = async <T>(work: (store: OutboxStore) => Promise<T>): Promise<T> => {
        const store = await openOutboxStore(place.place);
        try {
          return await work(store);
        } finally {
          await store.close();
        }
      };
      const goOn = (work: (outbox: Outbox) => Promise<void>): Promise<void> =>
        inStore(async (store) => {
          const options = { signer: SIGNER, chainId: 2026n, finality: { confirmations: 2 }, pollMs: 20, resendMs: 100 };
          let outbox: Outbox | undefined;
          // A server notices a moment later that the other process is gone.
          const isOpen = async (): Promise<boolean> => {
            outbox = await openOutbox({ store, nodes: [node.url], ...options }).catch((error: unknown) => {
              if ((error as { code?: unknown }).code === "OUTBOX_LOCKED") return undefined;
              throw error;
            });
            return outbox !== undefined;
          };
          await until(isOpen, "the key is free");
          try {
            await work(outbox!);
          } finally {
            await outbox!.close();
          }
        });

      it("gives the write up in the next process, which does not send it first", async () => {
        await goOn(async (outbox) => {
          const settled = outbox.settled("number 1").catch((reason: unknown) => reason as Error);
          expect(await mining(chain, settled)).to.include({ code: "OUTBOX_REFUSED" });
          expect(await outbox.find("number 1")).to.include({ state: "refused", reason: "it was cancelled" });
        });
        expect(chain.offered.has(hash)).to.equal(false);
        expect(chain.written).to.have.lengthOf(1);
        expect(numbersOn(chain)).to.deep.equal([]);
      });

      it("tells that it is final where its block was there before", async () => {
        const [{ raw }] = (await inStore((store) => store.find(SIGNER.address, ["number 1"]))) as [OutboxEntry];
        chain.accept(raw);
        chain.mine();
        await goOn(async (outbox) => {
          const entry = await mining(chain, outbox.settled("number 1"));
          expect(entry).to.include({ hash, state: "final", isFilled: false, succeeded: true });
        });
        expect(numbersOn(chain)).to.deep.equal([1]);
      });
    });

    it("keeps another process off its key, and frees it when it is killed", async () => {
      writer = start("hold", place.place, node.url, 0, 0);
      await writer.lines(1);
      expect(writer.said).to.deep.equal(["open"]);
      const store = await openOutboxStore(place.place);
      const error = await store.lock(SIGNER.address).catch((reason: unknown) => reason as Error);
      expect(error).to.include({ code: "OUTBOX_LOCKED" });
      expect((error as Error).message)
        .to.include(SIGNER.address)
        .and.include(store.name);

      writer.child.kill("SIGKILL");
      await writer.ended;
      // A server notices a moment later.
      let free: (() => Promise<void>) | undefined;
      for (let i = 0; i < 200 && free === undefined; i++) {
        free = await store.lock(SIGNER.address).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(free).not.to.equal(undefined);
      await store.close();
    });
  });
}
