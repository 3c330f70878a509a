import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";

import { expect } from "chai";

import { openOutboxStore } from "../../src/network/outbox/openOutboxStore.js";
import { FakeChain, type FakeNode, serveChain } from "./fakeChain.js";
import { numbersOn, SIGNER } from "./outboxBench.js";
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
    }).timeout(120_000);

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
    }).timeout(60_000);

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
    }).timeout(30_000);
  });
}
