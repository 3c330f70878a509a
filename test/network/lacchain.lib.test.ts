import { expect } from "chai";
import { AbiCoder, concat, getAddress, Transaction, Wallet } from "ethers";
import { network } from "hardhat";

import { splitGasModel, withGasModel } from "../../src/network/lacchain/gasModel.js";
import { signForLacchain } from "../../src/network/lacchain/signForLacchain.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { ADMIN_ROLE } from "../../src/trust/roles.js";
import { AccessManager__factory, SchemaRegistry__factory } from "../../src/typechain/index.js";

const WALLET = new Wallet(`0x${"11".repeat(32)}`);
const MODEL = { node: getAddress("0x211152ca21d5daedbcfbf61173886bbfbe4cb9fd"), expiration: 1_736_394_529 };
const NOW = MODEL.expiration - 60;

/**
 * What `@lacchain/gas-model-provider` 1.2.1 makes of the transaction that the first test signs, run once for this purpose:
 * nonce 3, gas limit 100,000, gas price 0, data 0x12345678 to 0x2222….
 */
const PUBLISHED =
  "0xf8a50380830186a094222222222222222222222222222222222222222280b84412345678000000000000000000000000211152ca21d5daedbcfbf61173886bbfbe4cb9fd00000000000000000000000000000000000000000000000000000000677f47211ca0f83496d289a4026e3659c5e97c7fbd8622e06332391dc727dfd183b837eb8518a056e95b03a8d672256307ce369a9c36351a5ee0f08a397a31a963bec3a02295c2";

describe("LACChain's gas model", () => {
  const transaction = { to: `0x${"22".repeat(20)}`, data: "0x12345678", nonce: 3, gasLimit: 100_000n };

  it("signs the bytes that LACChain's own package signs", () => {
    expect(signForLacchain(WALLET, transaction, MODEL, NOW)).to.equal(PUBLISHED);
  });

  it("signs a creation, legacy and without a chain id", () => {
    const signed = Transaction.from(signForLacchain(WALLET, { data: "0x6001", nonce: 0, gasLimit: 1n }, MODEL, NOW));
    expect(signed).to.include({ type: 0, to: null, chainId: 0n, gasPrice: 0n, from: WALLET.address });
    expect(splitGasModel(signed.data)).to.deep.equal({ data: "0x6001", ...MODEL });
  });

  it("refuses an expiration that is past, or no time", () => {
    for (const expiration of [NOW, NOW - 1, NaN, 1.5]) {
      expect(() => signForLacchain(WALLET, transaction, { ...MODEL, expiration }, NOW))
        .to.throw(NetworkError)
        .with.property("code", "EXPIRATION_INVALID");
    }
  });

  it("refuses to split data without it", () => {
    for (const data of ["0x", "0x1234", `0x${"ff".repeat(64)}`]) {
      expect(() => splitGasModel(data))
        .to.throw(NetworkError)
        .with.property("code", "GAS_MODEL_MISSING");
    }
  });

  describe("through a hub that does what LACChain's does", () => {
    /** The hub checks the signature itself; here the test does, and hands it what it relays. */
    async function withHub() {
      const { ethers } = await network.create();
      const [deployer] = await ethers.getSigners();
      const hub = await ethers.deployContract("RelayHub");
      const relay = async (raw: string) => {
        const signed = Transaction.from(raw);
        return hub.getFunction("relay").send(signed.from, signed.to, signed.data);
      };
      return { deployer: deployer!, hub, relay };
    }

    it("a contract sees who signed, and takes the call for all that is behind its arguments", async () => {
      const { deployer, hub, relay } = await withHub();
      const manager = await new AccessManager__factory(deployer).deploy(deployer);
      const relays = { forwarder: WALLET.address, hub: await hub.getAddress() };
      const registry = await new SchemaRegistry__factory(deployer).deploy(await manager.getAddress(), relays);
      const data = registry.interface.encodeFunctionData("register", ["0x7b7d"]);
      const call = { to: await registry.getAddress(), data, nonce: 0, gasLimit: 500_000n };
      await (await relay(signForLacchain(WALLET, call, MODEL, NOW))).wait();
      const [event] = await registry.queryFilter(registry.filters.SchemaRegistered());
      expect(event!.args.registrar).to.equal(WALLET.address);
    });

    it("the AccessManager sees the hub, so that another contract has to be its first admin", async () => {
      const { deployer, hub, relay } = await withHub();
      const manager = await new AccessManager__factory(deployer).deploy(WALLET);
      const data = manager.interface.encodeFunctionData("grantRole", [ADMIN_ROLE, WALLET.address, 0]);
      const call = { to: await manager.getAddress(), data, nonce: 0, gasLimit: 500_000n };
      await expect(relay(signForLacchain(WALLET, call, MODEL, NOW)))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedAccount")
        .withArgs(await hub.getAddress(), ADMIN_ROLE);
    });
  });

  it("is what the ABI says: two words", () => {
    const words = AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [MODEL.node, MODEL.expiration]);
    expect(withGasModel("0x12", MODEL)).to.equal(concat(["0x12", words]));
  });
});
