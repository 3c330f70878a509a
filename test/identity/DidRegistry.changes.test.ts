import { expect } from "chai";

import {
  addDelegate,
  type Change,
  didFixture,
  endpoint,
  KIND,
  PUBLIC_KEY,
  publicKey,
  revokeAttribute,
  revokeDelegate,
  SERVICE,
  setAttribute,
  SIG_AUTH,
  VERI_KEY,
} from "../helpers/did.js";
import { inOneBlock } from "../helpers/didHistory.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { later, load, now, timeOf } from "../helpers/trust.js";

const MOST = 2n ** 256n - 1n;

describe("DidRegistry: attributes", () => {
  it("are set and revoked by events alone, which point to the change before", async () => {
    const suite = await load(didFixture);
    const { registry, did } = suite;
    const time = await later(suite);
    const first = registry.setAttribute(did, PUBLIC_KEY, publicKey(1), 100n);
    await expect(first)
      .to.emit(registry, "DIDAttributeChanged")
      .withArgs(did, PUBLIC_KEY, publicKey(1), time + 100n, 0n);
    const block = (await first).blockNumber;
    expect(await registry.changed(did)).to.equal(block);
    await expect(registry.revokeAttribute(did, PUBLIC_KEY, publicKey(1)))
      .to.emit(registry, "DIDAttributeChanged")
      .withArgs(did, PUBLIC_KEY, publicKey(1), 0n, block);
    expect(await registry.nonce(did)).to.equal(0n);
  });

  it("of one block all point to the change before that block", async () => {
    const f = await load(didFixture);
    const { registry, did } = f;
    const { blockNumber } = await registry.setAttribute(did, PUBLIC_KEY, publicKey(1), 100n);
    const block = await inOneBlock(
      f,
      () => registry.setAttribute(did, PUBLIC_KEY, publicKey(2), 100n, { gasLimit: 200_000 }),
      () => registry.changeMany(did, [setAttribute(SERVICE, "0x01")], { gasLimit: 200_000 }),
      () => registry.changeOwner(did, did, { gasLimit: 200_000 }),
    );
    const events = await registry.queryFilter(registry.filters.DIDAttributeChanged(did), block);
    const owners = await registry.queryFilter(registry.filters.DIDOwnerChanged(did), block);
    const pointers = [...events, ...owners].map(({ args }) => args.previousChange);
    expect(pointers).to.deep.equal([blockNumber, blockNumber, blockNumber].map((n) => BigInt(n!)));
    expect(await registry.changed(did)).to.equal(block);
    await expect(registry.revokeAttribute(did, SERVICE, "0x01"))
      .to.emit(registry, "DIDAttributeChanged")
      .withArgs(did, SERVICE, "0x01", 0n, block);
  });

  it("whose validity would overflow end at the end of time", async () => {
    const suite = await load(didFixture);
    const { registry, did } = suite;
    for (const validity of [MOST, NO_END, NO_END - (await now(suite))]) {
      await expect(registry.setAttribute(did, PUBLIC_KEY, "0x", validity))
        .to.emit(registry, "DIDAttributeChanged")
        .withArgs(did, PUBLIC_KEY, "0x", NO_END, await registry.changed(did));
    }
    const time = await later(suite);
    await expect(registry.setAttribute(did, PUBLIC_KEY, "0x", NO_END - time - 1n))
      .to.emit(registry, "DIDAttributeChanged")
      .withArgs(did, PUBLIC_KEY, "0x", NO_END - 1n, await registry.changed(did));
  });
});

describe("DidRegistry: delegates", () => {
  it("are valid until their end, each for its type alone", async () => {
    const suite = await load(didFixture);
    const { registry, did, friend, thief, time } = suite;
    const start = await later(suite);
    await expect(registry.addDelegate(did, VERI_KEY, friend.address, 100n))
      .to.emit(registry, "DIDDelegateChanged")
      .withArgs(did, VERI_KEY, friend.address, start + 100n, 0n);
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(true);
    expect(await registry.validDelegate(did, SIG_AUTH, friend.address)).to.equal(false);
    expect(await registry.validDelegate(did, VERI_KEY, thief.address)).to.equal(false);
    expect(await registry.validDelegate(friend.address, VERI_KEY, friend.address)).to.equal(false);
    await time.increaseTo(start + 99n);
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(true);
    await time.increaseTo(start + 100n);
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(false);
  });

  it("end when they are revoked, and are told of so that resolvers drop them at once", async () => {
    const { registry, did, friend } = await load(didFixture);
    await registry.addDelegate(did, VERI_KEY, friend.address, 100n);
    const before = await registry.changed(did);
    await expect(registry.revokeDelegate(did, VERI_KEY, friend.address))
      .to.emit(registry, "DIDDelegateChanged")
      .withArgs(did, VERI_KEY, friend.address, 0n, before);
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(false);
  });

  it("that never were can be revoked, as in ERC-1056", async () => {
    const { registry, did, friend } = await load(didFixture);
    await expect(registry.revokeDelegate(did, VERI_KEY, friend.address)).to.emit(registry, "DIDDelegateChanged");
    expect(await registry.delegateAt(did, VERI_KEY, friend.address, 0n)).to.equal(false);
  });

  it("are remembered for a past time, to the second: a period goes on where it is prolonged, anew where it was over", async () => {
    const suite = await load(didFixture);
    const { registry, did, friend, time } = suite;
    const at = (t: bigint) => registry.delegateAt(did, VERI_KEY, friend.address, t);
    const all = async (...times: bigint[]) => Promise.all(times.map(at));
    const start = await later(suite);
    await registry.addDelegate(did, VERI_KEY, friend.address, 100n);
    await time.setNextBlockTimestamp(start + 50n);
    await registry.addDelegate(did, VERI_KEY, friend.address, 100n);
    expect(await all(start - 1n, start, start + 149n, start + 150n)).to.deep.equal([false, true, true, false]);
    await time.setNextBlockTimestamp(start + 60n);
    await registry.revokeDelegate(did, VERI_KEY, friend.address);
    await time.setNextBlockTimestamp(start + 70n);
    await registry.revokeDelegate(did, VERI_KEY, friend.address);
    expect(await all(start, start + 59n, start + 60n)).to.deep.equal([true, true, false]);
    await time.setNextBlockTimestamp(start + 200n);
    await registry.addDelegate(did, VERI_KEY, friend.address, MOST);
    expect(await all(start, start + 199n, start + 200n, NO_END - 1n)).to.deep.equal([false, false, true, true]);
    const end = await timeOf(registry.deactivate(did));
    expect(await all(end - 1n, end)).to.deep.equal([true, false]);
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(false);
  });
});

describe("DidRegistry: changeMany", () => {
  it("makes changes of all kinds, in their order", async () => {
    const suite = await load(didFixture);
    const { registry, did, friend, thief } = suite;
    await registry.addDelegate(did, VERI_KEY, thief.address, 1_000n);
    const before = await registry.changed(did);
    const time = await later(suite);
    const sent = registry.changeMany(did, [
      setAttribute(PUBLIC_KEY, publicKey(1), 10n),
      revokeAttribute(SERVICE, endpoint("https://old.example")),
      addDelegate(SIG_AUTH, friend.address, 20n),
      revokeDelegate(VERI_KEY, thief.address),
    ]);
    const { logs } = (await (await sent).wait())!;
    expect(logs.map((log): unknown[] => registry.interface.parseLog(log)!.args.toArray())).to.deep.equal([
      [did, PUBLIC_KEY, publicKey(1), time + 10n, before],
      [did, SERVICE, endpoint("https://old.example"), 0n, before],
      [did, SIG_AUTH, friend.address, time + 20n, before],
      [did, VERI_KEY, thief.address, 0n, before],
    ]);
    expect(await registry.validDelegate(did, SIG_AUTH, friend.address)).to.equal(true);
    expect(await registry.validDelegate(did, VERI_KEY, thief.address)).to.equal(false);
  });

  it("reverts without a change", async () => {
    const { registry, did } = await load(didFixture);
    await expect(registry.changeMany(did, [])).to.be.revertedWithCustomError(registry, "ChangesEmpty").withArgs(did);
  });

  for (const place of [0, 1, 2]) {
    it(`changes nothing when one change is bad, at place ${place}`, async () => {
      const { registry, did, friend, ethers } = await load(didFixture);
      for (const [kind, value] of [
        [KIND.ADD_DELEGATE, publicKey(1)],
        [KIND.REVOKE_DELEGATE, "0x"],
        [KIND.ADD_DELEGATE, `${friend.address}00`],
      ] as const) {
        const changes: Change[] = [addDelegate(VERI_KEY, friend.address), setAttribute(SERVICE, "0x01")];
        changes.splice(place, 0, { kind, name: VERI_KEY, value, validity: 10n });
        await expect(registry.changeMany(did, changes))
          .to.be.revertedWithCustomError(registry, "DelegateInvalid")
          .withArgs(did, BigInt((value.length - 2) / 2));
      }
      const unknown = { ...setAttribute(SERVICE, "0x01"), kind: 4n };
      await expect(registry.changeMany(did, [addDelegate(VERI_KEY, friend.address), unknown])).to.be.revert(ethers);
      expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(false);
      expect(await registry.changed(did)).to.equal(0n);
    });
  }

  it("reverts while writes are stopped where one change adds, and goes on where all revoke", async () => {
    const suite = await load(didFixture);
    const { registry, did, friend, decide } = suite;
    await registry.addDelegate(did, VERI_KEY, friend.address, 10_000n);
    const until = (await now(suite)) + 1_000n;
    await decide(registry, "stop", [until, GROUNDS]);
    const revocations = [revokeDelegate(VERI_KEY, friend.address), revokeAttribute(SERVICE, "0x01")];
    for (const addition of [setAttribute(SERVICE, "0x01"), addDelegate(VERI_KEY, friend.address)]) {
      await expect(registry.changeMany(did, [...revocations, addition]))
        .to.be.revertedWithCustomError(registry, "WritesAreStopped")
        .withArgs(until);
    }
    for (const stopped of [
      () => registry.setAttribute(did, SERVICE, "0x01", 1n),
      () => registry.addDelegate(did, VERI_KEY, friend.address, 1n),
    ]) {
      await expect(stopped()).to.be.revertedWithCustomError(registry, "WritesAreStopped");
    }
    await registry.revokeAttribute(did, SERVICE, "0x01");
    await registry.revokeDelegate(did, SIG_AUTH, friend.address);
    await registry.changeMany(did, revocations);
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(false);
  });
});

describe("DidRegistry: each change", () => {
  const calls: Record<string, (f: Awaited<ReturnType<typeof didFixture>>) => [string, ...unknown[]]> = {
    changeOwner: ({ thief }) => ["changeOwner", thief.address],
    addDelegate: ({ thief }) => ["addDelegate", VERI_KEY, thief.address, 100n],
    revokeDelegate: ({ thief }) => ["revokeDelegate", VERI_KEY, thief.address],
    setAttribute: () => ["setAttribute", SERVICE, "0x01", 100n],
    revokeAttribute: () => ["revokeAttribute", SERVICE, "0x01"],
    changeMany: () => ["changeMany", [setAttribute(SERVICE, "0x01")]],
    deactivate: () => ["deactivate"],
    freeze: () => ["freeze"],
    setGuardians: () => ["setGuardians", PUBLIC_KEY],
  };
  for (const [name, callOf] of Object.entries(calls)) {
    it(`reverts for who does not own the DID: ${name}`, async () => {
      const f = await load(didFixture);
      const { didRegistry, did, thief, friend, registry } = f;
      const [method, ...args] = callOf(f);
      await registry.addDelegate(did, SIG_AUTH, friend.address, 1_000n);
      for (const caller of [thief, friend]) {
        await expect(didRegistry.connect(caller).getFunction(method)(did, ...args))
          .to.be.revertedWithCustomError(didRegistry, "NotDidOwner")
          .withArgs(did, caller.address);
      }
    });

    it(`reverts for the owner before: ${name}`, async () => {
      const f = await load(didFixture);
      const { registry, did, newOwner } = f;
      await registry.changeOwner(did, newOwner.address);
      const [method, ...args] = callOf(f);
      await expect(registry.getFunction(method)(did, ...args))
        .to.be.revertedWithCustomError(registry, "NotDidOwner")
        .withArgs(did, did);
    });

    it(`reverts once the DID is deactivated: ${name}`, async () => {
      const f = await load(didFixture);
      const { registry, did } = f;
      await registry.deactivate(did);
      const [method, ...args] = callOf(f);
      await expect(registry.getFunction(method)(did, ...args))
        .to.be.revertedWithCustomError(registry, "DidIsDeactivated")
        .withArgs(did);
    });
  }
});
