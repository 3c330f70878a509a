import { expect } from "chai";

import { agreedCount, askCounts } from "../../src/network/outbox/agreedCount.js";
import type { RpcNode } from "../../src/network/rpc/openNodes.js";

const KEY = "0x0000000000000000000000000000000000000001";

describe("agreedCount", () => {
  it("is the highest that so many reach", () => {
    expect(agreedCount(KEY, [8, 1_000_000, 7], 2)).to.equal(8);
    expect(agreedCount(KEY, [8, 1_000_000, 7], 3)).to.equal(7);
    expect(agreedCount(KEY, [5, 5], 2)).to.equal(5);
  });

  it("is what the only one tells, where there is no other", () => {
    expect(agreedCount(KEY, [3], 2)).to.equal(3);
  });

  it("needs a count", () => {
    expect(() => agreedCount(KEY, [], 2))
      .to.throw(/no node tells/)
      .with.property("code", "RPC_UNREACHABLE");
  });
});

describe("askCounts", () => {
  it("takes what is a count, of those that answer", async () => {
    const answers = ["0x8", "0x", "0x-1", "0x0.5", "8", null, "0x20000000000000", 7, "0x00", {}];
    const nodes = answers.map((answer) => ({ node: nodeThat(() => Promise.resolve(answer)) }));
    const refusing = { node: nodeThat(() => Promise.reject(new Error("no time"))) };
    expect(await askCounts([refusing, ...nodes], KEY)).to.deep.equal([8, 0]);
  });
});

function nodeThat(call: RpcNode["call"]): RpcNode {
  return { url: "", call, callAll: () => Promise.resolve([]) };
}
