import { setTimeout } from "node:timers/promises";

import { expect } from "chai";

import { together } from "../../scripts/demo/together.js";

describe("together", () => {
  const later = async (milliseconds: number, done: number[]): Promise<number> => {
    await setTimeout(milliseconds);
    done.push(milliseconds);
    return milliseconds;
  };

  for (const sharesBlocks of [true, false]) {
    it(`gives what each gave, in the order given, ${sharesBlocks ? "at once" : "one after another"}`, async () => {
      const done: number[] = [];
      expect(await together({ sharesBlocks }, [40, 5], (one) => later(one, done))).to.deep.equal([40, 5]);
      expect(done).to.deep.equal(sharesBlocks ? [5, 40] : [40, 5]);
    });
  }

  it("tells of the first that failed when those that were begun have ended", async () => {
    const done: number[] = [];
    const act = async (one: number) => {
      if (one < 10) throw new Error(`${one} failed`);
      return later(one, done);
    };
    const error = await together({ sharesBlocks: true }, [20, 3, 2, 30], act).catch((reason: unknown) => reason);
    expect(error).to.be.an("error").with.property("message", "3 failed");
    expect(done).to.deep.equal([20, 30]);
  });
});
