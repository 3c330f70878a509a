import { expect } from "chai";

import {
  DID_DELAYS,
  didFixture,
  guardedFixture,
  NOBODY,
  PUBLIC_KEY,
  publicKey,
  STATE,
  VERI_KEY,
} from "../helpers/did.js";
import { GROUNDS } from "../helpers/suite.js";
import { load, now, timeOf } from "../helpers/trust.js";

describe("DidRegistry: owners", () => {
  it("are the identities themselves from the start", async () => {
    const { registry, did } = await load(didFixture);
    expect(await registry.identityOwner(did)).to.equal(did);
    expect(await registry.stateOf(did)).to.deep.equal([STATE.ACTIVE, did]);
    expect(await registry.changed(did)).to.equal(0n);
    expect(await registry.nonce(did)).to.equal(0n);
    expect(await registry.ownerAt(did, 0n)).to.equal(did);
    expect(await registry.delays()).to.deep.equal([DID_DELAYS.exitDelay, DID_DELAYS.guardiansDelay]);
  });

  describe("changeOwner", () => {
    it("gives the DID away and tells, as ERC-1056 does", async () => {
      const { registry, did, newOwner } = await load(didFixture);
      const sent = registry.changeOwner(did, newOwner.address);
      await expect(sent).to.emit(registry, "DIDOwnerChanged").withArgs(did, newOwner.address, 0n);
      expect(await registry.identityOwner(did)).to.equal(newOwner.address);
      expect(await registry.changed(did)).to.equal((await sent).blockNumber);
      expect(await registry.nonce(did)).to.equal(1n);
      expect(await registry.identityOwner(newOwner.address)).to.equal(newOwner.address);
    });

    it("takes the DID from who had it, and lets the new owner go on, pointing back", async () => {
      const { registry, did, newOwner, friend } = await load(didFixture);
      const first = await registry.changeOwner(did, newOwner.address);
      await expect(registry.changeOwner(did, did))
        .to.be.revertedWithCustomError(registry, "NotDidOwner")
        .withArgs(did, did);
      await expect(registry.connect(newOwner).changeOwner(did, friend.address))
        .to.emit(registry, "DIDOwnerChanged")
        .withArgs(did, friend.address, first.blockNumber);
    });

    it("remembers who had it when, to the second", async () => {
      const suite = await load(didFixture);
      const { registry, did, newOwner, friend, time } = suite;
      const t1 = await timeOf(registry.changeOwner(did, newOwner.address));
      await time.setNextBlockTimestamp(t1 + 100n);
      const t2 = await timeOf(registry.connect(newOwner).changeOwner(did, friend.address));
      expect(t2).to.equal(t1 + 100n);
      await time.setNextBlockTimestamp(t1 + 200n);
      await registry.connect(friend).changeOwner(did, NOBODY);
      const owners = [t1 - 1n, t1, t2 - 1n, t2, t2 + 99n, t2 + 100n, 2n ** 40n - 1n];
      expect(await Promise.all(owners.map((t) => registry.ownerAt(did, t)))).to.deep.equal([
        ...[did, newOwner.address, newOwner.address, friend.address, friend.address, NOBODY, NOBODY],
      ]);
    });

    it("gives it back to the identity", async () => {
      const { registry, did, newOwner, owner } = await load(didFixture);
      await registry.changeOwner(did, newOwner.address);
      await registry.connect(newOwner).changeOwner(did, did);
      expect(await registry.identityOwner(did)).to.equal(did);
      const sent = registry.connect(owner).setAttribute(did, PUBLIC_KEY, publicKey(1), 10n);
      await expect(sent).to.emit(registry, "DIDAttributeChanged");
    });

    it("to nobody deactivates it for ever", async () => {
      const { registry, did, owner } = await load(didFixture);
      const sent = registry.changeOwner(did, NOBODY);
      await expect(sent).to.emit(registry, "DIDOwnerChanged").withArgs(did, NOBODY, 0n);
      await expect(sent).to.emit(registry, "DidDeactivated").withArgs(did);
      expect(await registry.identityOwner(did)).to.equal(NOBODY);
      expect(await registry.stateOf(did)).to.deep.equal([STATE.DEACTIVATED, NOBODY]);
      await expect(registry.connect(owner).changeOwner(did, did))
        .to.be.revertedWithCustomError(registry, "DidIsDeactivated")
        .withArgs(did);
    });

    it("to nobody reverts where there are guardians", async () => {
      const { registry, did } = await load(guardedFixture);
      await expect(registry.changeOwner(did, NOBODY))
        .to.be.revertedWithCustomError(registry, "DeactivationMustWait")
        .withArgs(did);
    });

    it("reverts for anybody else", async () => {
      const { didRegistry, did, thief } = await load(didFixture);
      await expect(didRegistry.connect(thief).changeOwner(did, thief.address))
        .to.be.revertedWithCustomError(didRegistry, "NotDidOwner")
        .withArgs(did, thief.address);
    });

    it("reverts while writes are stopped, but for the deactivation", async () => {
      const suite = await load(didFixture);
      const { registry, did, newOwner, decide } = suite;
      const until = (await now(suite)) + 1_000n;
      await decide(registry, "stop", [until, GROUNDS]);
      await expect(registry.changeOwner(did, newOwner.address))
        .to.be.revertedWithCustomError(registry, "WritesAreStopped")
        .withArgs(until);
      await expect(registry.changeOwner(did, NOBODY)).to.emit(registry, "DidDeactivated").withArgs(did);
    });

    it("leaves the delegates, as ERC-1056 does", async () => {
      const { registry, did, newOwner, friend } = await load(didFixture);
      await registry.addDelegate(did, VERI_KEY, friend.address, 1_000n);
      await registry.changeOwner(did, newOwner.address);
      expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(true);
    });
  });
});
