import { expect } from "chai";
import { concat, Signature, toBeHex } from "ethers";

import { DidRegistry__factory } from "../../src/typechain/index.js";
import {
  approvalsOf,
  commitmentOf,
  DID_DELAYS,
  didFixture,
  guardedFixture,
  NOBODY,
  PLAN,
  RECOVERY_DELAY,
  startRecovery,
  STATE,
} from "../helpers/did.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { later, load, now, type Signer } from "../helpers/trust.js";

const NO_GUARDIANS = `0x${"00".repeat(32)}`;
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const OTHERS = `0x${"02".repeat(32)}`;

async function frozenFixture() {
  const f = await guardedFixture();
  const [g1, g2, g3] = f.guardians as [Signer, Signer, Signer];
  await f.didRegistry.connect(g1).freezeAsGuardian(f.did, f.list);
  return { ...f, g1, g2, g3 };
}

async function activeFixture() {
  const f = await guardedFixture();
  const [g1, g2, g3] = f.guardians as [Signer, Signer, Signer];
  return { ...f, g1, g2, g3 };
}

describe("DidRegistry: guardians", () => {
  it("are set at once where an active DID has none, as a commitment", async () => {
    const { registry, did, list } = await load(didFixture);
    await expect(registry.setGuardians(did, commitmentOf(list)))
      .to.emit(registry, "GuardiansSet")
      .withArgs(did, commitmentOf(list));
    expect(await registry.guardiansOf(did)).to.deep.equal([commitmentOf(list), NO_GUARDIANS, 0n]);
  });

  it("are changed after the deployment's delay, to the second, by anyone who carries it out", async () => {
    const suite = await load(guardedFixture);
    const { registry, didRegistry, did, list, stranger, time } = suite;
    const due = (await later(suite)) + DID_DELAYS.guardiansDelay;
    await expect(registry.setGuardians(did, OTHERS)).to.emit(registry, "GuardiansScheduled").withArgs(did, OTHERS, due);
    expect(await registry.guardiansOf(did)).to.deep.equal([commitmentOf(list), OTHERS, due]);
    const carry = didRegistry.connect(stranger);
    await time.setNextBlockTimestamp(due - 1n);
    await expect(carry.applyGuardians(did)).to.be.revertedWithCustomError(registry, "NotYetDue").withArgs(did, due);
    await time.setNextBlockTimestamp(due);
    await expect(carry.applyGuardians(did)).to.emit(registry, "GuardiansSet").withArgs(did, OTHERS);
    expect((await registry.guardiansOf(did))[0]).to.equal(OTHERS);
    await expect(carry.applyGuardians(did)).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
  });

  it("are removed so too, after which the DID can be deactivated at once", async () => {
    const { registry, did, time } = await load(guardedFixture);
    await registry.setGuardians(did, NO_GUARDIANS);
    await time.increase(DID_DELAYS.guardiansDelay);
    await registry.applyGuardians(did);
    await expect(registry.deactivate(did)).to.emit(registry, "DidDeactivated");
  });

  it("stay when the owner cancels, nobody else", async () => {
    const { registry, didRegistry, did, list, thief, time } = await load(guardedFixture);
    await expect(registry.cancelGuardians(did))
      .to.be.revertedWithCustomError(registry, "NothingScheduled")
      .withArgs(did);
    await registry.setGuardians(did, OTHERS);
    await expect(didRegistry.connect(thief).cancelGuardians(did))
      .to.be.revertedWithCustomError(registry, "NotDidOwner")
      .withArgs(did, thief.address);
    await expect(registry.cancelGuardians(did)).to.emit(registry, "GuardiansCancelled").withArgs(did);
    await time.increase(DID_DELAYS.guardiansDelay);
    await expect(registry.applyGuardians(did)).to.be.revertedWithCustomError(registry, "NothingScheduled");
    expect((await registry.guardiansOf(did))[0]).to.equal(commitmentOf(list));
  });

  it("of a frozen DID without any wait too: a thief must not become its guardian at once", async () => {
    const { registry, did } = await load(didFixture);
    await registry.freeze(did);
    await expect(registry.setGuardians(did, OTHERS)).to.emit(registry, "GuardiansScheduled");
    expect((await registry.guardiansOf(did))[0]).to.equal(NO_GUARDIANS);
  });

  it("scheduled with a key are dropped with that key, so that a thief's do not come after the holder's new key", async () => {
    const { registry, didRegistry, did, list, owner, stranger, time } = await load(guardedFixture);
    await registry.setGuardians(did, OTHERS);
    await expect(registry.changeOwner(did, stranger.address)).to.emit(registry, "GuardiansCancelled").withArgs(did);
    await time.increase(DID_DELAYS.guardiansDelay);
    await expect(registry.applyGuardians(did))
      .to.be.revertedWithCustomError(registry, "NothingScheduled")
      .withArgs(did);
    expect(await registry.guardiansOf(did)).to.deep.equal([commitmentOf(list), OTHERS, 0n]);

    await didRegistry.connect(stranger).setGuardians(did, OTHERS);
    await expect(didRegistry.connect(stranger).changeOwner(did, owner.address)).to.emit(registry, "GuardiansCancelled");
  });

  it("set at once put an end to those that were scheduled in a freeze", async () => {
    const { registry, did, list, time } = await load(didFixture);
    await registry.freeze(did);
    await registry.scheduleThaw(did);
    await time.increase(DID_DELAYS.exitDelay);
    await registry.setGuardians(did, OTHERS);
    await registry.thaw(did);
    await expect(registry.setGuardians(did, commitmentOf(list)))
      .to.emit(registry, "GuardiansCancelled")
      .withArgs(did);
    await time.increase(DID_DELAYS.guardiansDelay);
    await expect(registry.applyGuardians(did)).to.be.revertedWithCustomError(registry, "NothingScheduled");
    expect((await registry.guardiansOf(did))[0]).to.equal(commitmentOf(list));
  });

  it("one of whom freezes again and again are dismissed out of the freeze", async () => {
    const { registry, didRegistry, did, g1, g2, list, time } = await load(frozenFixture);
    const next = { ...list, members: [g2.address], threshold: 1n };
    await registry.setGuardians(did, commitmentOf(next));
    await registry.scheduleThaw(did);
    await didRegistry.connect(g1).freezeAsGuardian(did, list);
    await time.increase(DID_DELAYS.guardiansDelay);
    await registry.applyGuardians(did);
    await registry.scheduleThaw(did);
    await expect(didRegistry.connect(g1).freezeAsGuardian(did, list))
      .to.be.revertedWithCustomError(registry, "GuardiansMismatch")
      .withArgs(did, commitmentOf(list));
    await expect(didRegistry.connect(g1).freezeAsGuardian(did, next))
      .to.be.revertedWithCustomError(registry, "NotGuardian")
      .withArgs(did, g1.address);
    await time.increase(DID_DELAYS.exitDelay);
    await registry.thaw(did);
    expect(await registry.identityOwner(did)).to.equal(did);
  });
});

describe("DidRegistry: recover", () => {
  it("starts by two of three, and gives the DID to the new owner after the list's delay, to the second", async () => {
    const f = await load(frozenFixture);
    const { registry, didRegistry, did, g1, g3, newOwner, stranger, time, list } = f;
    const due = (await later(f)) + RECOVERY_DELAY;
    await expect(startRecovery(f, [g1, g3]))
      .to.emit(registry, "RecoveryStarted")
      .withArgs(did, newOwner.address, due);
    expect(await registry.planOf(did)).to.deep.equal([PLAN.RECOVERY, due, newOwner.address]);
    const carry = didRegistry.connect(stranger);
    await time.setNextBlockTimestamp(due - 1n);
    await expect(carry.executeRecovery(did)).to.be.revertedWithCustomError(registry, "NotYetDue").withArgs(did, due);
    await time.setNextBlockTimestamp(due);
    const sent = carry.executeRecovery(did);
    await expect(sent).to.emit(registry, "RecoveryExecuted").withArgs(did, newOwner.address);
    await expect(sent).to.emit(registry, "DIDOwnerChanged").withArgs(did, newOwner.address, 0n);
    expect(await registry.stateOf(did)).to.deep.equal([STATE.ACTIVE, newOwner.address]);
    expect(await registry.identityOwner(did)).to.equal(newOwner.address);
    expect(await registry.ownerAt(did, due - 1n)).to.equal(did);
    expect(await registry.ownerAt(did, due)).to.equal(newOwner.address);
    expect(await registry.guardiansOf(did)).to.deep.equal([commitmentOf(list), NO_GUARDIANS, 0n]);
    await expect(carry.executeRecovery(did)).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
  });

  it("takes the DID from a thief who gave it to a key of his own before the freeze", async () => {
    const f = await load(activeFixture);
    const { registry, didRegistry, did, thief, g1, g2, newOwner, list, time } = f;
    await registry.changeOwner(did, thief.address);
    await didRegistry.connect(g2).freezeAsGuardian(did, list);
    await startRecovery(f, [g1, g2]);
    const asThief = didRegistry.connect(thief);
    await expect(asThief.vetoRecovery(did)).to.be.revertedWithCustomError(registry, "DidIsFrozen");
    for (const schedule of ["scheduleThaw", "scheduleDeactivation"] as const) {
      await expect(asThief[schedule](did)).to.be.revertedWithCustomError(registry, "RecoveryIsPending");
    }
    await asThief.setGuardians(did, OTHERS);
    await time.increase(DID_DELAYS.guardiansDelay);
    await expect(asThief.applyGuardians(did)).to.be.revertedWithCustomError(registry, "RecoveryIsPending");
    await didRegistry.executeRecovery(did);
    expect(await registry.identityOwner(did)).to.equal(newOwner.address);
    // The thief's change of guardians died with the recovery.
    await expect(asThief.applyGuardians(did)).to.be.revertedWithCustomError(registry, "NothingScheduled");
  });

  it("to the same owner is a thaw by the guardians", async () => {
    const f = await load(frozenFixture);
    const { registry, did, g2, g3, time } = f;
    await startRecovery(f, [g2, g3], { newOwner: did });
    await time.increase(RECOVERY_DELAY);
    await expect(registry.executeRecovery(did)).to.emit(registry, "DIDOwnerChanged").withArgs(did, did, 0n);
    expect(await registry.stateOf(did)).to.deep.equal([STATE.ACTIVE, did]);
  });

  it("reverts for a guardian alone, and for one who signs twice", async () => {
    const f = await load(frozenFixture);
    const { registry, did, g1 } = f;
    await expect(startRecovery(f, [g1]))
      .to.be.revertedWithCustomError(registry, "TooFewGuardians")
      .withArgs(did, 1n, 2n);
    await expect(startRecovery(f, [])).to.be.revertedWithCustomError(registry, "TooFewGuardians").withArgs(did, 0n, 2n);
    await expect(startRecovery(f, [g1, g1]))
      .to.be.revertedWithCustomError(registry, "NotGuardian")
      .withArgs(did, g1.address);
  });

  it("reverts for guardians out of order, and for who is none", async () => {
    const f = await load(frozenFixture);
    const { registry, did, g1, g2, thief, vetoer } = f;
    await expect(startRecovery(f, [g2, g1]))
      .to.be.revertedWithCustomError(registry, "NotGuardian")
      .withArgs(did, g1.address);
    for (const other of [thief, vetoer]) {
      await expect(startRecovery(f, [g1, other]))
        .to.be.revertedWithCustomError(registry, "NotGuardian")
        .withArgs(did, other.address);
    }
  });

  it("reverts for guardians who were dismissed", async () => {
    const f = await load(frozenFixture);
    const { registry, did, g1, g2, g3, list, time, thief } = f;
    const next = { ...list, members: [g3.address, thief.address].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) };
    await registry.setGuardians(did, commitmentOf(next));
    await time.increase(DID_DELAYS.guardiansDelay);
    await registry.applyGuardians(did);
    await expect(startRecovery(f, [g1, g2]))
      .to.be.revertedWithCustomError(registry, "GuardiansMismatch")
      .withArgs(did, commitmentOf(list));
    // What they signed under the old list counts under no other.
    const approvals = await approvalsOf(f, [g1, g2]);
    await expect(registry.recover(did, thief.address, next, approvals, NO_END))
      .to.be.revertedWithCustomError(registry, "NotGuardian")
      .withArgs(did, g1.address);
  });

  it("asks at least one guardian of a list whose threshold is 0", async () => {
    const f = await load(didFixture);
    const { registry, did, list } = f;
    const free = { ...list, threshold: 0n };
    await registry.setGuardians(did, commitmentOf(free));
    await expect(startRecovery(f, [], { list: free }))
      .to.be.revertedWithCustomError(registry, "TooFewGuardians")
      .withArgs(did, 0n, 1n);
    await expect(startRecovery(f, f.guardians.slice(0, 1), { list: free })).to.emit(registry, "RecoveryStarted");
  });

  it("reverts without a new owner, past the deadline, or when anything signed differs", async () => {
    const f = await load(frozenFixture);
    const { registry, did, g1, g2, thief, list } = f;
    await expect(startRecovery(f, [g1, g2], { newOwner: NOBODY }))
      .to.be.revertedWithCustomError(registry, "NewOwnerMissing")
      .withArgs(did);
    const deadline = await now(f);
    await expect(startRecovery(f, [g1, g2], { deadline })).to.be.revertedWithCustomError(registry, "SignatureExpired");
    const approvals = await approvalsOf(f, [g1, g2]);
    for (const refused of [
      () => registry.recover(did, thief.address, list, approvals, NO_END),
      () => registry.recover(did, f.newOwner.address, list, approvals, NO_END - 1n),
      () => startRecovery(f, [g1, g2], { nonce: 1n }),
      () => startRecovery(f, [g1, g2], { domain: { ...f.domain, chainId: 1n } }),
      () => startRecovery(f, [g1, g2], { domain: { ...f.domain, verifyingContract: did } }),
      () => startRecovery(f, [g1, g2], { domain: { ...f.domain, name: "Diwan TrustList" } }),
    ]) {
      await expect(refused()).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    }
  });

  it("reverts in a twin of the registry with the same guardians, and for another DID with them", async () => {
    const f = await load(frozenFixture);
    const { deployer, manager, owner, did, list, g1, g2, newOwner, registry } = f;
    const relays = { forwarder: NOBODY, hub: NOBODY };
    const twin = (await new DidRegistry__factory(deployer).deploy(manager, 1n, 1n, relays)).connect(owner);
    await twin.setGuardians(did, commitmentOf(list));
    const approvals = await approvalsOf(f, [g1, g2]);
    await expect(twin.recover(did, newOwner.address, list, approvals, NO_END)).to.be.revertedWithCustomError(
      twin,
      "SignatureInvalid",
    );
    const other = registry.connect(newOwner);
    await other.setGuardians(newOwner.address, commitmentOf(list));
    await expect(
      other.recover(newOwner.address, newOwner.address, list, approvals, NO_END),
    ).to.be.revertedWithCustomError(registry, "SignatureInvalid");
  });

  it("reverts with signatures in any other writing", async () => {
    const f = await load(frozenFixture);
    const { registry, did, g1, g2, newOwner, list } = f;
    const [first, second] = (await approvalsOf(f, [g1, g2])) as [{ guardian: string; signature: string }, never];
    const { r, s, v, compactSerialized } = Signature.from(first.signature);
    const highS = toBeHex(CURVE_ORDER - BigInt(s), 32);
    for (const signature of [concat([r, highS, toBeHex(v === 27 ? 28 : 27)]), compactSerialized, "0x"]) {
      await expect(
        registry.recover(did, newOwner.address, list, [{ ...first, signature }, second], NO_END),
      ).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    }
  });

  it("counts a guardian that is an ERC-1271 wallet", async () => {
    const f = await load(didFixture);
    const { registry, did, ethers, list, thief, domain, newOwner } = f;
    const wallet = await ethers.deployContract("Wallet", [thief.address]);
    const address = await wallet.getAddress();
    const walled = { ...list, members: [address], threshold: 1n };
    await registry.setGuardians(did, commitmentOf(walled));
    const signed = await approvalsOf(f, [thief], { list: walled });
    const approvals = signed.map(({ signature }) => ({ guardian: address, signature }));
    await wallet.getFunction("behave")(1n);
    await expect(registry.recover(did, newOwner.address, walled, approvals, NO_END)).to.be.revertedWithCustomError(
      registry,
      "SignatureInvalid",
    );
    await wallet.getFunction("behave")(0n);
    await expect(registry.recover(did, newOwner.address, walled, approvals, NO_END)).to.emit(
      registry,
      "RecoveryStarted",
    );
    expect(domain.chainId).to.equal(31_337n);
  });

  it("replaces a recovery that waits, and no signature counts twice", async () => {
    const f = await load(frozenFixture);
    const { registry, did, g1, g2, g3, friend, newOwner, list, time } = f;
    const approvals = await approvalsOf(f, [g1, g2]);
    await registry.recover(did, newOwner.address, list, approvals, NO_END);
    await startRecovery(f, [g1, g3], { newOwner: friend.address });
    await expect(registry.recover(did, newOwner.address, list, approvals, NO_END)).to.be.revertedWithCustomError(
      registry,
      "SignatureInvalid",
    );
    await time.increase(RECOVERY_DELAY);
    await registry.executeRecovery(did);
    expect(await registry.identityOwner(did)).to.equal(friend.address);
  });

  it("goes on while writes are stopped, to its execution and to a veto", async () => {
    const f = await load(activeFixture);
    const { registry, did, g1, g2, decide, time, newOwner } = f;
    await decide(registry, "stop", [(await now(f)) + 10_000n, GROUNDS]);
    await startRecovery(f, [g1, g2]);
    await registry.vetoRecovery(did);
    await startRecovery(f, [g1, g2]);
    await time.increase(RECOVERY_DELAY);
    await registry.executeRecovery(did);
    expect(await registry.identityOwner(did)).to.equal(newOwner.address);
  });

  it("with an endless delay never comes due", async () => {
    const f = await load(didFixture);
    const { registry, did, list, guardians } = f;
    const endless = { ...list, delay: NO_END };
    await registry.setGuardians(did, commitmentOf(endless));
    await startRecovery(f, guardians.slice(0, 2), { list: endless });
    expect((await registry.planOf(did))[1]).to.equal(NO_END);
  });
});

describe("DidRegistry: veto", () => {
  it("of the owner stops colluding guardians, who cannot use the signatures again", async () => {
    const f = await load(activeFixture);
    const { registry, did, g1, g2, list, newOwner, time } = f;
    const approvals = await approvalsOf(f, [g1, g2]);
    await registry.recover(did, newOwner.address, list, approvals, NO_END);
    await expect(registry.vetoRecovery(did)).to.emit(registry, "RecoveryVetoed").withArgs(did, did);
    expect(await registry.planOf(did)).to.deep.equal([PLAN.NONE, 0n, NOBODY]);
    expect(await registry.nonce(did)).to.equal(2n);
    await expect(registry.recover(did, newOwner.address, list, approvals, NO_END)).to.be.revertedWithCustomError(
      registry,
      "SignatureInvalid",
    );
    await time.increase(RECOVERY_DELAY);
    await expect(registry.executeRecovery(did)).to.be.revertedWithCustomError(registry, "NothingScheduled");
  });

  it("of the account that the list names counts at any time", async () => {
    const f = await load(frozenFixture);
    const { registry, didRegistry, did, g1, g2, vetoer, list } = f;
    await startRecovery(f, [g1, g2]);
    await expect(didRegistry.connect(vetoer).vetoRecoveryAsVetoer(did, list))
      .to.emit(registry, "RecoveryVetoed")
      .withArgs(did, vetoer.address);
    await registry.scheduleThaw(did);
    await expect(didRegistry.connect(vetoer).vetoRecoveryAsVetoer(did, list))
      .to.be.revertedWithCustomError(registry, "NothingScheduled")
      .withArgs(did);
  });

  it("reverts for anybody else, with another list, and when there is nothing to veto", async () => {
    const f = await load(activeFixture);
    const { registry, didRegistry, did, g1, g2, thief, vetoer, list } = f;
    await expect(registry.vetoRecovery(did)).to.be.revertedWithCustomError(registry, "NothingScheduled").withArgs(did);
    await startRecovery(f, [g1, g2]);
    for (const caller of [thief, vetoer, g1]) {
      await expect(didRegistry.connect(caller).vetoRecovery(did))
        .to.be.revertedWithCustomError(registry, "NotDidOwner")
        .withArgs(did, caller.address);
    }
    for (const caller of [thief, g1, f.owner]) {
      await expect(didRegistry.connect(caller).vetoRecoveryAsVetoer(did, list))
        .to.be.revertedWithCustomError(registry, "NotVetoer")
        .withArgs(did, caller.address);
    }
    const forged = { ...list, veto: thief.address };
    await expect(didRegistry.connect(thief).vetoRecoveryAsVetoer(did, forged))
      .to.be.revertedWithCustomError(registry, "GuardiansMismatch")
      .withArgs(did, commitmentOf(forged));
    await expect(didRegistry.connect(vetoer).vetoRecoveryAsVetoer(did, list)).to.emit(registry, "RecoveryVetoed");
  });

  it("that comes before the execution wins, and one that comes after loses", async () => {
    for (const vetoFirst of [true, false]) {
      const f = await load(activeFixture);
      const { registry, did, g1, g2, newOwner, connection, ethers, time } = f;
      await startRecovery(f, [g1, g2]);
      await time.increase(RECOVERY_DELAY);
      await ethers.provider.send("evm_setAutomine", [false]);
      const veto = () => registry.vetoRecovery(did, { gasLimit: 300_000 });
      const execute = () => registry.executeRecovery(did, { gasLimit: 300_000 });
      for (const step of vetoFirst ? [veto, execute] : [execute, veto]) await step();
      await connection.networkHelpers.mine();
      await ethers.provider.send("evm_setAutomine", [true]);
      expect(await registry.identityOwner(did)).to.equal(vetoFirst ? did : newOwner.address);
      expect((await registry.planOf(did))[0]).to.equal(PLAN.NONE);
    }
  });

  it("leaves a scheduled change of guardians, by which the owner gets rid of them", async () => {
    const f = await load(activeFixture);
    const { registry, did, g1, g2, time } = f;
    await registry.setGuardians(did, OTHERS);
    await startRecovery(f, [g1, g2]);
    await time.increase(DID_DELAYS.guardiansDelay);
    await expect(registry.applyGuardians(did)).to.be.revertedWithCustomError(registry, "RecoveryIsPending");
    await registry.vetoRecovery(did);
    await expect(registry.applyGuardians(did)).to.emit(registry, "GuardiansSet").withArgs(did, OTHERS);
  });
});
