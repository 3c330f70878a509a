import { expect } from "chai";

import { agreedCount } from "../../src/network/outbox/agreedCount.js";

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
    for (const counts of [[], [NaN], [-1], [0.5]]) {
      expect(() => agreedCount(KEY, counts, 2))
        .to.throw(/no node tells/)
        .with.property("code", "RPC_UNREACHABLE");
    }
  });
});
