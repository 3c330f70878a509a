import { id } from "ethers";
import { expect } from "chai";

import { deploySuite, GROUNDS, NO_END } from "../helpers/suite.js";
import {
  accredit,
  addBody,
  CLINIC,
  COUNCIL,
  COURT,
  Decision,
  deployTree,
  later,
  load,
  now,
  registerBody,
  Standing,
} from "../helpers/trust.js";

describe("TrustList: accreditations", () => {
  describe("accredit", () => {
    it("accredits a body for the council, from the second of the block on", async () => {
      const suite = await load(deploySuite);
      const { trustList, decide, ministry } = suite;
      await registerBody(suite, ministry);
      const since = (await now(suite)) + 100n;
      const until = since + 1_000n;
      const state = [since, until, since, 0n, 0n, 0n, 3n, Decision.ACCREDITED, false];

      await expect(decide(trustList, "accredit", [COURT, COUNCIL, 1n, since, until, 3n, GROUNDS], since))
        .to.emit(trustList, "AccreditationChanged")
        .withArgs(COURT, 1n, state, GROUNDS);
      expect(await trustList.accreditationOf(COURT, 1n)).to.deep.equal(state);
      expect(await trustList.bodyOf(1n)).to.deep.equal([ministry.address, 0n, 1n]);
      expect(await trustList.standingAt(COURT, 1n, since - 1n)).to.deep.equal([Standing.NONE, 1n]);
      expect(await trustList.standingAt(COURT, 1n, since)).to.deep.equal([Standing.IN_FORCE, 1n]);
    });

    it("accredits a body for an accreditor within its own grant", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, stranger, start } = suite;
      const body = await registerBody(suite, stranger);
      const since = await later(suite);
      const until = since + 50n;
      await expect(accredit(suite, { by: hospital, parent: 2n, body, from: since, until, levels: 1n }))
        .to.emit(trustList, "AccreditationChanged")
        .withArgs(COURT, body, [since, until, since, 0n, 2n, 0n, 1n, Decision.ACCREDITED, false], GROUNDS);
      expect(start).to.be.lessThan(since);
      expect(await trustList.isAccreditedAt(COURT, body, since)).to.equal(true);
    });

    it("numbers a body's scopes in the order in which it got them, once for each", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, start } = suite;
      await decide(trustList, "accredit", [CLINIC, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
      await decide(trustList, "accredit", [CLINIC, COUNCIL, 2n, start, NO_END, 1n, GROUNDS]);
      expect((await trustList.accreditationOf(COURT, 2n)).role).to.equal(0n);
      expect((await trustList.accreditationOf(CLINIC, 2n)).role).to.equal(1n);
      expect((await trustList.bodyOf(2n)).scopes).to.equal(2n);
    });

    it("renews and keeps what stands below", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry, start } = suite;
      const since = await later(suite);
      const until = since + 500n;
      await expect(accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start, until, levels: 2n }))
        .to.emit(trustList, "AccreditationChanged")
        .withArgs(COURT, 2n, [start, until, since, 0n, 1n, 0n, 2n, Decision.ACCREDITED, false], GROUNDS);
    });

    it("reaches four levels and no fifth", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, stranger, start } = suite;
      const third = await addBody(suite, stranger, { by: hospital, parent: 2n, from: start, levels: 1n });
      const fourth = await addBody(suite, stranger, { by: stranger, parent: third, from: start, levels: 0n });
      expect(await trustList.isAccreditedAt(COURT, fourth, await now(suite))).to.equal(true);
      const fifth = await registerBody(suite, stranger);
      await expect(accredit(suite, { by: stranger, parent: fourth, body: fifth, from: start }))
        .to.be.revertedWithCustomError(trustList, "MayNotAccredit")
        .withArgs(COURT, fourth);
    });

    it("reverts when the body is unknown", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry, decide, start } = suite;
      for (const body of [0n, 3n]) {
        await expect(accredit(suite, { by: ministry, parent: 1n, body, from: start }))
          .to.be.revertedWithCustomError(trustList, "UnknownBody")
          .withArgs(body);
        await expect(decide(trustList, "accredit", [COURT, COUNCIL, body, start, NO_END, 0n, GROUNDS]))
          .to.be.revertedWithCustomError(trustList, "UnknownBody")
          .withArgs(body);
      }
    });

    it("reverts when the period is empty, or over", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry } = suite;
      const time = await later(suite);
      for (const [from, until] of [
        [time + 5n, time + 5n],
        [time + 5n, time + 4n],
        [time - 1n, time],
        [time - 9n, time - 1n],
      ] as const) {
        await suite.connection.networkHelpers.time.setNextBlockTimestamp(time);
        await expect(accredit(suite, { by: ministry, parent: 1n, body: 2n, from, until }))
          .to.be.revertedWithCustomError(trustList, "PeriodInvalid")
          .withArgs(from, until, time);
      }
    });

    it("reverts when the council gives more than three levels", async () => {
      const { trustList, decide, start } = await load(deployTree);
      for (const levels of [4n, 255n]) {
        await expect(decide(trustList, "accredit", [COURT, COUNCIL, 2n, start, NO_END, levels, GROUNDS]))
          .to.be.revertedWithCustomError(trustList, "TooManyLevels")
          .withArgs(levels, 3n);
      }
    });

    it("reverts when a parent is named that the caller does not control", async () => {
      const suite = await load(deployTree);
      const { trustList, hospital, stranger, start } = suite;
      for (const by of [hospital, stranger]) {
        await expect(accredit(suite, { by, parent: 1n, body: 2n, from: start }))
          .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
          .withArgs(by.address);
      }
      await expect(accredit(suite, { by: stranger, parent: 9n, body: 2n, from: start }))
        .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
        .withArgs(stranger.address);
    });

    it("lets the council speak for an accreditor, within that one's own grant", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, start } = suite;
      await decide(trustList, "withdraw", [COURT, 2n, GROUNDS]);
      await decide(trustList, "accredit", [COURT, 1n, 2n, start, NO_END, 0n, GROUNDS]);
      const { parent, held } = await trustList.accreditationOf(COURT, 2n);
      expect([parent, held]).to.deep.equal([1n, false]);

      const { levels } = await trustList.accreditationOf(COURT, 1n);
      await expect(decide(trustList, "accredit", [COURT, 1n, 2n, start, NO_END, levels, GROUNDS]))
        .to.be.revertedWithCustomError(trustList, "TooManyLevels")
        .withArgs(levels, levels - 1n);
      await expect(decide(trustList, "accredit", [COURT, 9n, 2n, start, NO_END, 0n, GROUNDS]))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(COURT, 9n, 0n);
    });

    it("reverts when anybody but the council names the council", async () => {
      const suite = await load(deployTree);
      const { trustList, start, deployer, ministry, members } = suite;
      for (const by of [deployer, ministry, members[0]!]) {
        await expect(accredit(suite, { by, parent: COUNCIL, body: 1n, from: start }))
          .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
          .withArgs(by.address);
      }
    });

    it("reverts when the accreditor acts outside its scope", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry, start } = suite;
      await expect(accredit(suite, { by: ministry, scope: CLINIC, parent: 1n, body: 2n, from: start }))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(CLINIC, 1n, Standing.NONE);
    });

    it("reverts when the accreditor is not in force: before, from its first second, and at its end", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, connection, ministry, stranger } = suite;
      const { time } = connection.networkHelpers;
      const body = await registerBody(suite, stranger);
      const from = (await now(suite)) + 100n;
      const until = from + 100n;
      await decide(trustList, "accredit", [COURT, COUNCIL, 1n, from, until, 3n, GROUNDS]);
      const attempt = () => accredit(suite, { by: ministry, parent: 1n, body, from, until });

      await time.setNextBlockTimestamp(from - 1n);
      await expect(attempt())
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(COURT, 1n, Standing.PENDING);
      await time.setNextBlockTimestamp(from);
      await attempt();
      await time.setNextBlockTimestamp(until - 1n);
      await attempt();
      await time.setNextBlockTimestamp(until);
      await expect(accredit(suite, { by: ministry, parent: 1n, body, from, until: until + 1n }))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(COURT, 1n, Standing.EXPIRED);
    });

    it("reverts when the accreditor, or one above it, is suspended or withdrawn", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, hospital, stranger, start } = suite;
      const body = await registerBody(suite, stranger);
      for (const [method, standing] of [
        ["suspend", Standing.SUSPENDED],
        ["withdraw", Standing.WITHDRAWN],
      ] as const) {
        await decide(trustList, method, [COURT, 1n, GROUNDS]);
        await expect(accredit(suite, { by: hospital, parent: 2n, body, from: start }))
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(COURT, 2n, standing);
      }
    });

    it("reverts when the levels are not fewer than the accreditor's", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry, hospital, stranger, start } = suite;
      const body = await registerBody(suite, stranger);
      for (const levels of [3n, 4n, 255n]) {
        await expect(accredit(suite, { by: ministry, parent: 1n, body, from: start, levels }))
          .to.be.revertedWithCustomError(trustList, "TooManyLevels")
          .withArgs(levels, 2n);
      }
      await expect(accredit(suite, { by: hospital, parent: 2n, body, from: start, levels: 2n }))
        .to.be.revertedWithCustomError(trustList, "TooManyLevels")
        .withArgs(2n, 1n);
    });

    it("reverts when the period is not within the accreditor's, by a second on either side", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, ministry, stranger, start } = suite;
      const body = await registerBody(suite, stranger);
      const end = start + 10_000n;
      await decide(trustList, "accredit", [COURT, COUNCIL, 1n, start, end, 3n, GROUNDS]);
      for (const [from, until] of [
        [start - 1n, end],
        [start, end + 1n],
        [0n, NO_END],
      ] as const) {
        await expect(accredit(suite, { by: ministry, parent: 1n, body, from, until }))
          .to.be.revertedWithCustomError(trustList, "PeriodOutsideParent")
          .withArgs(from, until, start, end);
      }
      await accredit(suite, { by: ministry, parent: 1n, body, from: start, until: end });
    });

    it("reverts when the body stands under another accreditor, suspended or not", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, ministry, stranger, start } = suite;
      const rival = await registerBody(suite, stranger);
      await decide(trustList, "accredit", [COURT, COUNCIL, rival, start, NO_END, 3n, GROUNDS]);
      const attempt = () => accredit(suite, { by: stranger, parent: rival, body: 2n, from: start });
      await expect(attempt()).to.be.revertedWithCustomError(trustList, "AccreditedByAnother").withArgs(COURT, 2n, 1n);
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      await expect(attempt()).to.be.revertedWithCustomError(trustList, "AccreditedByAnother").withArgs(COURT, 2n, 1n);
      // What stands under the council is not for an accreditor to take either.
      await expect(accredit(suite, { by: stranger, parent: rival, body: 1n, from: start }))
        .to.be.revertedWithCustomError(trustList, "AccreditedByAnother")
        .withArgs(COURT, 1n, COUNCIL);
    });

    it("lets another accreditor take over after a withdrawal, and takes the power of the former", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, ministry, stranger, start } = suite;
      const rival = await registerBody(suite, stranger);
      await decide(trustList, "accredit", [COURT, COUNCIL, rival, start, NO_END, 3n, GROUNDS]);
      await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
      await accredit(suite, { by: stranger, parent: rival, body: 2n, from: start });
      expect((await trustList.accreditationOf(COURT, 2n)).parent).to.equal(rival);
      await expect(trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS))
        .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
        .withArgs(ministry.address);
    });

    it("lets another accreditor take over from the very second of the end", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, connection, ministry, stranger, start } = suite;
      const { time } = connection.networkHelpers;
      const rival = await registerBody(suite, stranger);
      await decide(trustList, "accredit", [COURT, COUNCIL, rival, start, NO_END, 3n, GROUNDS]);
      const until = (await now(suite)) + 100n;
      await accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start, until });
      await time.setNextBlockTimestamp(until - 1n);
      await expect(accredit(suite, { by: stranger, parent: rival, body: 2n, from: start }))
        .to.be.revertedWithCustomError(trustList, "AccreditedByAnother")
        .withArgs(COURT, 2n, 1n);
      await time.setNextBlockTimestamp(until);
      await accredit(suite, { by: stranger, parent: rival, body: 2n, from: start });
    });

    it("reverts at the 65th scope of a body", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, start } = suite;
      for (let role = 1n; role < 64n; ++role) {
        const scope = id(`scope ${role}`);
        await decide(trustList, "accredit", [scope, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
        expect((await trustList.accreditationOf(scope, 2n)).role).to.equal(role);
      }
      await expect(decide(trustList, "accredit", [id("scope 64"), COUNCIL, 2n, start, NO_END, 0n, GROUNDS]))
        .to.be.revertedWithCustomError(trustList, "TooManyScopes")
        .withArgs(2n, 64n);
      // One that it has is no new one.
      await decide(trustList, "accredit", [id("scope 63"), COUNCIL, 2n, start, NO_END, 1n, GROUNDS]);
    });
  });

  describe("suspend", () => {
    it("suspends for the accreditor, who may lift it again", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry, start } = suite;
      const since = await later(suite);
      const state = [start, NO_END, since, 0n, 1n, 0n, 2n, Decision.SUSPENDED, false];
      await expect(trustList.connect(ministry).suspend(COURT, 2n, GROUNDS))
        .to.emit(trustList, "AccreditationChanged")
        .withArgs(COURT, 2n, state, GROUNDS);
      expect(await trustList.accreditationOf(COURT, 2n)).to.deep.equal(state);
      await trustList.connect(ministry).reinstate(COURT, 2n, GROUNDS);
    });

    it("suspends for the council, which alone may lift it", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, ministry, start } = suite;
      const since = (await now(suite)) + 100n;
      const state = [start, NO_END, since, 0n, 1n, 0n, 2n, Decision.SUSPENDED, true];
      await expect(decide(trustList, "suspend", [COURT, 2n, GROUNDS], since))
        .to.emit(trustList, "AccreditationChanged")
        .withArgs(COURT, 2n, state, GROUNDS);
      const asMinistry = trustList.connect(ministry);
      for (const attempt of [
        () => asMinistry.reinstate(COURT, 2n, GROUNDS),
        () => asMinistry.withdraw(COURT, 2n, GROUNDS),
        () => asMinistry.suspend(COURT, 2n, GROUNDS),
        () => accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start }),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(trustList, "HeldByCouncil").withArgs(COURT, 2n);
      }
      await decide(trustList, "reinstate", [COURT, 2n, GROUNDS]);
      expect((await trustList.accreditationOf(COURT, 2n)).held).to.equal(false);
      await asMinistry.suspend(COURT, 2n, GROUNDS);
    });

    it("may be decided by an accreditor that is itself suspended", async () => {
      const { trustList, decide, ministry } = await load(deployTree);
      await decide(trustList, "suspend", [COURT, 1n, GROUNDS]);
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
    });

    it("reverts when the body was never accredited in the scope", async () => {
      const { trustList, decide, ministry } = await load(deployTree);
      await expect(trustList.connect(ministry).suspend(CLINIC, 2n, GROUNDS))
        .to.be.revertedWithCustomError(trustList, "DecisionNotAllowed")
        .withArgs(CLINIC, 2n, Decision.NONE);
      await expect(decide(trustList, "suspend", [COURT, 9n, GROUNDS]))
        .to.be.revertedWithCustomError(trustList, "DecisionNotAllowed")
        .withArgs(COURT, 9n, Decision.NONE);
    });

    it("reverts when it is suspended or withdrawn already", async () => {
      const { trustList, decide, ministry } = await load(deployTree);
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      await expect(trustList.connect(ministry).suspend(COURT, 2n, GROUNDS))
        .to.be.revertedWithCustomError(trustList, "DecisionNotAllowed")
        .withArgs(COURT, 2n, Decision.SUSPENDED);
      await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
      await expect(decide(trustList, "suspend", [COURT, 2n, GROUNDS]))
        .to.be.revertedWithCustomError(trustList, "DecisionNotAllowed")
        .withArgs(COURT, 2n, Decision.WITHDRAWN);
    });
  });

  describe("reinstate", () => {
    it("lifts a suspension for the accreditor", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry, start } = suite;
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      const since = await later(suite);
      await expect(trustList.connect(ministry).reinstate(COURT, 2n, GROUNDS))
        .to.emit(trustList, "AccreditationChanged")
        .withArgs(COURT, 2n, [start, NO_END, since, 0n, 1n, 0n, 2n, Decision.ACCREDITED, false], GROUNDS);
      expect(await trustList.isAccreditedAt(COURT, 2n, since)).to.equal(true);
    });

    it("is free to the accreditor again once the council has lifted its own suspension", async () => {
      const { trustList, decide, ministry } = await load(deployTree);
      await decide(trustList, "suspend", [COURT, 2n, GROUNDS]);
      await decide(trustList, "reinstate", [COURT, 2n, GROUNDS]);
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      await trustList.connect(ministry).reinstate(COURT, 2n, GROUNDS);
    });

    it("reverts when the accreditor is not in force itself", async () => {
      const { trustList, decide, ministry } = await load(deployTree);
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      for (const [method, standing] of [
        ["suspend", Standing.SUSPENDED],
        ["withdraw", Standing.WITHDRAWN],
      ] as const) {
        await decide(trustList, method, [COURT, 1n, GROUNDS]);
        await expect(trustList.connect(ministry).reinstate(COURT, 2n, GROUNDS))
          .to.be.revertedWithCustomError(trustList, "NotAccredited")
          .withArgs(COURT, 1n, standing);
      }
    });

    it("reverts when there is no suspension to lift", async () => {
      const { trustList, decide, ministry } = await load(deployTree);
      await expect(trustList.connect(ministry).reinstate(COURT, 2n, GROUNDS))
        .to.be.revertedWithCustomError(trustList, "DecisionNotAllowed")
        .withArgs(COURT, 2n, Decision.ACCREDITED);
      await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
      await expect(trustList.connect(ministry).reinstate(COURT, 2n, GROUNDS))
        .to.be.revertedWithCustomError(trustList, "DecisionNotAllowed")
        .withArgs(COURT, 2n, Decision.WITHDRAWN);
      await expect(decide(trustList, "reinstate", [CLINIC, 2n, GROUNDS]))
        .to.be.revertedWithCustomError(trustList, "DecisionNotAllowed")
        .withArgs(CLINIC, 2n, Decision.NONE);
    });
  });

  describe("withdraw", () => {
    it("withdraws for the accreditor", async () => {
      const suite = await load(deployTree);
      const { trustList, ministry, start } = suite;
      const since = await later(suite);
      await expect(trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS))
        .to.emit(trustList, "AccreditationChanged")
        .withArgs(COURT, 2n, [start, NO_END, since, 0n, 1n, 0n, 2n, Decision.WITHDRAWN, false], GROUNDS);
      expect(await trustList.standingAt(COURT, 2n, since)).to.deep.equal([Standing.WITHDRAWN, 2n]);
    });

    it("withdraws what is suspended", async () => {
      const { trustList, ministry } = await load(deployTree);
      await trustList.connect(ministry).suspend(COURT, 2n, GROUNDS);
      await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
      expect((await trustList.accreditationOf(COURT, 2n)).decision).to.equal(Decision.WITHDRAWN);
    });

    it("may be decided by an accreditor that is itself withdrawn", async () => {
      const { trustList, decide, ministry } = await load(deployTree);
      await decide(trustList, "withdraw", [COURT, 1n, GROUNDS]);
      await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
    });

    it("reaches everything below without touching it", async () => {
      const suite = await load(deployTree);
      const { trustList, decide, hospital, operator, stranger, start } = suite;
      const below = await addBody(suite, stranger, { by: hospital, parent: 2n, from: start, levels: 1n });
      const before = await trustList.accreditationOf(COURT, below);
      const since = (await now(suite)) + 100n;
      await decide(trustList, "withdraw", [COURT, 1n, GROUNDS], since);
      expect(await trustList.standingAt(COURT, below, since - 1n)).to.deep.equal([Standing.IN_FORCE, below]);
      expect(await trustList.standingAt(COURT, below, since)).to.deep.equal([Standing.WITHDRAWN, 1n]);
      expect(await trustList.accreditationOf(COURT, below)).to.deep.equal(before);
      await expect(trustList.requireAccredited(COURT, operator.address))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(COURT, 2n, Standing.WITHDRAWN);
    });

    it("reverts when it is withdrawn already, or never was accredited", async () => {
      const { trustList, decide, ministry } = await load(deployTree);
      await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
      await expect(trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS))
        .to.be.revertedWithCustomError(trustList, "DecisionNotAllowed")
        .withArgs(COURT, 2n, Decision.WITHDRAWN);
      await expect(decide(trustList, "withdraw", [CLINIC, 2n, GROUNDS]))
        .to.be.revertedWithCustomError(trustList, "DecisionNotAllowed")
        .withArgs(CLINIC, 2n, Decision.NONE);
    });
  });

  it("lets nobody but the accreditor and the council suspend, reinstate or withdraw", async () => {
    const suite = await load(deployTree);
    const { trustList, hospital, operator, stranger, deployer, members, recoverer, start } = suite;
    await addBody(suite, stranger, { by: hospital, parent: 2n, from: start });
    for (const caller of [hospital, operator, stranger, deployer, members[0]!, recoverer]) {
      for (const method of ["suspend", "reinstate", "withdraw"] as const) {
        await expect(trustList.connect(caller)[method](COURT, 2n, GROUNDS))
          .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
          .withArgs(caller.address);
      }
    }
  });

  it("holds what the council withdrew against every accreditor", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, stranger, start } = suite;
    const rival = await registerBody(suite, stranger);
    await decide(trustList, "accredit", [COURT, COUNCIL, rival, start, NO_END, 3n, GROUNDS]);
    await decide(trustList, "withdraw", [COURT, 2n, GROUNDS]);
    await expect(accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start }))
      .to.be.revertedWithCustomError(trustList, "HeldByCouncil")
      .withArgs(COURT, 2n);
    await expect(accredit(suite, { by: stranger, parent: rival, body: 2n, from: start }))
      .to.be.revertedWithCustomError(trustList, "HeldByCouncil")
      .withArgs(COURT, 2n);
    await decide(trustList, "accredit", [COURT, COUNCIL, 2n, start, NO_END, 0n, GROUNDS]);
    expect((await trustList.accreditationOf(COURT, 2n)).held).to.equal(false);
  });

  it("holds what the council suspended even past its end", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, connection, ministry, start } = suite;
    const until = (await now(suite)) + 100n;
    await accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start, until });
    await decide(trustList, "suspend", [COURT, 2n, GROUNDS]);
    await connection.networkHelpers.time.increaseTo(until + 1n);
    await expect(accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start }))
      .to.be.revertedWithCustomError(trustList, "HeldByCouncil")
      .withArgs(COURT, 2n);
  });
});
