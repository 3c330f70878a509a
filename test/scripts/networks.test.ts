import { expect } from "chai";
import { Wallet } from "ethers";
import hre, { network } from "hardhat";

/** The forks in their order, each with whether a block has a base fee and whether PUSH0 is an instruction. */
const forks = [
  ["istanbul", false, false],
  ["berlin", false, false],
  ["london", true, false],
  ["merge", true, false],
  ["shanghai", true, true],
  ["cancun", true, true],
  ["prague", true, true],
  ["osaka", true, true],
] as const;

// PUSH0 PUSH0 RETURN: as creation code it deploys an empty contract.
const PUSH0 = "0x5f5ff3";

describe("in-process networks", function () {
  for (const [fork, hasBaseFee, hasPush0] of forks) {
    describe(fork, function () {
      let ethers: Awaited<ReturnType<typeof network.create>>["ethers"];

      before(async function () {
        ({ ethers } = await network.create(fork));
      });

      it("follows the rules of the fork", async function () {
        const block = await ethers.provider.getBlock("latest");
        expect(block?.baseFeePerGas).to.equal(hasBaseFee ? 0n : null);
        const deployed = await ethers.provider.call({ data: PUSH0 }).then(
          () => true,
          () => false,
        );
        expect(deployed).to.equal(hasPush0);
      });

      it("lets an account without a coin send", async function () {
        const pauper = Wallet.createRandom(ethers.provider);
        const receipt = await (await pauper.sendTransaction({ to: pauper.address, gasPrice: 0 })).wait();
        expect(receipt?.status).to.equal(1);
        expect(receipt?.fee).to.equal(0n);
      });
    });
  }

  it("is the fork that HARDHAT_NETWORK names where a test names none", async function () {
    const { networkName } = await network.create();
    expect(networkName).to.equal(process.env["HARDHAT_NETWORK"] ?? "default");
    expect(hre.globalOptions.network).to.equal(process.env["HARDHAT_NETWORK"]);
  });
});
