import { expect } from "chai";
import { hexlify, id, MaxUint256, toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";

import { readStatusList } from "../../src/ledger/readStatusList.js";
import { getStatus, type StatusBits } from "../../src/ledger/statusBits.js";
import { rejection, withLogs } from "../helpers/events.js";
import { read } from "../helpers/harness.js";

const LIST = id("list");

async function deploy() {
  const { ethers } = await network.create();
  const harness = await ethers.deployContract("StatusListHarness");
  return { ethers, harness, address: await harness.getAddress() };
}

describe("StatusList", () => {
  describe("set", () => {
    it("puts entry 0 into the left-most bit of the first word", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("set")(LIST, 1n, 300n, 0n, 1n))
        .to.emit(harness, "StatusWordChanged")
        .withArgs(LIST, 0n, 1n << 255n);
      expect(await harness.getFunction("get")(LIST, 1n, 300n, 0n)).to.equal(1n);
    });

    it("puts entry 129 of two bits into the third and fourth bit of the second word", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("set")(LIST, 2n, 300n, 129n, 2n))
        .to.emit(harness, "StatusWordChanged")
        .withArgs(LIST, 1n, 2n << 252n);
    });

    it("returns the previous value and leaves the neighbours alone", async () => {
      const { harness } = await deploy();
      const set = harness.getFunction("set");
      for (const [index, value] of [2n, 3n, 1n].entries()) await set(LIST, 2n, 10n, BigInt(index), value);
      expect(await set.staticCall(LIST, 2n, 10n, 1n, 0n)).to.equal(3n);
      await set(LIST, 2n, 10n, 1n, 0n);
      expect(await harness.getFunction("wordAt")(LIST, 0n)).to.equal(0b10_00_01n << 250n);
    });

    it("reverts when the index is the length", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("set")(LIST, 1n, 300n, 300n, 1n))
        .to.be.revertedWithCustomError(harness, "StatusIndexOutOfRange")
        .withArgs(300n, 300n);
    });

    it("reverts when a one-bit entry is set to 2", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("set")(LIST, 1n, 300n, 0n, 2n))
        .to.be.revertedWithCustomError(harness, "StatusValueTooLarge")
        .withArgs(2n, 1n);
    });

    it("reverts when entries are said to have 4 bits", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("set")(LIST, 4n, 300n, 0n, 1n))
        .to.be.revertedWithCustomError(harness, "StatusBitsUnsupported")
        .withArgs(4n);
    });
  });

  describe("setMany", () => {
    it("sets the masked entries, returns the word before and emits the word after", async () => {
      const { harness } = await deploy();
      const setMany = harness.getFunction("setMany");
      await setMany(LIST, 1n, 512n, 1n, 0xffn << 248n, 1n);
      expect(await setMany.staticCall(LIST, 1n, 512n, 1n, 0x0fn << 248n, 0n)).to.equal(0xffn << 248n);
      await expect(setMany(LIST, 1n, 512n, 1n, 0x0fn << 248n, 0n))
        .to.emit(harness, "StatusWordChanged")
        .withArgs(LIST, 1n, 0xf0n << 248n);
    });

    it("sets a whole word of two-bit entries", async () => {
      const { harness } = await deploy();
      await harness.getFunction("setMany")(LIST, 2n, 128n, 0n, MaxUint256, 2n);
      expect(await harness.getFunction("wordAt")(LIST, 0n)).to.equal((MaxUint256 / 3n) * 2n);
    });

    it("reverts when an entry of the mask is past the end", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("setMany")(LIST, 1n, 300n, 1n, MaxUint256, 1n))
        .to.be.revertedWithCustomError(harness, "StatusIndexOutOfRange")
        .withArgs(511n, 300n);
    });

    it("reverts when the word is past the end", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("setMany")(LIST, 1n, 300n, MaxUint256, 1n, 1n))
        .to.be.revertedWithCustomError(harness, "StatusWordOutOfRange")
        .withArgs(MaxUint256, 300n);
    });

    it("reverts when the mask is empty", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("setMany")(LIST, 1n, 300n, 0n, 0n, 1n))
        .to.be.revertedWithCustomError(harness, "StatusMaskInvalid")
        .withArgs(0n, 1n);
    });

    it("reverts when the mask cuts a two-bit entry", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("setMany")(LIST, 2n, 300n, 0n, 0b110n, 1n))
        .to.be.revertedWithCustomError(harness, "StatusMaskInvalid")
        .withArgs(0b110n, 2n);
    });

    it("changes nothing when one word of a batch is refused", async () => {
      const { harness } = await deploy();
      const updates = [
        [0n, MaxUint256],
        [9n, MaxUint256],
      ];
      await expect(harness.getFunction("setWords")(LIST, 1n, 300n, updates, 1n)).to.be.revertedWithCustomError(
        harness,
        "StatusWordOutOfRange",
      );
      expect(await harness.getFunction("wordAt")(LIST, 0n)).to.equal(0n);
    });
  });

  describe("matching", () => {
    it("gives the masked entries that hold a value, so that an owner can refuse to change them", async () => {
      const { harness } = await deploy();
      const matching = harness.getFunction("matching");
      const word = 0b11_10_01_00n;
      expect(await matching(word, 2n, 0xffn, 3n)).to.equal(0b11_00_00_00n);
      expect(await matching(word, 2n, 0xffn, 2n)).to.equal(0b00_11_00_00n);
      expect(await matching(word, 2n, 0xffn, 0n)).to.equal(0b00_00_00_11n);
      expect(await matching(word, 2n, 0b111111n, 3n)).to.equal(0n);
      expect(await matching(word, 1n, 0xffn, 0n)).to.equal(0b00_01_10_11n);
    });
  });

  describe("readStatusList", () => {
    for (const bits of [1, 2] as const satisfies StatusBits[]) {
      it(`rebuilds a list of ${bits} bit from the events alone`, async () => {
        const { ethers, harness, address } = await deploy();
        const length = 700;
        const values = Array.from({ length }, (_, i) => ((i * i) % 7) % 2 ** bits);
        for (let index = 0; index < length; index += 23) {
          await harness.getFunction("set")(LIST, bits, length, index, values[index]);
        }
        await harness.getFunction("set")(LIST, bits, length, 0, 1);
        await harness.getFunction("set")(id("other"), bits, length, 1, 1);

        const place = { address, list: LIST, bits, length };
        const bitstring = await readStatusList(ethers.provider, place, { fromBlock: 0 });
        expect(bitstring).to.have.length(Math.ceil((length * bits) / 8));
        for (let index = 0; index < length; index++) {
          const onChain = await read<bigint>(harness, "get", LIST, bits, length, index);
          expect(BigInt(getStatus(bitstring, bits, index)), `entry ${index}`).to.equal(onChain);
        }
      });
    }

    it("gives the words of the chain byte for byte", async () => {
      const { ethers, harness, address } = await deploy();
      const words = [BigInt(id("one")), 0n, BigInt(id("three"))];
      for (const [index, word] of words.entries()) {
        if (word !== 0n) await harness.getFunction("setMany")(LIST, 1n, 768n, index, word, 1n);
      }
      const place = { address, list: LIST, bits: 1, length: 768 } as const;
      const bitstring = await readStatusList(ethers.provider, place, { fromBlock: 0 });
      expect(hexlify(bitstring)).to.equal(`0x${words.map((word) => toBeHex(word, 32).slice(2)).join("")}`);
    });

    it("fails when an event lies past the end of the list", async () => {
      const { ethers, harness, address } = await deploy();
      await harness.getFunction("set")(LIST, 1n, 300n, 299n, 1n);
      const place = { address, list: LIST, bits: 1, length: 200 } as const;
      const error = await rejection(readStatusList(ethers.provider, place, { fromBlock: 0 }));
      expect(error).to.have.property("code", "STATUS_INDEX_OUT_OF_RANGE");
    });

    it("fails when an event cannot be read", async () => {
      const { ethers, address } = await deploy();
      const place = { address, list: LIST, bits: 1, length: 200 } as const;
      const topics = [id("StatusWordChanged(bytes32,uint256,uint256)"), LIST, ZeroHash];
      const provider = withLogs(ethers.provider, [{ address, topics, data: "0x00", blockNumber: 0 }]);
      const error = await rejection(readStatusList(provider, place, { fromBlock: 0 }));
      expect(error).to.have.property("code", "STATUS_EVENTS_MALFORMED");
    });
  });
});
