import { expect } from "chai";

import {
  addDelegate,
  CHANGE_MANY,
  commitmentOf,
  DID_DELAYS,
  didFixture,
  guardedFixture,
  type Guardians,
  NOBODY,
  PLAN,
  PUBLIC_KEY,
  publicKey,
  setAttribute,
  startRecovery,
  STATE,
  VERI_KEY,
} from "../helpers/did.js";
import { inOneBlock } from "../helpers/didHistory.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { later, load, now, type Signer } from "../helpers/trust.js";

const GAS = { gasLimit: 300_000 };

describe("DidRegistry: freeze", () => {
  it("by the owner leaves the DID to nobody, and tells as a change of owner to zero", async () => {
    const { registry, did, friend } = await load(didFixture);
    await registry.addDelegate(did, VERI_KEY, friend.address, 10_000n);
    const before = await registry.changed(did);
    const sent = registry.freeze(did);
    await expect(sent).to.emit(registry, "DIDOwnerChanged").withArgs(did, NOBODY, before);
    await expect(sent).not.to.emit(registry, "DidDeactivated");
    expect(await registry.identityOwner(did)).to.equal(NOBODY);
    expect(await registry.stateOf(did)).to.deep.equal([STATE.FROZEN, did]);
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(false);
    expect(await registry.changed(did)).to.equal((await sent).blockNumber);
    // Freezes are in no history of owners.
    expect(await registry.ownerAt(did, NO_END)).to.equal(did);
  });

  it("by one guardian, who shows the list", async () => {
    const { didRegistry, did, list, guardians } = await load(guardedFixture);
    for (const guardian of guardians) {
      const { registry: fresh } = await load(guardedFixture);
      await expect(fresh.connect(guardian).freezeAsGuardian(did, list))
        .to.emit(didRegistry, "DIDOwnerChanged")
        .withArgs(did, NOBODY, 0n);
      expect(await didRegistry.stateOf(did)).to.deep.equal([STATE.FROZEN, did]);
    }
  });

  it("reverts for who is no guardian, the one named for vetoes included", async () => {
    const { didRegistry, did, list, thief, vetoer, owner } = await load(guardedFixture);
    for (const caller of [thief, vetoer, owner]) {
      await expect(didRegistry.connect(caller).freezeAsGuardian(did, list))
        .to.be.revertedWithCustomError(didRegistry, "NotGuardian")
        .withArgs(did, caller.address);
    }
  });

  it("reverts with another list than was committed to, of the DID or of none", async () => {
    const { didRegistry, did, list, guardians, thief, newOwner } = await load(guardedFixture);
    const [guardian] = guardians as [Signer];
    for (const other of [
      { ...list, members: [thief.address] },
      { ...list, members: [...list.members, thief.address] },
      { ...list, threshold: 1n },
      { ...list, delay: 0n },
      { ...list, veto: NOBODY },
      { ...list, salt: commitmentOf(list) },
    ] satisfies Guardians[]) {
      await expect(didRegistry.connect(guardian).freezeAsGuardian(did, other))
        .to.be.revertedWithCustomError(didRegistry, "GuardiansMismatch")
        .withArgs(did, commitmentOf(other));
    }
    await expect(didRegistry.connect(guardian).freezeAsGuardian(newOwner.address, list))
      .to.be.revertedWithCustomError(didRegistry, "GuardiansMismatch")
      .withArgs(newOwner.address, commitmentOf(list));
  });

  it("lets the frozen DID change and sign nothing", async () => {
    const { registry, didRegistry, did, domain, owner, friend, stranger } = await load(guardedFixture);
    const changes = [setAttribute(PUBLIC_KEY, publicKey(1)), addDelegate(VERI_KEY, friend.address)];
    await registry.freeze(did);
    const message = { identity: did, changes, nonce: 0n, deadline: NO_END };
    const signature = await owner.signTypedData(domain, CHANGE_MANY, message);
    for (const refused of [
      () => registry.changeOwner(did, friend.address),
      () => registry.addDelegate(did, VERI_KEY, friend.address, 1n),
      () => registry.revokeDelegate(did, VERI_KEY, friend.address),
      () => registry.setAttribute(did, PUBLIC_KEY, "0x01", 1n),
      () => registry.revokeAttribute(did, PUBLIC_KEY, "0x01"),
      () => registry.changeMany(did, changes),
      () => didRegistry.connect(stranger).changeManyBySignature(did, changes, NO_END, signature),
      () => registry.vetoRecovery(did),
      () => registry.freeze(did),
    ]) {
      await expect(refused()).to.be.revertedWithCustomError(registry, "DidIsFrozen").withArgs(did);
    }
    await expect(registry.deactivate(did)).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
  });

  it("goes on while writes are stopped, and so does the deactivation; the thaw waits", async () => {
    const suite = await load(didFixture);
    const { registry, did, decide } = suite;
    await decide(registry, "stop", [(await now(suite)) + 10_000n, GROUNDS]);
    await registry.freeze(did);
    await expect(registry.scheduleThaw(did)).to.be.revertedWithCustomError(registry, "WritesAreStopped");
    await expect(registry.setGuardians(did, PUBLIC_KEY)).to.be.revertedWithCustomError(registry, "WritesAreStopped");
    await registry.scheduleDeactivation(did);
    await suite.time.increase(DID_DELAYS.exitDelay);
    for (const refused of [() => registry.thaw(did), () => registry.applyGuardians(did)]) {
      await expect(refused()).to.be.revertedWithCustomError(registry, "WritesAreStopped");
    }
    await expect(registry.deactivate(did)).to.emit(registry, "DidDeactivated");
  });
});

describe("DidRegistry: thaw", () => {
  it("gives the DID back after the delay, to the second, carried by anyone; resolvers go past the freeze", async () => {
    const suite = await load(didFixture);
    const { registry, didRegistry, did, stranger, friend, time } = suite;
    const { blockNumber } = await registry.addDelegate(did, VERI_KEY, friend.address, 10_000n);
    await registry.freeze(did);
    const due = (await later(suite)) + DID_DELAYS.exitDelay;
    await expect(registry.scheduleThaw(did)).to.emit(registry, "ExitScheduled").withArgs(did, PLAN.THAW, due);
    expect(await registry.planOf(did)).to.deep.equal([PLAN.THAW, due, NOBODY]);
    await time.setNextBlockTimestamp(due - 1n);
    const carry = didRegistry.connect(stranger);
    await expect(carry.thaw(did)).to.be.revertedWithCustomError(registry, "NotYetDue").withArgs(did, due);
    await time.setNextBlockTimestamp(due);
    const sent = carry.thaw(did);
    await expect(sent).to.emit(registry, "DIDOwnerChanged").withArgs(did, did, blockNumber);
    await expect(sent).to.emit(registry, "DidThawed").withArgs(did);
    expect(await registry.stateOf(did)).to.deep.equal([STATE.ACTIVE, did]);
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(true);
    expect(await registry.planOf(did)).to.deep.equal([PLAN.NONE, 0n, NOBODY]);
    expect(await registry.nonce(did)).to.equal(1n);
    await expect(carry.thaw(did)).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
  });

  it("reverts when nothing is scheduled, or the other end is", async () => {
    const { registry, did, time } = await load(didFixture);
    await registry.freeze(did);
    await expect(registry.thaw(did)).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
    await registry.scheduleDeactivation(did);
    await time.increase(DID_DELAYS.exitDelay);
    await expect(registry.thaw(did)).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
    await registry.scheduleThaw(did);
    await time.increase(DID_DELAYS.exitDelay);
    await expect(registry.deactivate(did)).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
    await registry.thaw(did);
  });

  it("is scheduled by the owner alone, of a frozen DID alone", async () => {
    const { registry, didRegistry, did, list, guardians, thief } = await load(guardedFixture);
    const [guardian] = guardians as [Signer];
    for (const schedule of ["scheduleThaw", "scheduleDeactivation"] as const) {
      await expect(registry[schedule](did)).to.be.revertedWithCustomError(registry, "DidNotFrozen").withArgs(did);
    }
    await didRegistry.connect(guardian).freezeAsGuardian(did, list);
    for (const schedule of ["scheduleThaw", "scheduleDeactivation"] as const) {
      for (const caller of [thief, guardian]) {
        await expect(didRegistry.connect(caller)[schedule](did))
          .to.be.revertedWithCustomError(registry, "NotDidOwner")
          .withArgs(did, caller.address);
      }
    }
  });

  it("is cancelled by a report of loss of the owner or of one guardian, and can be scheduled again", async () => {
    const { registry, didRegistry, did, list, guardians, time } = await load(guardedFixture);
    const [guardian] = guardians as [Signer];
    await registry.freeze(did);
    const changed = await registry.changed(did);
    for (const schedule of ["scheduleThaw", "scheduleDeactivation"] as const) {
      await registry[schedule](did);
      await expect(didRegistry.connect(guardian).freezeAsGuardian(did, list))
        .to.emit(registry, "ExitCancelled")
        .withArgs(did, guardian.address);
      await registry[schedule](did);
      await expect(registry.freeze(did)).to.emit(registry, "ExitCancelled").withArgs(did, did);
    }
    await time.increase(DID_DELAYS.exitDelay);
    for (const end of ["thaw", "deactivate"] as const) {
      await expect(registry[end](did)).to.be.revertedWithCustomError(registry, "NothingScheduled");
    }
    await expect(didRegistry.connect(guardian).freezeAsGuardian(did, list))
      .to.be.revertedWithCustomError(registry, "DidIsFrozen")
      .withArgs(did);
    expect(await registry.changed(did)).to.equal(changed);
    await registry.scheduleThaw(did);
    await time.increase(DID_DELAYS.exitDelay);
    await registry.thaw(did);
    expect(await registry.identityOwner(did)).to.equal(did);
  });

  it("reverts in the block of the freeze, which resolvers go past", async () => {
    const { deployer, manager, owner, did, ethers, connection, friend } = await load(didFixture);
    const { DidRegistry__factory } = await import("../../src/typechain/index.js");
    const relays = { forwarder: NOBODY, hub: NOBODY };
    const prompt = (await new DidRegistry__factory(deployer).deploy(manager, 0n, 0n, relays)).connect(owner);
    const f = { connection, ethers } as Awaited<ReturnType<typeof didFixture>>;
    await prompt.setAttribute(did, PUBLIC_KEY, publicKey(1), 10n);
    const block = await inOneBlock(
      f,
      () => prompt.addDelegate(did, VERI_KEY, friend.address, 10n, GAS),
      () => prompt.freeze(did, GAS),
      () => prompt.scheduleThaw(did, GAS),
      () => prompt.thaw(did, GAS),
    );
    expect(await prompt.stateOf(did)).to.deep.equal([STATE.FROZEN, did]);
    expect(await prompt.queryFilter(prompt.filters.DidThawed(did), block)).to.deep.equal([]);
    await expect(prompt.thaw(did)).to.emit(prompt, "DidThawed");
  });
});

describe("DidRegistry: deactivate", () => {
  it("is for ever: nothing brings the DID back, and nothing can be scheduled", async () => {
    const { registry, didRegistry, did, list, guardians, owner } = await load(didFixture);
    const before = await registry.changed(did);
    const sent = registry.deactivate(did);
    await expect(sent).to.emit(registry, "DIDOwnerChanged").withArgs(did, NOBODY, before);
    await expect(sent).to.emit(registry, "DidDeactivated").withArgs(did);
    const [guardian] = guardians as [Signer];
    for (const refused of [
      () => registry.changeOwner(did, owner.address),
      () => registry.changeOwnerBySignature(did, owner.address, NO_END, "0x"),
      () => registry.freeze(did),
      () => registry.scheduleThaw(did),
      () => registry.scheduleDeactivation(did),
      () => registry.deactivate(did),
      () => registry.setGuardians(did, PUBLIC_KEY),
      () => registry.cancelGuardians(did),
      () => registry.vetoRecovery(did),
      () => didRegistry.connect(guardian).freezeAsGuardian(did, list),
      () => didRegistry.connect(guardian).recover(did, owner.address, list, [], NO_END),
      () => didRegistry.connect(guardian).vetoRecoveryAsVetoer(did, list),
    ]) {
      await expect(refused()).to.be.revertedWithCustomError(registry, "DidIsDeactivated").withArgs(did);
    }
    for (const refused of [
      () => registry.thaw(did),
      () => registry.executeRecovery(did),
      () => registry.applyGuardians(did),
    ]) {
      await expect(refused()).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
    }
    expect([await registry.identityOwner(did), await registry.stateOf(did)]).to.deep.equal([
      NOBODY,
      [STATE.DEACTIVATED, NOBODY],
    ]);
  });

  it("reverts at once where there are guardians: a thief must not destroy what they could save", async () => {
    const { registry, did } = await load(guardedFixture);
    await expect(registry.deactivate(did))
      .to.be.revertedWithCustomError(registry, "DeactivationMustWait")
      .withArgs(did);
  });

  it("comes out of a freeze after the delay, carried by anyone, and drops what waited", async () => {
    const suite = await load(guardedFixture);
    const { registry, didRegistry, did, stranger, time } = suite;
    await registry.freeze(did);
    await registry.setGuardians(did, PUBLIC_KEY);
    const due = (await later(suite)) + DID_DELAYS.exitDelay;
    await expect(registry.scheduleDeactivation(did))
      .to.emit(registry, "ExitScheduled")
      .withArgs(did, PLAN.DEACTIVATION, due);
    await time.setNextBlockTimestamp(due - 1n);
    const carry = didRegistry.connect(stranger);
    await expect(carry.deactivate(did)).to.be.revertedWithCustomError(registry, "NotYetDue").withArgs(did, due);
    await time.setNextBlockTimestamp(due);
    await expect(carry.deactivate(did)).to.emit(registry, "DidDeactivated").withArgs(did);
    await time.increase(DID_DELAYS.guardiansDelay);
    await expect(registry.applyGuardians(did)).to.be.revertedWithCustomError(registry, "NothingScheduled");
  });

  it("does not overtake a recovery", async () => {
    const f = await load(guardedFixture);
    const { registry, did, guardians, time, newOwner } = f;
    await registry.freeze(did);
    await registry.scheduleDeactivation(did);
    await startRecovery(f, guardians.slice(0, 2));
    await time.increase(DID_DELAYS.exitDelay);
    await expect(registry.deactivate(did)).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
    await registry.executeRecovery(did);
    expect(await registry.identityOwner(did)).to.equal(newOwner.address);
  });
});
