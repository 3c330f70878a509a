import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { id, toBeHex } from "ethers";
import { network } from "hardhat";

import { fileEventCache } from "../../src/chain/fileEventCache.js";
import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { type EventCache, type EventSource, readEvents } from "../../src/chain/readEvents.js";
import { forward, rejection } from "../helpers/events.js";
import { send } from "../helpers/harness.js";

const LOG = id("log");
const TOPICS = [id("EntriesAppended(bytes32,uint256,bytes32[])")];

/** A chain whose contract emits an event a call, and what is asked of it. */
async function start() {
  const { ethers, networkHelpers } = await network.create();
  const harness = await ethers.deployContract("TransparencyLogHarness");
  const filter = { address: await harness.getAddress(), topics: TOPICS };
  let next = 0;
  const emit = async (count = 1) => {
    for (let i = 0; i < count; i++) await send(harness, "append", LOG, toBeHex(++next, 32));
  };

  const queries: [from: number, to: number][] = [];
  const provider: EventSource = {
    ...forward(ethers.provider),
    getLogs: (asked) => {
      const { fromBlock, toBlock } = asked as { fromBlock: number; toBlock: number };
      queries.push([fromBlock, toBlock]);
      return ethers.provider.getLogs(asked);
    },
  };
  const fromBlock = await ethers.provider.getBlockNumber();
  const head = () => ethers.provider.getBlockNumber();
  return { filter, emit, queries, provider, fromBlock, head, networkHelpers };
}

const firstIndexes = (events: { topics: string[] }[]) => events.map((event) => Number(event.topics[2]));

describe("readEvents", () => {
  it("asks for 5,000 blocks a query and reports its progress", async () => {
    const { filter, emit, queries, provider, fromBlock, head, networkHelpers } = await start();
    await emit();
    await networkHelpers.mine(11_000);
    await emit();

    const progress: [block: number, events: number][] = [];
    const onProgress = ({ block, events }: { block: number; events: number }) => progress.push([block, events]);
    const events = await readEvents(provider, filter, { fromBlock, onProgress });
    expect(firstIndexes(events)).to.deep.equal([0, 1]);
    const last = await head();
    expect(queries).to.deep.equal([
      [fromBlock, fromBlock + 4_999],
      [fromBlock + 5_000, fromBlock + 9_999],
      [fromBlock + 10_000, last],
    ]);
    expect(progress).to.deep.equal([
      [fromBlock + 4_999, 1],
      [fromBlock + 9_999, 1],
      [last, 2],
    ]);
  });

  it("gives events as plain JSON", async () => {
    const { filter, emit, provider, fromBlock } = await start();
    await emit();
    const events = await readEvents(provider, filter, { fromBlock });
    expect(JSON.parse(JSON.stringify(events))).to.deep.equal(events);
    expect(events[0]).to.include({ address: filter.address, blockNumber: fromBlock + 1, index: 0 });
  });

  it("leaves out what other topics say", async () => {
    const { filter, emit, provider, fromBlock } = await start();
    await emit(2);
    const topics = [TOPICS, null, toBeHex(1, 32)];
    const events = await readEvents(provider, { ...filter, topics }, { fromBlock });
    expect(firstIndexes(events)).to.deep.equal([1]);
  });

  for (const [what, options] of [
    ["a negative first block", { fromBlock: -1 }],
    ["half a block", { fromBlock: 0.5 }],
    ["no blocks a query", { fromBlock: 0, range: 0 }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { filter, provider } = await start();
      expect(await rejection(readEvents(provider, filter, options))).to.have.property("code", "RANGE_INVALID");
    });
  }

  it("fails when the last block does not exist", async () => {
    const { filter, provider } = await start();
    const error = await rejection(readEvents(provider, filter, { fromBlock: 0, toBlock: 99 }));
    expect(error).to.have.property("code", "BLOCK_NOT_FOUND");
  });

  it("reads a range again when the chain changed meanwhile", async () => {
    const { filter, emit, queries, provider, fromBlock, networkHelpers } = await start();
    const before = await networkHelpers.takeSnapshot();
    await emit(3);
    let isFirst = true;
    const shifting: EventSource = {
      ...provider,
      getLogs: async (asked) => {
        const logs = await provider.getLogs(asked);
        if (isFirst) {
          isFirst = false;
          await before.restore();
          await networkHelpers.mine(1, { interval: 100 });
          await emit(2);
        }
        return logs;
      },
    };
    const events = await readEvents(shifting, filter, { fromBlock });
    expect(queries).to.have.length(2);
    expect(events).to.have.length(2);
    expect(events.every((event) => event.blockNumber > fromBlock + 1)).to.equal(true);
  });

  it("gives up when the chain does not hold still", async () => {
    const { filter, provider } = await start();
    let calls = 0;
    const restless: EventSource = { ...provider, getBlock: () => Promise.resolve({ hash: id(`${calls++}`) } as never) };
    expect(await rejection(readEvents(restless, filter, { fromBlock: 0 }))).to.have.property("code", "CHAIN_UNSTABLE");
  });

  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), "diwan-events-"));
    folders.push(folder);
    return folder;
  };

  const caches: [name: string, make: () => EventCache][] = [
    ["memoryEventCache", memoryEventCache],
    ["fileEventCache", () => fileEventCache(join(newFolder(), "events"))],
  ];
  for (const [name, make] of caches) {
    describe(`with ${name}`, () => {
      it("goes on where it stopped", async () => {
        const { filter, emit, queries, provider, fromBlock, head } = await start();
        const cache = make();
        await emit(7);
        const first = await readEvents(provider, filter, { fromBlock, range: 3, cache });
        const stoppedAt = await head();
        expect(queries).to.have.length(3);

        queries.length = 0;
        expect(await readEvents(provider, filter, { fromBlock, range: 3, cache })).to.deep.equal(first);
        expect(queries).to.deep.equal([]);

        await emit();
        const second = await readEvents(provider, filter, { fromBlock, range: 3, cache });
        expect(queries).to.deep.equal([[stoppedAt + 1, stoppedAt + 1]]);
        expect(firstIndexes(second)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
      });

      it("gives only the events up to the last block asked for, though more are kept", async () => {
        const { filter, emit, queries, provider, fromBlock } = await start();
        const cache = make();
        await emit(7);
        await readEvents(provider, filter, { fromBlock, cache });
        queries.length = 0;
        const events = await readEvents(provider, filter, { fromBlock, toBlock: fromBlock + 2, cache });
        expect(firstIndexes(events)).to.deep.equal([0, 1]);
        expect(queries).to.deep.equal([]);
      });

      it("reads again what a reorganisation took away, and nothing else", async () => {
        const { filter, emit, queries, provider, fromBlock, networkHelpers } = await start();
        const cache = make();
        await emit(5);
        const fork = await networkHelpers.takeSnapshot();
        await emit(4);
        await readEvents(provider, filter, { fromBlock, range: 3, cache });

        await fork.restore();
        await networkHelpers.mine(2, { interval: 100 });
        await emit(3);
        queries.length = 0;
        const events = await readEvents(provider, filter, { fromBlock, range: 3, cache });
        expect(queries[0]).to.deep.equal([fromBlock + 6, fromBlock + 8]);
        expect(events).to.deep.equal(await readEvents(provider, filter, { fromBlock }));
        expect(events).to.have.length(8);
      });

      it("starts anew on another chain with the same id and contract", async () => {
        const one = await start();
        const cache = make();
        await one.emit(4);
        await readEvents(one.provider, one.filter, { fromBlock: one.fromBlock, range: 2, cache });

        const other = await start();
        await other.networkHelpers.mine(3, { interval: 100 });
        await other.emit(2);
        expect(other.filter.address).to.equal(one.filter.address);
        const options = { fromBlock: one.fromBlock, range: 2 };
        const events = await readEvents(other.provider, other.filter, { ...options, cache });
        expect(events).to.deep.equal(await readEvents(other.provider, other.filter, options));
        expect(events).to.have.length(2);
      });

      it("keeps filters and first blocks apart", async () => {
        const { filter, emit, provider, fromBlock } = await start();
        const cache = make();
        await emit(3);
        await readEvents(provider, filter, { fromBlock, cache });
        const others = { ...filter, topics: [TOPICS, null, toBeHex(2, 32)] };
        expect(firstIndexes(await readEvents(provider, others, { fromBlock, cache }))).to.deep.equal([2]);
        const later = await readEvents(provider, filter, { fromBlock: fromBlock + 3, cache });
        expect(firstIndexes(later)).to.deep.equal([2]);
      });
    });
  }

  describe("with a damaged file", () => {
    const damages: [what: string, damaged: (text: string) => string][] = [
      ["cut short in its last line", (text) => `${text}{"fromBlock":99,"toBl`],
      ["whose last line lacks its end only", (text) => text.slice(0, -1)],
      ["with a line that is no segment", (text) => `${text}null\n`],
      ["with a gap", (text) => `${text}{"fromBlock":99,"toBlock":99,"toBlockHash":"0x","events":[]}\n`],
      ["that is no text of ours", () => "hello\n"],
    ];
    for (const [what, damaged] of damages) {
      it(`reads again what a file ${what} lost`, async () => {
        const { filter, emit, provider, fromBlock } = await start();
        const folder = newFolder();
        const cache = fileEventCache(folder);
        await emit(4);
        await readEvents(provider, filter, { fromBlock, range: 2, cache });
        const [path = ""] = readdirSync(folder).map((file) => join(folder, file));
        writeFileSync(path, damaged(readFileSync(path, "utf8")));

        await emit(2);
        const events = await readEvents(provider, filter, { fromBlock, range: 2, cache });
        expect(firstIndexes(events)).to.deep.equal([0, 1, 2, 3, 4, 5]);
        // What is in the file now is whole again.
        expect(await readEvents(provider, filter, { fromBlock, range: 2, cache })).to.deep.equal(events);
        for (const line of readFileSync(path, "utf8").trimEnd().split("\n")) JSON.parse(line);
      });
    }

    it("fails when the folder cannot be read", async () => {
      const { filter, provider } = await start();
      const folder = newFolder();
      writeFileSync(join(folder, "file"), "");
      const cache = fileEventCache(join(folder, "file"));
      expect(await rejection(readEvents(provider, filter, { fromBlock: 0, cache }))).to.have.property(
        "code",
        "ENOTDIR",
      );
    });
  });
});
