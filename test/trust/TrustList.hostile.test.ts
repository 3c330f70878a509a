import { expect } from "chai";

import { GROUNDS, NO_END } from "../helpers/suite.js";
import {
  accredit,
  addBody,
  authorizeKey,
  CLINIC,
  COUNCIL,
  COURT,
  deployTree,
  load,
  now,
  registerBody,
  Standing,
} from "../helpers/trust.js";

describe("TrustList: an accreditor that was withdrawn", () => {
  it("cannot accredit itself again", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, start } = suite;
    await decide(trustList, "withdraw", [COURT, 1n, GROUNDS]);
    await expect(accredit(suite, { by: ministry, parent: 1n, body: 1n, from: start }))
      .to.be.revertedWithCustomError(trustList, "NotAccredited")
      .withArgs(COURT, 1n, Standing.WITHDRAWN);
  });

  it("cannot extend its own grant while it stands", async () => {
    const suite = await load(deployTree);
    const { trustList, ministry, start } = suite;
    await expect(accredit(suite, { by: ministry, parent: 1n, body: 1n, from: start, levels: 2n }))
      .to.be.revertedWithCustomError(trustList, "AccreditedByAnother")
      .withArgs(COURT, 1n, COUNCIL);
  });

  it("is not taken back by an accomplice", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, stranger, start } = suite;
    const accomplice = await registerBody(suite, stranger);
    await decide(trustList, "accredit", [COURT, COUNCIL, accomplice, start, NO_END, 3n, GROUNDS]);
    await decide(trustList, "withdraw", [COURT, 1n, GROUNDS]);
    await expect(accredit(suite, { by: stranger, parent: accomplice, body: 1n, from: start, levels: 2n }))
      .to.be.revertedWithCustomError(trustList, "HeldByCouncil")
      .withArgs(COURT, 1n);
  });

  it("is not taken back by its own child, nor by a child's child", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, hospital, start } = suite;
    const grandchild = await addBody(suite, ministry, { by: hospital, parent: 2n, from: start, levels: 1n });
    await decide(trustList, "withdraw", [COURT, 1n, GROUNDS]);
    for (const [by, parent] of [
      [hospital, 2n],
      [ministry, grandchild],
    ] as const) {
      await expect(accredit(suite, { by, parent, body: 1n, from: start }))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(COURT, parent, Standing.WITHDRAWN);
    }
  });

  it("cannot prepare a cycle A → B → A to stand on", async () => {
    const suite = await load(deployTree);
    const { trustList, connection, decide, ministry, hospital, start } = suite;
    // While A stands under the council, B may not have it; when A has ended, B has ended with it.
    const until = (await now(suite)) + 1_000n;
    await decide(trustList, "accredit", [COURT, COUNCIL, 1n, start, until, 3n, GROUNDS]);
    await expect(accredit(suite, { by: hospital, parent: 2n, body: 1n, from: start, until, levels: 1n }))
      .to.be.revertedWithCustomError(trustList, "AccreditedByAnother")
      .withArgs(COURT, 1n, COUNCIL);
    await connection.networkHelpers.time.increaseTo(until);
    await expect(accredit(suite, { by: hospital, parent: 2n, body: 1n, from: start, levels: 1n }))
      .to.be.revertedWithCustomError(trustList, "NotAccredited")
      .withArgs(COURT, 2n, Standing.EXPIRED);
    await expect(accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start, levels: 1n }))
      .to.be.revertedWithCustomError(trustList, "NotAccredited")
      .withArgs(COURT, 1n, Standing.EXPIRED);
  });

  it("does not stand on a cycle that the council itself let happen", async () => {
    const suite = await load(deployTree);
    const { trustList, connection, decide, ministry, hospital, operator, start } = suite;
    // The council takes B under itself; A ends; B takes A; the council's grant to B ends; A tries to take B.
    const endOfA = (await now(suite)) + 1_000n;
    const endOfB = endOfA + 1_000n;
    await decide(trustList, "accredit", [COURT, COUNCIL, 1n, start, endOfA, 3n, GROUNDS]);
    await decide(trustList, "accredit", [COURT, COUNCIL, 2n, start, endOfB, 3n, GROUNDS]);
    await connection.networkHelpers.time.increaseTo(endOfA);
    await accredit(suite, { by: hospital, parent: 2n, body: 1n, from: start, until: endOfB, levels: 2n });
    await accredit(suite, { by: hospital, parent: 2n, body: 1n, from: start, until: endOfB, levels: 1n });
    await connection.networkHelpers.time.increaseTo(endOfB);
    for (const [by, parent, body] of [
      [ministry, 1n, 2n],
      [hospital, 2n, 1n],
    ] as const) {
      await expect(accredit(suite, { by, parent, body, from: start }))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(COURT, parent, Standing.EXPIRED);
    }
    await expect(trustList.requireAccredited(COURT, operator.address))
      .to.be.revertedWithCustomError(trustList, "NotAccredited")
      .withArgs(COURT, 2n, Standing.EXPIRED);
  });

  it("cannot lift what the council suspended, nor make room by withdrawing it", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, start } = suite;
    await decide(trustList, "suspend", [COURT, 2n, GROUNDS]);
    const asMinistry = trustList.connect(ministry);
    for (const attempt of [
      () => asMinistry.withdraw(COURT, 2n, GROUNDS),
      () => asMinistry.reinstate(COURT, 2n, GROUNDS),
      () => accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start }),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(trustList, "HeldByCouncil").withArgs(COURT, 2n);
    }
    await decide(trustList, "withdraw", [COURT, 2n, GROUNDS]);
    await expect(asMinistry.reinstate(COURT, 2n, GROUNDS))
      .to.be.revertedWithCustomError(trustList, "HeldByCouncil")
      .withArgs(COURT, 2n);
  });

  it("cannot forestall the council's suspension or withdrawal with its own", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, start } = suite;
    const asMinistry = trustList.connect(ministry);
    for (const method of ["suspend", "withdraw"] as const) {
      await asMinistry[method](COURT, 2n, GROUNDS);
      await decide(trustList, method, [COURT, 2n, GROUNDS]);
      expect((await trustList.accreditationOf(COURT, 2n)).held).to.equal(true);
      for (const attempt of [
        () => asMinistry.reinstate(COURT, 2n, GROUNDS),
        () => accredit(suite, { by: ministry, parent: 1n, body: 2n, from: start }),
      ]) {
        await expect(attempt()).to.be.revertedWithCustomError(trustList, "HeldByCouncil").withArgs(COURT, 2n);
      }
      if (method === "suspend") await decide(trustList, "reinstate", [COURT, 2n, GROUNDS]);
    }
  });

  it("cannot keep the council's decisions from being held by handing itself to the AccessManager", async () => {
    const suite = await load(deployTree);
    const { trustList, manager, decide, ministry, stranger, start } = suite;
    const rival = await registerBody(suite, stranger);
    await decide(trustList, "accredit", [COURT, COUNCIL, rival, start, NO_END, 3n, GROUNDS]);
    await trustList.connect(ministry).updateBody(1n, await manager.getAddress(), GROUNDS);
    await decide(trustList, "withdraw", [COURT, 2n, GROUNDS]);
    expect((await trustList.accreditationOf(COURT, 2n)).held).to.equal(true);
    await expect(accredit(suite, { by: stranger, parent: rival, body: 2n, from: start }))
      .to.be.revertedWithCustomError(trustList, "HeldByCouncil")
      .withArgs(COURT, 2n);
  });

  it("is held in one scope without losing another", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, start } = suite;
    await decide(trustList, "accredit", [CLINIC, COUNCIL, 1n, start, NO_END, 3n, GROUNDS]);
    await decide(trustList, "withdraw", [COURT, 1n, GROUNDS]);
    await accredit(suite, { by: ministry, scope: CLINIC, parent: 1n, body: 2n, from: start });
    expect(await trustList.isAccreditedAt(CLINIC, 2n, await now(suite))).to.equal(true);
    expect(await trustList.isAccreditedAt(COURT, 2n, await now(suite))).to.equal(false);
  });

  it("takes no other body's place by handing itself over", async () => {
    const suite = await load(deployTree);
    const { trustList, manager, decide, ministry, hospital } = suite;
    // With the AccessManager as controller, the council's decisions would otherwise pass for the accreditor's.
    await trustList.connect(ministry).updateBody(1n, await manager.getAddress(), GROUNDS);
    await expect(trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS))
      .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
      .withArgs(ministry.address);
    await expect(trustList.connect(hospital).updateBody(1n, hospital.address, GROUNDS))
      .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
      .withArgs(hospital.address);
    await decide(trustList, "updateBody", [1n, ministry.address, GROUNDS]);
    await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
  });
});

describe("TrustList: a stolen key", () => {
  it("gives its thief nothing but what it lists", async () => {
    const suite = await load(deployTree);
    const { trustList, operator, operator2, start } = suite;
    const thief = trustList.connect(operator);
    await expect(thief.updateBody(2n, operator.address, GROUNDS))
      .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
      .withArgs(operator.address);
    await expect(authorizeKey(suite, { by: operator, body: 2n, operator: operator2, from: start }))
      .to.be.revertedWithCustomError(trustList, "NotController")
      .withArgs(2n, operator.address);
    await expect(thief.accredit(COURT, 2n, 1n, start, NO_END, 0n, GROUNDS))
      .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
      .withArgs(operator.address);
    await expect(thief.reportCompromise(operator.address, start))
      .to.be.revertedWithCustomError(trustList, "AccessManagedUnauthorized")
      .withArgs(operator.address);
  });

  it("stays burnt through everything that its body and the council can do", async () => {
    const suite = await load(deployTree);
    const { trustList, decide, ministry, hospital, operator, start } = suite;
    const since = await now(suite);
    await trustList.connect(hospital).reportCompromise(operator.address, since);
    await trustList.connect(operator).retireKey(operator.address);
    await trustList.connect(ministry).withdraw(COURT, 2n, GROUNDS);
    await decide(trustList, "accredit", [COURT, COUNCIL, 2n, start, NO_END, 3n, GROUNDS]);
    await decide(trustList, "updateBody", [2n, ministry.address, GROUNDS]);
    await expect(authorizeKey(suite, { by: ministry, body: 2n, operator, from: start }))
      .to.be.revertedWithCustomError(trustList, "KeyCompromised")
      .withArgs(operator.address, since);
    await expect(trustList.requireAccredited(COURT, operator.address))
      .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
      .withArgs(operator.address, Standing.COMPROMISED);
    await expect(trustList.connect(ministry).retireKey(operator.address))
      .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
      .withArgs(operator.address, Standing.COMPROMISED);
  });
});
