import { expect } from "chai";
import { concat, hexlify, id, sha256, toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";

import { LogTree } from "../../src/ledger/LogTree.js";
import { readLog } from "../../src/ledger/readLog.js";
import { rejection, withLogs } from "../helpers/events.js";

const LOG = id("log");

async function deploy() {
  const { ethers } = await network.create();
  const harness = await ethers.deployContract("TransparencyLogHarness");
  return { ethers, harness, address: await harness.getAddress() };
}

function entries(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => id(`entry ${from + i}`));
}

describe("TransparencyLog", () => {
  describe("append", () => {
    it("counts entries from 0 and emits each with its index", async () => {
      const { harness } = await deploy();
      for (const [index, entry] of entries(3).entries()) {
        await expect(harness.getFunction("append")(LOG, entry))
          .to.emit(harness, "EntriesAppended")
          .withArgs(LOG, BigInt(index), [entry]);
      }
      expect(await harness.getFunction("size")(LOG)).to.equal(3n);
    });

    it("keeps the entries of each log apart", async () => {
      const { harness } = await deploy();
      await harness.getFunction("append")(LOG, ZeroHash);
      expect(await harness.getFunction("size")(id("other"))).to.equal(0n);
    });
  });

  describe("appendMany", () => {
    it("appends in the given order and emits the batch once", async () => {
      const { harness } = await deploy();
      await harness.getFunction("appendMany")(LOG, entries(2));
      await expect(harness.getFunction("appendMany")(LOG, entries(5, 2)))
        .to.emit(harness, "EntriesAppended")
        .withArgs(LOG, 2n, entries(5, 2));
      const tree = new LogTree();
      for (const entry of entries(7)) tree.append(Buffer.from(entry.slice(2), "hex"));
      expect(await harness.getFunction("checkpoint")(LOG)).to.deep.equal([7n, hexlify(tree.root())]);
    });

    it("reverts when the batch is empty", async () => {
      const { harness } = await deploy();
      await expect(harness.getFunction("appendMany")(LOG, []))
        .to.be.revertedWithCustomError(harness, "LogBatchEmpty")
        .withArgs(LOG);
    });
  });

  describe("checkpoint", () => {
    it("gives the SHA-256 of nothing for the empty log", async () => {
      const { harness } = await deploy();
      expect(await harness.getFunction("checkpoint")(LOG)).to.deep.equal([0n, sha256("0x")]);
    });
  });

  describe("verifyInclusion", () => {
    it("refuses a node that passes for an entry", async () => {
      const { harness } = await deploy();
      const hashed = (from: number) => entries(2, from).map((entry) => sha256(concat(["0x00", entry])));
      const left = sha256(concat(["0x01", ...hashed(0)]));
      const right = sha256(concat(["0x01", ...hashed(2)]));
      const root = sha256(concat(["0x01", left, right]));
      const verify = harness.getFunction("verifyInclusion");

      expect(await verify(left, 0n, 4n, [right], root)).to.equal(false);
      expect(await verify(sha256(concat(["0x00", left])), 0n, 2n, [right], root)).to.equal(false);
      // Unhashed and with a false size it fits: so the size is the checkpoint's and the leaf is hashed by the verifier.
      expect(await verify(left, 0n, 2n, [right], root)).to.equal(true);
    });

    it("refuses size 0, and sizes and indexes near the end of uint64", async () => {
      const { harness } = await deploy();
      const verify = harness.getFunction("verifyInclusion");
      const most = 2n ** 64n - 1n;
      expect(await verify(ZeroHash, 0n, 0n, [], ZeroHash)).to.equal(false);
      expect(await verify(ZeroHash, most, most, [], ZeroHash)).to.equal(false);
      expect(await verify(ZeroHash, most - 1n, most, Array<string>(64).fill(ZeroHash), ZeroHash)).to.equal(false);
      expect(await verify(ZeroHash, 0n, most, Array<string>(65).fill(ZeroHash), ZeroHash)).to.equal(false);
    });
  });

  describe("readLog", () => {
    it("rebuilds the tree from the events alone, in ranges", async () => {
      const { ethers, harness, address } = await deploy();
      for (const entry of entries(9)) await harness.getFunction("append")(LOG, entry);
      await harness.getFunction("append")(id("other"), ZeroHash);
      await harness.getFunction("appendMany")(LOG, entries(20, 9));

      const tree = await readLog(ethers.provider, address, LOG, { fromBlock: 0, range: 4 });
      expect(await harness.getFunction("checkpoint")(LOG)).to.deep.equal([29n, hexlify(tree.root())]);
      const leaf = tree.leaf(17);
      const path = tree.inclusionProof(17);
      expect(await harness.getFunction("verifyInclusion")(leaf, 17n, 29n, path, tree.root())).to.equal(true);
    });

    it("fails when an event is missing", async () => {
      const { ethers, harness, address } = await deploy();
      for (const entry of entries(3)) await harness.getFunction("append")(LOG, entry);
      const fromBlock = await ethers.provider.getBlockNumber();
      expect(await rejection(readLog(ethers.provider, address, LOG, { fromBlock }))).to.have.property(
        "code",
        "LOG_EVENTS_INCOMPLETE",
      );
    });

    for (const [what, data] of [
      ["is cut short", concat([toBeHex(32, 32), toBeHex(2, 32), ZeroHash])],
      ["is not an array", "0x"],
      ["claims more entries than it has", concat([toBeHex(32, 32), toBeHex(2n ** 63n, 32)])],
    ] as const) {
      it(`fails when an event's data ${what}`, async () => {
        const { ethers, address } = await deploy();
        const topics = [id("EntriesAppended(bytes32,uint256,bytes32[])"), LOG, ZeroHash];
        const provider = withLogs(ethers.provider, [{ address, topics, data, blockNumber: 0 }]);
        expect(await rejection(readLog(provider, address, LOG, { fromBlock: 0 }))).to.have.property(
          "code",
          "LOG_ENTRY_MALFORMED",
        );
      });
    }
  });
});
