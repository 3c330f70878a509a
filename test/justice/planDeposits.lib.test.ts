import { expect } from "chai";
import { Transaction } from "ethers";

import { depositMany } from "../../src/justice/evidence/depositMany.js";
import { bytesOfDeposits, gasOfDeposits, planDeposits } from "../../src/justice/evidence/planDeposits.js";
import { JusticeError } from "../../src/justice/JusticeError.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { CASE, evidenceFixture, exhibits } from "../helpers/evidence.js";

const MOST_GAS = 16_777_216;
const MOST_BYTES = 131_072;
const FORK = process.env["HARDHAT_NETWORK"];
const BLOCK = { blockGas: 30_000_000 };

/** A signed transaction's bytes, by ethers. */
const lengthOf = (serialized: string) => (serialized.length - 2) / 2;

describe("planDeposits", () => {
  it("plans a transaction of 4,000 and more that the contract takes, and one more would be too long", async () => {
    const f = await evidenceFixture();
    const wallet = f.parties.police.key;
    const nonce = await wallet.getNonce();
    const fields = { chainId: 31_337, nonce, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
    const { sizes, most, boundBy } = planDeposits(10_000, { ...BLOCK, fields });
    expect(boundBy).to.equal("BYTES");
    expect(most).to.be.at.least(4_000);
    expect(sizes).to.deep.equal([most, most, 10_000 - 2 * most]);

    // The envelope that is planned for came with London; those before it are shorter.
    const isTyped = FORK !== "istanbul" && FORK !== "berlin";
    const gasLimit = gasOfDeposits(most, FORK === "istanbul");
    const envelope = isTyped ? { type: 2, gasLimit, ...fields } : { gasLimit };
    const sent = await f.registry.depositMany(f.tool, exhibits(most), CASE, envelope);
    const signed = Transaction.from(sent);
    expect(lengthOf(signed.serialized)).to.be.at.most(MOST_BYTES);
    const receipt = await sent.wait();
    expect(receipt!.status).to.equal(1);
    expect(Number(receipt!.gasUsed)).to.be.below(MOST_GAS);
    expect((await f.registry.checkpointOf(f.parties.police.body)).size).to.equal(BigInt(most));

    if (!isTyped) return;
    expect(signed.type).to.equal(2);
    const longer = signed.clone();
    longer.data = f.registry.interface.encodeFunctionData("depositMany", [f.tool, exhibits(most + 1), CASE]);
    expect(lengthOf(longer.serialized)).to.be.above(MOST_BYTES);
  });

  it("bounds the length of whatever is signed, to the byte where no number starts with zeros", async () => {
    const f = await evidenceFixture();
    for (const count of [1, 2, 100, 2_040]) {
      for (const fields of [
        { chainId: 1, nonce: 0, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
        { chainId: 31_337, nonce: 127, maxFeePerGas: 128n, maxPriorityFeePerGas: 127n },
        { chainId: 2 ** 40, nonce: 65_536, maxFeePerGas: 2n ** 64n - 1n, maxPriorityFeePerGas: 256n },
      ]) {
        const to = f.registryAddress;
        const data = f.registry.interface.encodeFunctionData("depositMany", [f.tool, exhibits(count), CASE]);
        const unsigned = { type: 2, ...fields, gasLimit: gasOfDeposits(count), to, data };
        const signed = Transaction.from({
          ...unsigned,
          signature: { r: `0x${"11".repeat(32)}`, s: `0x${"11".repeat(32)}`, v: 27 },
        });
        expect(lengthOf(signed.serialized)).to.equal(bytesOfDeposits(count, fields));
        expect(bytesOfDeposits(count, undefined)).to.be.at.least(bytesOfDeposits(count, fields));
      }
    }
  });

  it("bounds the gas of runs of any size on logs of any size, and not by much more than it takes", async () => {
    const f = await evidenceFixture();
    const isBeforeBerlin = FORK === "istanbul";
    let at = 0;
    for (const count of [1, 1, 1, 60, 100, 860, 1_000, 1_023, 4_080, isBeforeBerlin ? 5_000 : 7_500, 1]) {
      const taken = await f.registry.depositMany(f.tool, exhibits(count, at), CASE, { gasLimit: MOST_GAS });
      const gas = Number((await taken.wait())!.gasUsed);
      at += count;
      const bound = gasOfDeposits(count, isBeforeBerlin);
      expect(gas, `${count} on ${at - count}`).to.be.at.most(bound);
      if (count >= 4_000) expect(gas).to.be.above(0.9 * bound);
    }
  });

  it("never plans below the floor for calldata, and is bound by gas where gas is short", () => {
    expect(gasOfDeposits(4_000)).to.be.at.least(21_000 + 40 * 32 * 4_000);
    const short = planDeposits(5_000, { ...BLOCK, transactionGas: 3_000_000 });
    expect(short.boundBy).to.equal("TRANSACTION_GAS");
    expect(gasOfDeposits(short.most)).to.be.at.most(3_000_000);
    expect(gasOfDeposits(short.most + 1)).to.be.above(3_000_000);
    const block = planDeposits(5_000, { blockGas: 2_000_000 });
    expect(block.boundBy).to.equal("BLOCK_GAS");
    expect(gasOfDeposits(block.most + 1)).to.be.above(2_000_000);
    expect(block.sizes.reduce((sum, size) => sum + size, 0)).to.equal(5_000);
  });

  it("stays within whatever the transaction's numbers are, and as many without naming them", () => {
    const { most } = planDeposits(1, BLOCK);
    expect(most).to.equal(4_087);
    expect(bytesOfDeposits(most, undefined)).to.be.at.most(MOST_BYTES);
    expect(bytesOfDeposits(most + 1, undefined)).to.be.above(MOST_BYTES);
    expect(planDeposits(0, BLOCK).sizes).to.deep.equal([]);
  });

  it("refuses limits that hold no exhibit, and numbers that are none", () => {
    for (const [count, limits] of [
      [1, { blockGas: 100_000 }],
      [1, { ...BLOCK, transactionBytes: 200 }],
      [-1, BLOCK],
      [1.5, BLOCK],
      [1, { blockGas: Number.NaN }],
    ] as const) {
      expect(() => planDeposits(count, limits))
        .to.throw(JusticeError)
        .with.property("code", "LIMITS_TOO_LOW");
    }
  });

  it("spreads a deposit over transactions whose members are all proved", async () => {
    const f = await evidenceFixture();
    const commitments = exhibits(50);
    const tree = new LogTree();
    const { sizes } = planDeposits(50, { blockGas: 400_000 });
    expect(sizes.length).to.be.above(1);
    let at = 0;
    for (const size of sizes) {
      const some = commitments.slice(at, (at += size));
      const { members } = await depositMany(f.registry, tree, some, { tool: Number(f.tool), caseTag: CASE });
      for (const member of members) {
        expect((await f.registry.statusOfMember(member)).exhibit.depositor).to.equal(f.parties.police.body);
      }
    }
    expect(tree.size).to.equal(50);
  });
});
