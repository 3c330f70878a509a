import { expect } from "chai";
import { network } from "hardhat";

import { waitForTime } from "../../src/chain/waitForTime.js";

describe("waitForTime", () => {
  it("returns at once when the newest block is late enough, and asks no further", async () => {
    const { ethers } = await network.create();
    const { timestamp } = (await ethers.provider.getBlock("latest"))!;
    const asked: (number | string)[] = [];
    const getBlock = async (tag: number | string) => {
      asked.push(tag);
      return ethers.provider.getBlock(tag);
    };
    await waitForTime({ getBlock: getBlock }, timestamp);
    expect(asked).to.deep.equal(["latest"]);
  });

  it("waits for a block when the provider tells nothing of the pending one", async () => {
    const { ethers, networkHelpers } = await network.create();
    const { timestamp } = (await ethers.provider.getBlock("latest"))!;
    const { provider } = ethers;
    for (const send of [undefined, () => Promise.reject(new Error("no pending block")), () => Promise.resolve(null)]) {
      const reader = { getBlock: provider.getBlock.bind(provider), ...(send && { send }) };
      const target = (await networkHelpers.time.latest()) + 10;
      let isOver = false;
      const waiting = waitForTime(reader, target, 5).then(() => (isOver = true));
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(isOver).to.equal(false);
      await networkHelpers.time.increaseTo(target);
      await waiting;
      expect(target).to.be.greaterThan(timestamp);
    }
  });

  it("believes the block that the node would make now", async () => {
    const { ethers, networkHelpers } = await network.create();
    const start = await networkHelpers.time.latest();
    await ethers.provider.send("evm_increaseTime", [100]);
    await waitForTime(ethers.provider, start + 100, 5);
    expect(await networkHelpers.time.latest()).to.equal(start);
  });
});
