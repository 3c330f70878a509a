import { expect } from "chai";

import { type DemoOptions, readDemoOptions, settlePeriods } from "../../scripts/demo/options.js";

describe("settlePeriods", () => {
  const quick = { blockTime: 0, sharesBlocks: true, keyTime: 0 };
  const periodsOf = (args: string[], pace: Partial<typeof quick> = {}) => {
    const { lifetime, lapse, step, voting } = settlePeriods(readDemoOptions(args) as DemoOptions, {
      ...quick,
      ...pace,
    });
    return { lifetime, lapse, step, voting };
  };
  const RPC = ["--rpc", "http://127.0.0.1:8545"];

  it("gives an office's periods where the clock is moved, however slow the machine is", () => {
    const DAY = 86_400;
    const long = { lifetime: 90 * DAY, lapse: 14 * DAY, step: DAY, voting: 7 * DAY };
    expect(periodsOf([])).to.deep.equal(long);
    expect(periodsOf([], { blockTime: 12, keyTime: 2 })).to.deep.equal(long);
  });

  it("gives short ones where it is not, longer by blocks and by what the machine has to compute", () => {
    expect(periodsOf(RPC)).to.deep.equal({ lifetime: 30, lapse: 30, step: 6, voting: 50 });
    expect(periodsOf(RPC, { blockTime: 2 })).to.deep.equal({ lifetime: 70, lapse: 70, step: 18, voting: 100 });
    expect(periodsOf(RPC, { keyTime: 0.1 })).to.deep.equal({ lifetime: 60, lapse: 60, step: 18, voting: 100 });
    expect(periodsOf(RPC, { blockTime: 2, sharesBlocks: false })).to.include({ voting: 200 });
  });

  it("leaves alone what was chosen", () => {
    expect(periodsOf([...RPC, "--voting", "77"], { blockTime: 2, keyTime: 1 })).to.include({ voting: 77, step: 138 });
  });
});
