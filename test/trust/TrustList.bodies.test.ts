import { ZeroAddress } from "ethers";
import { expect } from "chai";

import { deploySuite, GROUNDS, NO_END } from "../helpers/suite.js";
import { accredit, COURT, deployTree, load, PROFILE, Standing } from "../helpers/trust.js";

describe("TrustList: bodies", () => {
  describe("registerBody", () => {
    it("gives the next index to anyone who asks", async () => {
      const { trustList, hospital, stranger } = await load(deploySuite);
      await expect(trustList.connect(stranger).registerBody(hospital.address, PROFILE))
        .to.emit(trustList, "BodyChanged")
        .withArgs(1n, hospital.address, PROFILE);
      await expect(trustList.connect(stranger).registerBody(stranger.address, GROUNDS))
        .to.emit(trustList, "BodyChanged")
        .withArgs(2n, stranger.address, GROUNDS);
      expect(await trustList.bodyOf(1n)).to.deep.equal([hospital.address, 0n, 0n]);
      expect(await trustList.bodyOf(2n)).to.deep.equal([stranger.address, 0n, 0n]);
      expect(await trustList.bodyOf(3n)).to.deep.equal([ZeroAddress, 0n, 0n]);
    });

    it("gives no power with the index", async () => {
      const { trustList, stranger, start } = await load(deployTree);
      await trustList.registerBody(stranger.address, PROFILE);
      expect(await trustList.standingAt(COURT, 3n, start)).to.deep.equal([Standing.NONE, 3n]);
      await expect(
        trustList.connect(stranger).accredit(COURT, 3n, 2n, start, NO_END, 0n, GROUNDS),
      ).to.be.revertedWithCustomError(trustList, "NotAccredited");
    });

    it("reverts when the controller is zero", async () => {
      const { trustList } = await load(deploySuite);
      await expect(trustList.registerBody(ZeroAddress, PROFILE)).to.be.revertedWithCustomError(
        trustList,
        "ControllerMissing",
      );
    });
  });

  describe("updateBody", () => {
    it("hands the body over, and takes all power from its former controller", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry, stranger, start } = suite;
      await expect(trustList.connect(ministry).updateBody(1n, stranger.address, GROUNDS))
        .to.emit(trustList, "BodyChanged")
        .withArgs(1n, stranger.address, GROUNDS);
      expect(await trustList.bodyOf(1n)).to.deep.equal([stranger.address, 0n, 1n]);

      await expect(accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start }))
        .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
        .withArgs(ministry.address);
      await expect(trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS)).to.be.revertedWithCustomError(
        trustList,
        "AccessManagedUnauthorized",
      );
      await expect(trustList.connect(ministry).updateBody(1n, ministry.address, PROFILE))
        .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
        .withArgs(ministry.address);
      await trustList.connect(stranger).withdraw(COURT, 2n, GROUNDS);
    });

    it("lets the council hand over a body whose controller is lost", async () => {
      const { trustList, decide, stranger } = await load(deployTree);
      await expect(decide(trustList, "updateBody", [2n, stranger.address, PROFILE]))
        .to.emit(trustList, "BodyChanged")
        .withArgs(2n, stranger.address, PROFILE);
      expect(await trustList.bodyOf(2n)).to.deep.equal([stranger.address, 1n, 1n]);
    });

    it("keeps the body's keys and history", async () => {
      const { trustList, hospital, operator, stranger } = await load(deployTree);
      await trustList.connect(hospital).updateBody(2n, stranger.address, PROFILE);
      expect(await trustList.requireAccredited(COURT, operator.address)).to.deep.equal([2n, 1n, 0n]);
    });

    it("reverts when the body is unknown", async () => {
      const { trustList, decide, stranger } = await load(deploySuite);
      for (const body of [0n, 1n, 2n ** 32n - 1n]) {
        await expect(trustList.connect(stranger).updateBody(body, stranger.address, PROFILE))
          .to.be.revertedWithCustomError(trustList, "UnknownBody")
          .withArgs(body);
        await expect(decide(trustList, "updateBody", [body, stranger.address, PROFILE]))
          .to.be.revertedWithCustomError(trustList, "UnknownBody")
          .withArgs(body);
      }
    });

    it("reverts when the caller is neither its controller nor the council", async () => {
      const { trustList, ministry, operator, members, deployer } = await load(deployTree);
      for (const caller of [ministry, operator, members[0]!, deployer]) {
        await expect(trustList.connect(caller).updateBody(2n, caller.address, PROFILE))
          .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    });

    it("reverts when the new controller is zero", async () => {
      const { trustList, hospital } = await load(deployTree);
      await expect(trustList.connect(hospital).updateBody(2n, ZeroAddress, PROFILE)).to.be.revertedWithCustomError(
        trustList,
        "ControllerMissing",
      );
    });
  });
});
