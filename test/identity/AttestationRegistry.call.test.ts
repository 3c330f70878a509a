import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroAddress, type AddressLike } from "ethers";

import { OTHER_SCHEMA, REASON, SCHEMA, issuerFixture, itemOf, uidOf } from "../helpers/issuer.js";
import { Standing } from "../helpers/trust.js";

const TAKES = id("onAttested(address,bytes32,bytes32,uint32,bytes32,uint40,bytes)").slice(0, 10);
const DATA = "0xc0ffee";

/** What a receiver is told, hashed from the interface's text. */
function toldOf(values: readonly unknown[]): string {
  const types = ["address", "bytes32", "bytes32", "uint32", "bytes32", "uint40", "bytes"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}

describe("AttestationRegistry: attestAndCall", () => {
  async function fixture() {
    const f = await issuerFixture();
    const receiver = await f.ethers.deployContract("Receiver");
    const a = f.attestation(1);
    const { content, expiresAt } = itemOf(a);
    const attestAndCall = (to: AddressLike = receiver, data = DATA) =>
      f.registry.attestAndCall(SCHEMA, content, expiresAt, to, data);
    const set = (answer: string, target = ZeroAddress, call = "0x") =>
      receiver.getFunction("set").send(answer, target, call);
    return { ...f, receiver, a, uid: uidOf(a), content, expiresAt, attestAndCall, set };
  }

  it("issues as attest does, then tells the receiver all of it", async () => {
    const { registry, receiver, operator, office, uid, content, expiresAt, attestAndCall, time } = await fixture();
    const told = toldOf([operator.address, uid, SCHEMA, office, content, expiresAt, DATA]);
    const sent = attestAndCall();
    await expect(sent).to.emit(registry, "AttestationIssued").withArgs(uid, SCHEMA, office, expiresAt);
    await expect(sent)
      .to.emit(receiver, "Told")
      .withArgs(await registry.getAddress(), told, true);
    const record = await registry.recordOf(uid);
    expect([record.issuedAt, record.issuer, record.key]).to.deep.equal([BigInt(await time.latest()), office, 1n]);
  });

  it("tells its event before the receiver's", async () => {
    const { registry, receiver, attestAndCall } = await fixture();
    const receipt = await (await attestAndCall()).wait();
    const addresses = receipt?.logs.map(({ address }) => address);
    expect(addresses).to.deep.equal([await registry.getAddress(), await receiver.getAddress()]);
  });

  it("answers the uid", async () => {
    const { registry, receiver, uid, content, expiresAt } = await fixture();
    const answer = registry.attestAndCall.staticCall(SCHEMA, content, expiresAt, receiver, DATA);
    expect(await answer).to.equal(uid);
  });

  it("takes no data, and much", async () => {
    const { receiver, operator, office, uid, content, expiresAt, attestAndCall, connection } = await fixture();
    for (const data of ["0x", `0x${"ab".repeat(1_001)}`]) {
      const snapshot = await connection.networkHelpers.takeSnapshot();
      await attestAndCall(receiver, data);
      const told = toldOf([operator.address, uid, SCHEMA, office, content, expiresAt, data]);
      expect(await receiver.getFunction("told").staticCall()).to.equal(told);
      await snapshot.restore();
    }
  });

  it("reverts when the receiver answers anything but its selector, and issues nothing", async () => {
    const { registry, receiver, uid, attestAndCall, set } = await fixture();
    for (const answer of ["0xffffffff", "0x00000001", id("onAttested()").slice(0, 10)]) {
      await set(answer);
      await expect(attestAndCall())
        .to.be.revertedWithCustomError(registry, "AttestationNotReceived")
        .withArgs(await receiver.getAddress(), answer);
    }
    expect((await registry.recordOf(uid)).issuedAt).to.equal(0n);
  });

  it("reverts with what the receiver reverts with, and issues nothing", async () => {
    const { registry, receiver, uid, attestAndCall, set } = await fixture();
    await set("0x00000000");
    await expect(attestAndCall()).to.be.revertedWithCustomError(receiver, "Refused").withArgs(uid);
    expect((await registry.recordOf(uid)).issuedAt).to.equal(0n);
  });

  it("reverts when the receiver is no contract", async () => {
    const { registry, stranger, attestAndCall } = await fixture();
    for (const address of [stranger.address, ZeroAddress]) {
      await expect(attestAndCall(address))
        .to.be.revertedWithCustomError(registry, "AttestationNotReceived")
        .withArgs(address, "0x00000000");
    }
  });

  it("reverts when the receiver is a contract that does not know the call", async () => {
    const { registry, trustList, manager, forwarder, ethers, attestAndCall } = await fixture();
    for (const contract of [registry, trustList, manager, forwarder]) {
      await expect(attestAndCall(await contract.getAddress())).to.be.revertedWithoutReason(ethers);
    }
  });

  it("reverts when the same was issued before, or is over", async () => {
    const { registry, receiver, uid, content, attestAndCall, time } = await fixture();
    await attestAndCall();
    await expect(attestAndCall()).to.be.revertedWithCustomError(registry, "AttestationExists").withArgs(uid);
    const at = BigInt(await time.latest()) + 10n;
    await time.setNextBlockTimestamp(at);
    await expect(registry.attestAndCall(SCHEMA, content, at, receiver, DATA))
      .to.be.revertedWithCustomError(registry, "ExpiryInPast")
      .withArgs(at, at);
  });

  it("reverts when the key lists another schema", async () => {
    const { registry, trustList, operator, office, receiver, content, expiresAt } = await fixture();
    await expect(registry.attestAndCall(OTHER_SCHEMA, content, expiresAt, receiver, DATA))
      .to.be.revertedWithCustomError(trustList, "RoleNotListed")
      .withArgs(operator.address, office, 1n);
  });

  describe("when the receiver calls the registry", () => {
    it("does nothing as the operator", async () => {
      const f = await fixture();
      const { registry, trustList, receiver, uid, content, expiresAt, attestAndCall, set } = f;
      const [target, to] = [await registry.getAddress(), await receiver.getAddress()];
      const abi = registry.interface;
      const refused = trustList.interface.encodeErrorResult("KeyNotInForce", [to, Standing.NONE]);
      for (const call of [
        abi.encodeFunctionData("attest", [SCHEMA, id("another"), expiresAt]),
        abi.encodeFunctionData("attestAndCall", [SCHEMA, id("another"), expiresAt, to, "0x"]),
        abi.encodeFunctionData("attestAndCall", [SCHEMA, content, expiresAt, to, "0x"]),
        abi.encodeFunctionData("revoke", [uid, REASON.UNSPECIFIED]),
        abi.encodeFunctionData("suspend", [uid, REASON.UNSPECIFIED]),
      ]) {
        // With the operator's address appended too, as a forwarder would.
        for (const data of [call, call + f.operator.address.slice(2).toLowerCase()]) {
          const snapshot = await f.connection.networkHelpers.takeSnapshot();
          await set(TAKES, target, data);
          await expect(attestAndCall()).to.emit(receiver, "CalledBack").withArgs(false, refused);
          expect((await registry.recordOf(uid)).endedAt).to.equal(0n);
          await snapshot.restore();
        }
      }
    });

    it("does what it may itself, as a key of the same office", async () => {
      const f = await fixture();
      const { registry, receiver, uid, attestAndCall, set } = f;
      await f.ethers.provider.send("hardhat_setCode", [f.colleague.address, await receiver.getDeployedCode()]);
      const colleague = receiver.attach(f.colleague.address);
      const revoke = registry.interface.encodeFunctionData("revoke", [uid, REASON.UNSPECIFIED]);
      await colleague.getFunction("set").send(TAKES, await registry.getAddress(), revoke);
      await expect(attestAndCall(colleague)).to.emit(colleague, "CalledBack").withArgs(true, "0x");
      // The record stood before it was told, so it could be ended, and the end holds.
      const { issuedAt, endedAt } = await registry.recordOf(uid);
      expect([issuedAt === endedAt, endedAt > 0n]).to.deep.equal([true, true]);
      await set(TAKES);
      await expect(attestAndCall()).to.be.revertedWithCustomError(registry, "AttestationExists").withArgs(uid);
    });
  });

  it("takes the operator from the trusted forwarder", async () => {
    const f = await fixture();
    const { registry, receiver, operator, office, uid, content, expiresAt } = f;
    const to = await receiver.getAddress();
    const data = registry.interface.encodeFunctionData("attestAndCall", [SCHEMA, content, expiresAt, to, DATA]);
    await f.forward(operator, data);
    const told = toldOf([operator.address, uid, SCHEMA, office, content, expiresAt, DATA]);
    expect(await receiver.getFunction("told").staticCall()).to.equal(told);
  });

  it("issues what a second key of the office may revoke", async () => {
    const f = await fixture();
    await f.attestAndCall();
    await f.registry.connect(f.colleague).revoke(f.uid, REASON.UNSPECIFIED);
    expect((await f.registry.recordOf(f.uid)).endedAt).to.not.equal(0n);
  });
});
