import { concat, getBytes, ZeroAddress, zeroPadValue, type BaseContract, type TransactionResponse } from "ethers";
import { expect } from "chai";

import { Council__factory, ERC2771Forwarder__factory, TrustList__factory } from "../../src/typechain/index.js";
import {
  callOf,
  throughForwarder as carryThroughForwarder,
  throughHub as carryThroughHub,
} from "../helpers/forward.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { COURT, Decision, deployTree, load, now, PROFILE, signConsent, type Signer } from "../helpers/trust.js";

type Fixture = Awaited<ReturnType<typeof deployWithHub>>;
type Relay = (
  suite: Fixture,
  signer: Signer,
  contract: BaseContract,
  method: string,
  args: unknown[],
) => Promise<TransactionResponse>;

/** The tree, and beside it a trust list and a council that trust the forwarder and a hub. */
async function deployWithHub() {
  const suite = await deployTree();
  const { ethers, deployer, manager, forwarder, members } = suite;
  const hub = await ethers.deployContract("RelayHub");
  const relays = { forwarder, hub };
  const relayedList = await new TrustList__factory(deployer).deploy(manager, relays);
  const addresses = members.map(({ address }) => address);
  const relayedCouncil = await new Council__factory(deployer).deploy(manager, addresses, 2n, relays);
  await suite.decide(manager, "grantRole", [0n, await relayedCouncil.getAddress(), 0n]);
  return { ...suite, hub, relayedList, relayedCouncil };
}

const throughHub: Relay = async ({ hub, stranger }, signer, ...call) =>
  carryThroughHub({ relayHub: await hub.getAddress(), stranger })(signer, await callOf(...call));
const throughForwarder: Relay = async (suite, signer, ...call) =>
  carryThroughForwarder(suite)(signer, await callOf(...call));

for (const [name, relay] of [
  ["an ERC-2771 forwarder", throughForwarder],
  ["a LACChain hub", throughHub],
] as const) {
  describe(`Through ${name}`, () => {
    it("every function of the trust list serves its signer", async () => {
      const suite = await load(deployWithHub);
      const { relayedList: list, relayedCouncil, members, ministry, hospital, operator, start } = suite;
      const as = (signer: Signer, method: string, args: unknown[]) => relay(suite, signer, list, method, args);
      const stateOf = async () => (await list.accreditationOf(COURT, 2n)).decision;

      await as(ministry, "registerBody", [ministry.address, PROFILE]);
      await as(ministry, "registerBody", [ministry.address, PROFILE]);
      await as(ministry, "updateBody", [2n, hospital.address, PROFILE]);
      expect((await list.bodyOf(2n)).controller).to.equal(hospital.address);

      // The council's decisions come through its members' relayed approvals.
      const target = await list.getAddress();
      const grant = list.interface.encodeFunctionData("accredit", [COURT, 0n, 1n, start, NO_END, 3n, GROUNDS]);
      const call = [target, grant, PROFILE];
      for (const member of members) await relay(suite, member, relayedCouncil, "approve", call);
      const id = await relayedCouncil.operationId(target, grant, PROFILE);
      await relay(suite, members[2]!, relayedCouncil, "withdrawApproval", [id]);
      expect(await relayedCouncil.approvals(id)).to.equal(2n);
      await relay(suite, members[2]!, relayedCouncil, "execute", call);

      await as(ministry, "accredit", [COURT, 1n, 2n, start, NO_END, 0n, GROUNDS]);
      await as(ministry, "suspend", [COURT, 2n, GROUNDS]);
      expect(await stateOf()).to.equal(Decision.SUSPENDED);
      await as(ministry, "reinstate", [COURT, 2n, GROUNDS]);
      expect(await stateOf()).to.equal(Decision.ACCREDITED);

      const consent = await signConsent(suite, { body: 2n, operator, verifyingContract: target });
      await as(hospital, "authorizeKey", [2n, operator.address, [COURT], start, NO_END, NO_END, consent]);
      expect((await list.requireAccredited(COURT, operator.address)).body).to.equal(2n);
      await as(operator, "retireKey", [operator.address]);
      const since = await now(suite);
      await as(hospital, "reportCompromise", [operator.address, since]);
      expect((await list.keyOf(operator.address)).compromisedSince).to.equal(since);
      await as(ministry, "withdraw", [COURT, 2n, GROUNDS]);
      expect(await stateOf()).to.equal(Decision.WITHDRAWN);
    });

    it("a member schedules, and the wrong signer is refused by name", async () => {
      const suite = await load(deployWithHub);
      const { relayedList: list, relayedCouncil: council, manager, members, stranger } = suite;
      // A delay makes scheduling possible.
      const target = await council.getAddress();
      await suite.decide(manager, "grantRole", [9n, target, 60n]);
      const selector = list.interface.getFunction("updateBody").selector;
      await suite.decide(manager, "setTargetFunctionRole", [await list.getAddress(), [selector], 9n]);
      await list.registerBody(stranger.address, PROFILE);
      const data = list.interface.encodeFunctionData("updateBody", [1n, members[0]!.address, PROFILE]);
      const call = [await list.getAddress(), data, PROFILE];
      for (const member of members) await relay(suite, member, council, "approve", call);
      await expect(relay(suite, members[0]!, council, "schedule", call)).to.emit(council, "OperationScheduled");

      for (const method of ["approve", "schedule", "execute"]) {
        // The forwarder hides the reason; only the hub passes it on.
        const attempt = relay(suite, stranger, council, method, call);
        if (relay === throughForwarder)
          await expect(attempt).to.be.revertedWithCustomError(suite.forwarder, "FailedCall");
        else await expect(attempt).to.be.revertedWithCustomError(council, "NotMember").withArgs(stranger.address);
      }
    });
  });
}

describe("Sender", () => {
  it("ignores a sender's address appended by anyone but the forwarder", async () => {
    const suite = await load(deployWithHub);
    const { trustList, council, hospital, stranger, members } = suite;
    const update = trustList.interface.encodeFunctionData("updateBody", [2n, stranger.address, PROFILE]);
    await expect(stranger.sendTransaction({ to: trustList, data: concat([update, hospital.address]) }))
      .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
    const approve = council.interface.encodeFunctionData("approve", [stranger.address, "0x", PROFILE]);
    await expect(stranger.sendTransaction({ to: council, data: concat([approve, members[0]!.address]) }))
      .to.be.revertedWithCustomError(council, "NotMember")
      .withArgs(stranger.address);
  });

  it("takes neither another forwarder nor another hub at its word", async () => {
    const suite = await load(deployWithHub);
    const { relayedList: list, ethers, deployer, hospital, stranger } = suite;
    await list.registerBody(hospital.address, PROFILE);
    const update = list.interface.encodeFunctionData("updateBody", [1n, stranger.address, PROFILE]);
    const hub = await ethers.deployContract("RelayHub");
    // As a hub, and as a forwarder with the address appended.
    for (const data of [update, concat([update, hospital.address])]) {
      await expect(hub.getFunction("relay")(hospital.address, await list.getAddress(), data))
        .to.be.revertedWithCustomError(list, "AccessManagedUnauthorized")
        .withArgs(await hub.getAddress());
    }
    const forwarder = await new ERC2771Forwarder__factory(deployer).deploy("Diwan Forwarder");
    await expect(
      throughForwarder({ ...suite, forwarder }, hospital, list, "updateBody", [1n, stranger.address, PROFILE]),
    ).to.be.revertedWithCustomError(forwarder, "ERC2771UntrustfulTarget");
  });

  it("does not read an appended address in what the hub relays", async () => {
    const suite = await load(deployWithHub);
    const { relayedList: list, hub, hospital, stranger } = suite;
    await list.registerBody(hospital.address, PROFILE);
    const update = list.interface.encodeFunctionData("updateBody", [1n, stranger.address, PROFILE]);
    await expect(
      hub.getFunction("relay")(stranger.address, await list.getAddress(), concat([update, hospital.address])),
    )
      .to.be.revertedWithCustomError(list, "AccessManagedUnauthorized")
      .withArgs(stranger.address);
  });

  it("relays a request once, for its signer alone", async () => {
    const suite = await load(deployWithHub);
    const { forwarder, relayedList: list, hospital, stranger } = suite;
    const transaction = await throughForwarder(suite, hospital, list, "registerBody", [hospital.address, PROFILE]);
    await expect(stranger.sendTransaction({ to: forwarder, data: transaction.data })).to.be.revertedWithCustomError(
      forwarder,
      "ERC2771ForwarderInvalidSigner",
    );
  });

  it("tells which relays it trusts", async () => {
    const { trustList, council, forwarder, hub, relayedList } = await load(deployWithHub);
    for (const contract of [trustList, council]) {
      expect(await contract.isTrustedForwarder(await forwarder.getAddress())).to.equal(true);
      expect(getBytes(await contract.relayHub())).to.deep.equal(getBytes(zeroPadValue("0x", 20)));
    }
    expect(await relayedList.relayHub()).to.equal(await hub.getAddress());
  });

  it("does not take nobody, named by a hub, for the council", async () => {
    const { relayedList, decide, hub, ministry } = await load(deployWithHub);
    await relayedList.registerBody(ministry.address, PROFILE);
    await decide(relayedList, "accredit", [COURT, 0n, 1n, 0n, NO_END, 0n, GROUNDS]);
    const calls = relayedList.interface;
    for (const data of [
      calls.encodeFunctionData("suspend", [COURT, 1n, GROUNDS]),
      calls.encodeFunctionData("withdraw", [COURT, 1n, GROUNDS]),
    ]) {
      await expect(hub.getFunction("relay")(ZeroAddress, await relayedList.getAddress(), data))
        .to.be.revertedWithCustomError(relayedList, "AccessManagedUnauthorized")
        .withArgs(ZeroAddress);
    }
  });

  it("answers a simulated call from the zero address without a hub", async () => {
    const { trustList, ethers, hospital } = await load(deployWithHub);
    const data = trustList.interface.encodeFunctionData("registerBody", [hospital.address, PROFILE]);
    const body = await ethers.provider.call({ from: ZeroAddress, to: await trustList.getAddress(), data });
    expect(BigInt(body)).to.equal(3n);
  });
});
