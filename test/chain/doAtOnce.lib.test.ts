import { setTimeout } from "node:timers/promises";

import { expect } from "chai";

import { doAtOnce } from "../../src/chain/doAtOnce.js";

describe("doAtOnce", () => {
  it("does each item once, and gives back what came of them in their order", async () => {
    const done: number[] = [];
    const results = await doAtOnce(
      [30, 1, 10],
      async (milliseconds) => {
        await setTimeout(milliseconds);
        done.push(milliseconds);
        return -milliseconds;
      },
      3,
    );
    expect(results).to.deep.equal([-30, -1, -10]);
    expect(done).to.deep.equal([1, 10, 30]);
  });

  it("never does more at a time than it may, and as many where there are enough", async () => {
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await setTimeout(1);
      running -= 1;
    };
    await doAtOnce(Array.from({ length: 9 }), work, 2);
    expect(most).to.equal(2);
  });

  it("does nothing with nothing, and tells of a failure", async () => {
    expect(await doAtOnce([], () => Promise.resolve(1), 2)).to.deep.equal([]);
    const failure = await doAtOnce([1], () => Promise.reject(new Error("it broke")), 2).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.an("error").with.property("message", "it broke");
  });
});
