import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inspect } from "node:util";

import { expect } from "chai";

import { openOutboxStore } from "../../src/network/outbox/openOutboxStore.js";
import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import { type OpenStore, PLACES, STORES } from "./outboxPlaces.js";

const KEY = "0x00000000000000000000000000000000000000A1";
const OTHER = "0x00000000000000000000000000000000000000a2";

function entry(nonce: number, fields: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    ...{ id: `id ${nonce}`, key: KEY, chainId: "2026", nonce, state: "signed", raw: "0x01", hash: `0x${nonce}` },
    ...{ to: KEY, dataLength: 1, callHash: "0x", call: null, expiresAt: null, isFilled: false, cancelAskedAt: null },
    ...{
      blockNumber: null,
      blockHash: null,
      succeeded: null,
      reason: null,
      createdAt: 1,
      settledAt: null,
      lastError: null,
      history: [],
    },
    ...fields,
  };
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no error",
    (error: unknown) => (error as { code?: unknown }).code,
  );

describe("openOutboxStore", () => {
  const errorOf = (place: string): Promise<unknown> =>
    openOutboxStore(place).then(
      () => "no error",
      (error: unknown) => error,
    );

  it("leaves another program's SQLite file as it is", async () => {
    const folder = mkdtempSync(join(tmpdir(), "diwan-outbox-"));
    try {
      const file = join(folder, "other.db");
      const other = new DatabaseSync(file);
      other.exec("CREATE TABLE patient (name TEXT)");
      other.close();
      const before = readFileSync(file);
      expect(await codeOf(openOutboxStore(file, { mustExist: true }))).to.equal("OUTBOX_STORE_REFUSES");
      expect(readFileSync(file).equals(before)).to.equal(true);
      expect(readdirSync(folder)).to.deep.equal(["other.db"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("says what is wrong with an address without what of it may be a password", async () => {
    const places = [
      "postgres://clerk:hunter2@127.0.0.1:9/registry",
      "postgres://clerk@127.0.0.1:9/registry?password=hunter2",
      "POSTGRESQL://clerk:hunter2@127.0.0.1:9/registry",
      "postgres://clerk:hun/ter2@127.0.0.1:9/registry",
      "postgres://clerk:12/hunter2@127.0.0.1:9/registry",
      "postgres://clerk:x@y#hunter2@127.0.0.1:9/registry",
      "postgres://clerk:hunter2@[/registry",
      "postgre://clerk:hunter2@127.0.0.1:9/registry",
    ];
    for (const place of places) {
      const error = await errorOf(place);
      expect(error, place).to.include({ code: "OUTBOX_STORE_REFUSES" });
      expect(inspect(error, { depth: 10 }), place).not.to.match(/hunter2|ter2/);
    }
    expect(((await errorOf(places[1]!)) as Error).message).to.match(/^postgres:\/\/clerk@127\.0\.0\.1:9\/registry: /);
  });
});

for (const { name, make } of PLACES) {
  describe(`openOutboxStore of what is there, on ${name}`, () => {
    it("makes nothing where there is no outbox, and opens the one that is there", async () => {
      const { place, remove } = await make();
      try {
        expect(await codeOf(openOutboxStore(place, { mustExist: true }))).to.equal("OUTBOX_STORE_REFUSES");
        expect(await codeOf(openOutboxStore(place, { mustExist: true }))).to.equal("OUTBOX_STORE_REFUSES");
        const made = await openOutboxStore(place);
        await made.add([entry(0)]);
        const store = await openOutboxStore(place, { mustExist: true });
        expect(await store.find(KEY, ["id 0"])).to.have.lengthOf(1);
        await store.close();
        await made.close();
      } finally {
        await remove();
      }
    });
  });
}

for (const { name, open } of STORES) {
  describe(`outbox store on ${name}`, () => {
    let opened: OpenStore;

    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it("gives back what was added, by id and by nonce", async () => {
      const { store } = opened;
      const odd = entry(2, { id: "Ω '; DROP TABLE entry; --", reason: 'a "quoted" \\ reason' });
      await store.add([entry(0), entry(1), odd]);
      expect(await store.find(KEY, [odd.id, "none"])).to.deep.equal([odd]);
      expect(await store.list(KEY, 1, 10, "all")).to.deep.equal([entry(1), odd]);
      expect(await store.list(KEY, 0, 1, "all")).to.deep.equal([entry(0)]);
      expect(await store.nextNonce(KEY)).to.equal(3);
      expect(await store.nextNonce(OTHER)).to.equal(0);
      expect(await store.keys()).to.deep.equal([KEY]);
    });

    it("adds all or nothing", async () => {
      const { store } = opened;
      await store.add([entry(0)]);
      expect(await codeOf(store.add([entry(1), entry(0, { id: "another" })]))).to.equal("OUTBOX_STORE_REFUSES");
      expect(await codeOf(store.add([entry(1), entry(2, { id: "id 0" })]))).to.equal("OUTBOX_STORE_REFUSES");
      expect(await store.list(KEY, 0, 10, "all")).to.deep.equal([entry(0)]);
    });

    it("puts changed entries in the old ones' place, and leaves out the settled where asked", async () => {
      const { store } = opened;
      await store.add([entry(0), entry(1), entry(2)]);
      const final = entry(0, { state: "final", settledAt: 5 });
      const moved = entry(7, { id: "id 2", state: "sent" });
      await store.update([final, entry(1, { state: "refused" }), moved]);
      expect(await store.list(KEY, 0, 10, "open")).to.deep.equal([moved]);
      expect(await store.find(KEY, ["id 0"])).to.deep.equal([final]);
      expect(await store.counts()).to.deep.equal([
        { key: KEY, state: "final", count: 1 },
        { key: KEY, state: "refused", count: 1 },
        { key: KEY, state: "sent", count: 1 },
      ]);
    });

    it("refuses to change what is not there", async () => {
      const { store } = opened;
      await store.add([entry(0)]);
      const changes = [entry(0, { state: "sent" }), entry(9)];
      expect(await codeOf(store.update(changes))).to.equal("OUTBOX_STORE_REFUSES");
      expect(await store.find(KEY, ["id 0"])).to.deep.equal([entry(0)]);
    });

    it("keeps keys apart", async () => {
      const { store } = opened;
      await store.add([entry(0), entry(0, { key: OTHER })]);
      expect(await store.list(OTHER, 0, 10, "all")).to.deep.equal([entry(0, { key: OTHER })]);
    });

    it("is for one chain for ever", async () => {
      const { store } = opened;
      expect(await store.chain()).to.equal(undefined);
      await store.setChain({ chainId: "2026", genesisHash: null });
      await store.setChain({ chainId: "7", genesisHash: null });
      expect(await store.chain()).to.deep.equal({ chainId: "2026", genesisHash: null });
    });

    it("locks a key and no other, until it is freed", async () => {
      const second = await opened.again();
      const free = await opened.store.lock(KEY);
      expect(await codeOf(second.lock(KEY))).to.equal("OUTBOX_LOCKED");
      expect(await codeOf(opened.store.lock(KEY))).to.equal("OUTBOX_LOCKED");
      await (
        await second.lock(OTHER)
      )();
      await free();
      await (
        await second.lock(KEY)
      )();
    });

    it("can be read while a key is locked", async () => {
      await opened.store.lock(KEY);
      await opened.store.add([entry(0)]);
      expect(await (await opened.again()).list(KEY, 0, 10, "all")).to.deep.equal([entry(0)]);
    });
  });
}
