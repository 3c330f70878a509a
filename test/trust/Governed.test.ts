import { expect } from "chai";

import { GROUNDS, NO_END } from "../helpers/suite.js";
import {
  accredit,
  authorizeKey,
  COUNCIL,
  COURT,
  deployTree,
  later,
  load,
  now,
  PROFILE,
  registerBody,
} from "../helpers/trust.js";

describe("Governed", () => {
  for (const name of [
    "trustList",
    "schemaRegistry",
    "attestationRegistry",
    "didRegistry",
    "enrolment",
    "benefits",
  ] as const) {
    describe(name, () => {
      it("is stopped by the council until a time, which a second stop replaces", async () => {
        const suite = await load(deployTree);
        const { decide } = suite;
        const contract = suite[name];
        const until = (await now(suite)) + 1_000n;
        expect(await contract.stoppedUntil()).to.equal(0n);
        await expect(decide(contract, "stop", [until, GROUNDS]))
          .to.emit(contract, "WritesStopped")
          .withArgs(until, GROUNDS);
        expect(await contract.stoppedUntil()).to.equal(until);
        await decide(contract, "stop", [until - 500n, GROUNDS]);
        expect(await contract.stoppedUntil()).to.equal(until - 500n);
      });

      it("is opened by the council before that", async () => {
        const suite = await load(deployTree);
        const { decide } = suite;
        const contract = suite[name];
        await decide(contract, "stop", [(await now(suite)) + 1_000n, GROUNDS]);
        await expect(decide(contract, "resume", [GROUNDS]))
          .to.emit(contract, "WritesResumed")
          .withArgs(GROUNDS);
        expect(await contract.stoppedUntil()).to.equal(0n);
        await expect(decide(contract, "resume", [GROUNDS])).to.be.revertedWithCustomError(contract, "WritesAreOpen");
      });

      it("reverts when the end is not in the future", async () => {
        const suite = await load(deployTree);
        const { decide } = suite;
        const contract = suite[name];
        for (const ago of [0n, 1n]) {
          const time = (await now(suite)) + 100n;
          await expect(decide(contract, "stop", [time - ago, GROUNDS], time))
            .to.be.revertedWithCustomError(contract, "StopMustEndLater")
            .withArgs(time - ago, time);
        }
      });

      it("reverts when there is nothing to lift any more", async () => {
        const suite = await load(deployTree);
        const { decide } = suite;
        const contract = suite[name];
        const until = (await now(suite)) + 100n;
        await decide(contract, "stop", [until, GROUNDS]);
        await expect(decide(contract, "resume", [GROUNDS], until)).to.be.revertedWithCustomError(
          contract,
          "WritesAreOpen",
        );
      });

      it("reverts for everybody else", async () => {
        const suite = await load(deployTree);
        const { members, deployer, ministry, recoverer } = suite;
        const contract = suite[name];
        const until = (await now(suite)) + 1_000n;
        for (const caller of [members[0]!, deployer, ministry, recoverer]) {
          await expect(contract.connect(caller).stop(until, GROUNDS))
            .to.be.revertedWithCustomError(contract, "AccessManagedUnauthorized")
            .withArgs(caller.address);
          await expect(contract.connect(caller).resume(GROUNDS))
            .to.be.revertedWithCustomError(contract, "AccessManagedUnauthorized")
            .withArgs(caller.address);
        }
      });
    });
  }

  describe("a stopped trust list", () => {
    async function stop() {
      const suite = await load(deployTree);
      const until = (await now(suite)) + 1_000n;
      await suite.decide(suite.trustList, "stop", [until, GROUNDS]);
      return { ...suite, until };
    }

    it("takes nothing new, from the council neither", async () => {
      const suite = await stop();
      const { trustList, decide, ministry, hospital, operator, start, until } = suite;
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      for (const attempt of [
        () => trustList.registerBody(ministry.address, PROFILE),
        () => accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start }),
        () => decide(trustList, "accredit", [COURT, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]),
        () => trustList.connect(ministry).reinstate(COURT, 2n, GROUNDS),
        () => decide(trustList, "reinstate", [COURT, 2n, GROUNDS]),
        () => authorizeKey(suite, { by: hospital, body: 2n, operator, from: start }),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(trustList, "WritesAreStopped").withArgs(until);
      }
    });

    it("answers, and lets everybody out", async () => {
      const suite = await stop();
      const { trustList, decide, ministry, hospital, operator } = suite;
      const time = await now(suite);
      await trustList.requireAccredited(COURT, operator.address);
      await trustList.requireKey(operator.address, 2n, 0n);
      expect(await trustList.isAccreditedAt(COURT, 2n, time)).to.equal(true);
      await trustList.connect(hospital).updateBody(2n, hospital.address, PROFILE);
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
      await decide(trustList, "suspend", [COURT, 1n, GROUNDS]);
      await decide(trustList, "withdraw", [COURT, 1n, GROUNDS]);
      await trustList.connect(operator).retireKey(operator.address);
      await trustList.connect(hospital).reportCompromise(operator.address, time);
    });

    it("opens by itself at the second of its end", async () => {
      const suite = await stop();
      const { trustList, connection, stranger, until } = suite;
      await connection.networkHelpers.time.setNextBlockTimestamp(until - 1n);
      await expect(trustList.registerBody(stranger.address, PROFILE))
        .to.be.revertedWithCustomError(trustList, "WritesAreStopped")
        .withArgs(until);
      await connection.networkHelpers.time.setNextBlockTimestamp(until);
      await trustList.registerBody(stranger.address, PROFILE);
    });

    it("opens at once when the council says so", async () => {
      const suite = await stop();
      await suite.decide(suite.trustList, "resume", [GROUNDS]);
      expect(await registerBody(suite, suite.stranger)).to.equal(3n);
    });
  });

  describe("under a council with a delay", () => {
    async function deployDelayed() {
      return deployTree({ delay: 1_000n });
    }

    it("stops, suspends and retires at once, and waits with all that gives or cannot be undone", async () => {
      const suite = await load(deployDelayed);
      const { trustList, manager, decide, operator, start } = suite;
      const until = (await now(suite)) + 1_000n;
      for (const [method, args] of [
        ["stop", [until, GROUNDS]],
        ["resume", [GROUNDS]],
        ["suspend", [COURT, 1n, GROUNDS]],
        ["retireKey", [operator.address]],
      ] as const) {
        await decide(trustList, method, [...args]);
      }
      for (const [method, args] of [
        ["reinstate", [COURT, 1n, GROUNDS]],
        ["withdraw", [COURT, 1n, GROUNDS]],
        ["reportCompromise", [operator.address, start]],
        ["accredit", [COURT, COUNCIL, 2n, await later(suite), NO_END, 0n, GROUNDS]],
        ["updateBody", [2n, operator.address, PROFILE]],
      ] as const) {
        await expect(decide(trustList, method, [...args])).to.be.revertedWithCustomError(
          manager,
          "AccessManagerNotScheduled",
        );
      }
    });
  });
});
