import { expect } from "chai";

import { NO_END } from "../helpers/suite.js";
import { COURT, deployTree, load, PROFILE, registerBody, signConsent, type Suite } from "../helpers/trust.js";

/** `Wallet.Behaviour`, in its order. */
const BEHAVIOURS = [
  "HONEST",
  "REVERTS",
  "BURNS_ALL_GAS",
  "ANSWERS_NOTHING",
  "ANSWERS_FOUR_BYTES",
  "ANSWERS_ZERO",
  "ANSWERS_ONES",
  "ANSWERS_DIRTY",
  "ANSWERS_HUGE",
];

async function deployWallet({ ethers, operator2 }: Suite) {
  const wallet = await ethers.deployContract("Wallet", [operator2.address]);
  return { wallet, address: await wallet.getAddress() };
}

describe("TrustList: keys that are ERC-1271 wallets", () => {
  async function authorizeWallet(suite: Suite & { start: bigint }, address: string, body = 2n) {
    const consent = await signConsent(suite, { body, operator: suite.operator2, wallet: address });
    return suite.trustList
      .connect(suite.hospital)
      .authorizeKey(2n, address, [COURT], suite.start, NO_END, NO_END, consent, { gasLimit: 3_000_000 });
  }

  it("lets a wallet consent", async () => {
    const suite = await load(deployTree);
    const { address } = await deployWallet(suite);
    await authorizeWallet(suite, address);
    expect((await suite.trustList.keyOf(address)).index).to.equal(2n);
  });

  it("refuses a wallet's consent for another body", async () => {
    const suite = await load(deployTree);
    const { address } = await deployWallet(suite);
    await expect(authorizeWallet(suite, address, 1n)).to.be.revertedWithCustomError(
      suite.trustList,
      "SignatureInvalid",
    );
  });

  it("refuses the owner's consent as the wallet's, and the other way round", async () => {
    const suite = await load(deployTree);
    const { trustList, hospital, operator2, start } = suite;
    const { address } = await deployWallet(suite);
    const ofOwner = await signConsent(suite, { body: 2n, operator: operator2 });
    const ofWallet = await signConsent(suite, { body: 2n, operator: operator2, wallet: address });
    for (const [operator, consent] of [
      [address, ofOwner],
      [operator2.address, ofWallet],
    ] as const) {
      await expect(
        trustList.connect(hospital).authorizeKey(2n, operator, [COURT], start, NO_END, NO_END, consent),
      ).to.be.revertedWithCustomError(trustList, "SignatureInvalid");
    }
  });

  for (const behaviour of BEHAVIOURS.slice(1)) {
    it(`refuses a wallet that ${behaviour.toLowerCase().replaceAll("_", " ")}`, async () => {
      const suite = await load(deployTree);
      const { wallet, address } = await deployWallet(suite);
      await wallet.getFunction("behave")(BEHAVIOURS.indexOf(behaviour));
      await expect(authorizeWallet(suite, address)).to.be.revertedWithCustomError(suite.trustList, "SignatureInvalid");
      expect((await suite.trustList.keyOf(address)).body).to.equal(0n);
    });
  }

  it("lets a wallet that calls back while it is asked change nothing", async () => {
    const suite = await load(deployTree);
    const { trustList, start } = suite;
    const { wallet, address } = await deployWallet(suite);
    const target = await trustList.getAddress();
    // The wallet controls a body of its own, so that nothing but the static call stands in its way.
    const register = trustList.interface.encodeFunctionData("registerBody", [address, PROFILE]);
    await wallet.getFunction("act")(target, register);
    expect((await trustList.bodyOf(3n)).controller).to.equal(address);
    const size = (await trustList.checkpoint()).size;
    for (const call of [
      register,
      trustList.interface.encodeFunctionData("updateBody", [3n, suite.stranger.address, PROFILE]),
      trustList.interface.encodeFunctionData("authorizeKey", [2n, address, [COURT], start, NO_END, NO_END, "0x"]),
      trustList.interface.encodeFunctionData("retireKey", [address]),
    ]) {
      await wallet.getFunction("reenter")(target, call);
      await authorizeWallet(suite, address);
    }
    expect((await trustList.checkpoint()).size).to.equal(size + 4n);
    expect((await trustList.bodyOf(3n)).controller).to.equal(address);
    expect((await trustList.bodyOf(2n))[1]).to.equal(2n);
    expect(await registerBody(suite, suite.stranger)).to.equal(4n);
  });

  it("asks the key before the code, for accounts that delegate (EIP-7702)", async () => {
    const suite = await load(deployTree);
    const { trustList, connection, ethers, hospital, operator2, start } = suite;
    const { wallet, address } = await deployWallet(suite);
    await wallet.getFunction("behave")(BEHAVIOURS.indexOf("REVERTS"));
    await connection.networkHelpers.setCode(operator2.address, await ethers.provider.getCode(address));
    const consent = await signConsent(suite, { body: 2n, operator: operator2 });
    await trustList.connect(hospital).authorizeKey(2n, operator2.address, [COURT], start, NO_END, NO_END, consent);
    expect((await trustList.keyOf(operator2.address)).body).to.equal(2n);
  });
});
