import { expect } from "chai";

import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import { sendEntries } from "../../src/network/outbox/sendEntries.js";
import type { RpcCall } from "../../src/network/rpc/callNode.js";
import type { Nodes, RpcNode } from "../../src/network/rpc/openNodes.js";

/** A mebibyte: Besu's and nginx's usual limit of a request. */
const LIMIT = 1_048_576;

function entry(number: number, bytes: number): OutboxEntry {
  return { hash: `${number}`, raw: `0x${"ab".repeat(bytes)}` } as OutboxEntry;
}

describe("sendEntries", () => {
  const requests: number[] = [];
  const node: RpcNode = {
    url: "",
    call: () => Promise.reject(new Error("not asked")),
    callAll: (calls: readonly RpcCall[]) => {
      expect(JSON.stringify(calls).length).to.be.below(LIMIT);
      const before = requests.reduce((sum, count) => sum + count, 0);
      requests.push(calls.length);
      return Promise.resolve(calls.map((_, i) => ({ result: `${before + i}` })));
    },
  };
  const nodes: Nodes = {
    usable: () => Promise.resolve([node]),
    ask: (work) => work(node),
    look: () => Promise.resolve([]),
    turn: () => undefined,
    standings: () => [],
  };
  const send = async (sizes: readonly number[]) => {
    requests.length = 0;
    const results = await sendEntries(
      nodes,
      sizes.map((bytes, number) => entry(number, bytes)),
    );
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(sizes.map(() => "taken"));
    return requests;
  };

  it("puts at most 50 calls into a request", async () => {
    expect(await send(Array.from({ length: 120 }, () => 100))).to.deep.equal([50, 50, 20]);
  });

  it("puts no more into a request than nodes take, and what is large alone", async () => {
    expect(await send(Array.from({ length: 50 }, () => 24_000))).to.deep.equal([10, 10, 10, 10, 10]);
    expect(await send([100, 130_000, 130_000, 100, 100, 300_000])).to.deep.equal([2, 3, 1]);
  });
});
