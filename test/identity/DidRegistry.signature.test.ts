import { expect } from "chai";
import { concat, Signature, toBeHex, TypedDataEncoder } from "ethers";

import { DidRegistry__factory } from "../../src/typechain/index.js";
import {
  addDelegate,
  CHANGE_MANY,
  CHANGE_OWNER,
  type Change,
  didFixture,
  NOBODY,
  PUBLIC_KEY,
  publicKey,
  setAttribute,
  STATE,
  VERI_KEY,
} from "../helpers/did.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { load, now, type Signer } from "../helpers/trust.js";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

async function fixture() {
  const f = await didFixture();
  const { didRegistry, registry, did, domain, owner, stranger, friend } = f;
  const changes: Change[] = [setAttribute(PUBLIC_KEY, publicKey(1)), addDelegate(VERI_KEY, friend.address)];
  const message = { identity: did, changes, nonce: 0n, deadline: NO_END };
  type Message = typeof message;
  const carry = didRegistry.connect(stranger);
  /** A stranger carries what may have been signed. */
  const change = (m: Message, signature: string) =>
    carry.changeManyBySignature(m.identity, m.changes, m.deadline, signature);
  const give = (to: string, signature: string, deadline = NO_END) =>
    carry.changeOwnerBySignature(did, to, deadline, signature);
  const sign = (by: Signer, m: Message, d = domain) => by.signTypedData(d, CHANGE_MANY, m);
  const signOwner = (by: Signer, newOwner: string, nonce: bigint, deadline = NO_END) =>
    by.signTypedData(domain, CHANGE_OWNER, { identity: did, newOwner, nonce, deadline });
  const expectRefused = (m: Message, signature: string, signer = owner.address) =>
    expect(change(m, signature))
      .to.be.revertedWithCustomError(registry, "SignatureInvalid")
      .withArgs(signer, TypedDataEncoder.hash(domain, CHANGE_MANY, m));
  return { ...f, message, change, give, sign, signOwner, expectRefused };
}

describe("DidRegistry: changeManyBySignature", () => {
  it("makes many changes by one signature, whoever carries it, once", async () => {
    const { registry, did, owner, friend, message, change, sign, expectRefused } = await load(fixture);
    const signature = await sign(owner, message);
    const sent = change(message, signature);
    await expect(sent).to.emit(registry, "DIDAttributeChanged");
    await expect(sent).to.emit(registry, "DIDDelegateChanged");
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(true);
    expect(await registry.nonce(did)).to.equal(1n);
    await expectRefused({ ...message, nonce: 1n }, signature);
  });

  it("takes it in the second of its deadline, and not after", async () => {
    const f = await load(fixture);
    const { registry, owner, message, change, sign, time } = f;
    const deadline = (await now(f)) + 100n;
    const signature = await sign(owner, { ...message, deadline });
    await time.setNextBlockTimestamp(deadline + 1n);
    await expect(change({ ...message, deadline }, signature))
      .to.be.revertedWithCustomError(registry, "SignatureExpired")
      .withArgs(deadline, deadline + 1n);
    const again = await load(fixture);
    await again.time.setNextBlockTimestamp(deadline);
    await expect(again.change({ ...message, deadline }, signature)).to.emit(registry, "DIDAttributeChanged");
  });

  it("reverts when anything in it differs from what was signed", async () => {
    const { owner, friend, thief, message, sign, expectRefused } = await load(fixture);
    const signature = await sign(owner, message);
    const [first, second] = message.changes as [Change, Change];
    for (const changes of [
      [first],
      [second, first],
      [first, second, second],
      [{ ...first, kind: 1n }, second],
      [{ ...first, name: VERI_KEY }, second],
      [{ ...first, value: publicKey(2) }, second],
      [{ ...first, validity: 1_001n }, second],
      [first, addDelegate(VERI_KEY, thief.address)],
    ]) {
      await expectRefused({ ...message, changes }, signature);
    }
    await expectRefused({ ...message, deadline: NO_END - 1n }, signature);
    await expectRefused({ ...message, identity: friend.address }, signature, friend.address);
  });

  it("reverts when it is of another chain, contract, name or version, or of a twin of the registry", async () => {
    const f = await load(fixture);
    const { registry, manager, deployer, domain, owner, message, sign, expectRefused, stranger } = f;
    for (const other of [
      { ...domain, chainId: 1n },
      { ...domain, verifyingContract: stranger.address },
      { ...domain, name: "Diwan TrustList" },
      { ...domain, version: "2" },
    ]) {
      await expectRefused(message, await sign(owner, message, other));
    }
    const relays = { forwarder: NOBODY, hub: NOBODY };
    const twin = await new DidRegistry__factory(deployer).deploy(manager, 1n, 1n, relays);
    const signature = await sign(owner, message);
    await expect(twin.changeManyBySignature(message.identity, message.changes, message.deadline, signature))
      .to.be.revertedWithCustomError(registry, "SignatureInvalid")
      .withArgs(
        owner.address,
        TypedDataEncoder.hash({ ...domain, verifyingContract: await twin.getAddress() }, CHANGE_MANY, message),
      );
  });

  it("reverts when it is of another key, and in any other writing", async () => {
    const { owner, thief, friend, message, sign, expectRefused, registry, did } = await load(fixture);
    await registry.addDelegate(did, VERI_KEY, friend.address, 1_000n);
    for (const signer of [thief, friend]) await expectRefused(message, await sign(signer, message));
    const signature = await sign(owner, message);
    const { r, s, v, compactSerialized } = Signature.from(signature);
    const highS = toBeHex(CURVE_ORDER - BigInt(s), 32);
    for (const writing of [
      concat([r, highS, toBeHex(v === 27 ? 28 : 27)]),
      compactSerialized,
      concat([r, s, toBeHex(v - 27, 1)]),
      concat([signature, "0x00"]),
      signature.slice(0, -2),
      "0x",
    ]) {
      await expectRefused(message, writing);
    }
  });

  it("reverts with a nonce from before a change of owner, also when the old owner is back", async () => {
    const { registry, did, owner, newOwner, message, change, sign, expectRefused } = await load(fixture);
    const stale = await sign(owner, message);
    const stale1 = await sign(owner, { ...message, nonce: 1n });
    await registry.changeOwner(did, newOwner.address);
    await expectRefused({ ...message, nonce: 1n }, stale, newOwner.address);
    await expectRefused({ ...message, nonce: 1n }, stale1, newOwner.address);
    await registry.connect(newOwner).changeOwner(did, did);
    await expectRefused({ ...message, nonce: 2n }, stale);
    await expectRefused({ ...message, nonce: 2n }, stale1);
    const fresh = { ...message, nonce: 2n };
    await expect(change(fresh, await sign(owner, fresh))).to.emit(registry, "DIDAttributeChanged");
  });

  it("reverts when it was signed before a freeze that was lifted", async () => {
    const f = await load(fixture);
    const { registry, did, owner, message, change, sign, expectRefused, time } = f;
    const stale = await sign(owner, message);
    await registry.freeze(did);
    await expect(change(message, stale)).to.be.revertedWithCustomError(registry, "DidIsFrozen").withArgs(did);
    await registry.scheduleThaw(did);
    await time.increase(300n);
    await registry.thaw(did);
    await expectRefused({ ...message, nonce: 1n }, stale);
  });

  it("changes nothing when a change is bad, or there is none: the nonce stays", async () => {
    const { registry, did, owner, message, change, sign } = await load(fixture);
    const bad = { ...message, changes: [...message.changes, { ...message.changes[1]!, value: "0x01" }] };
    await expect(change(bad, await sign(owner, bad)))
      .to.be.revertedWithCustomError(registry, "DelegateInvalid")
      .withArgs(did, 1n);
    const none = { ...message, changes: [] };
    await expect(change(none, await sign(owner, none))).to.be.revertedWithCustomError(registry, "ChangesEmpty");
    expect(await registry.nonce(did)).to.equal(0n);
  });

  it("reverts for what is deactivated, and while writes are stopped", async () => {
    const f = await load(fixture);
    const { registry, did, owner, message, change, sign, decide, connection } = f;
    const signature = await sign(owner, message);
    const snapshot = await connection.networkHelpers.takeSnapshot();
    await decide(registry, "stop", [(await now(f)) + 1_000n, GROUNDS]);
    await expect(change(message, signature)).to.be.revertedWithCustomError(registry, "WritesAreStopped");
    await snapshot.restore();
    await registry.deactivate(did);
    await expect(change(message, signature)).to.be.revertedWithCustomError(registry, "DidIsDeactivated").withArgs(did);
  });
});

describe("DidRegistry: changeOwnerBySignature", () => {
  it("gives the DID away once", async () => {
    const { registry, did, owner, newOwner, give, signOwner } = await load(fixture);
    const signature = await signOwner(owner, newOwner.address, 0n);
    await expect(give(newOwner.address, signature))
      .to.emit(registry, "DIDOwnerChanged")
      .withArgs(did, newOwner.address, 0n);
    await registry.connect(newOwner).changeOwner(did, did);
    await expect(give(newOwner.address, signature)).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    expect(await registry.nonce(did)).to.equal(2n);
  });

  it("to nobody deactivates", async () => {
    const { registry, did, owner, give, signOwner } = await load(fixture);
    await expect(give(NOBODY, await signOwner(owner, NOBODY, 0n)))
      .to.emit(registry, "DidDeactivated")
      .withArgs(did);
    expect(await registry.stateOf(did)).to.deep.equal([STATE.DEACTIVATED, NOBODY]);
  });

  it("reverts for another owner, key, deadline or a past one, frozen or deactivated", async () => {
    const f = await load(fixture);
    const { registry, did, owner, newOwner, thief, give, signOwner } = f;
    const signature = await signOwner(owner, newOwner.address, 0n);
    await expect(give(thief.address, signature)).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    await expect(give(newOwner.address, signature, NO_END - 1n)).to.be.revertedWithCustomError(
      registry,
      "SignatureInvalid",
    );
    await expect(give(thief.address, await signOwner(thief, thief.address, 0n))).to.be.revertedWithCustomError(
      registry,
      "SignatureInvalid",
    );
    const past = await now(f);
    await expect(
      give(newOwner.address, await signOwner(owner, newOwner.address, 0n, past), past),
    ).to.be.revertedWithCustomError(registry, "SignatureExpired");
    await registry.freeze(did);
    await expect(give(newOwner.address, signature)).to.be.revertedWithCustomError(registry, "DidIsFrozen");
  });
});

describe("DidRegistry: owned by an ERC-1271 wallet", () => {
  it("is changed by the wallet, and by what its owner signs", async () => {
    const f = await load(fixture);
    const { registry, did, ethers, owner, thief, message, change, sign, expectRefused } = f;
    const wallet = await ethers.deployContract("Wallet", [thief.address]);
    const address = await wallet.getAddress();
    await registry.changeOwner(did, address);
    const call = registry.interface.encodeFunctionData("setAttribute", [did, PUBLIC_KEY, publicKey(9), 10n]);
    await expect(wallet.getFunction("act")(await registry.getAddress(), call)).to.emit(registry, "DIDAttributeChanged");
    await expectRefused({ ...message, nonce: 1n }, await sign(owner, { ...message, nonce: 1n }), address);
    const signed = { ...message, nonce: 1n };
    await expect(change(signed, await sign(thief, signed))).to.emit(registry, "DIDAttributeChanged");
  });

  it("is not changed when the wallet says no, reverts or answers garbage, nor can the wallet reenter", async () => {
    const f = await load(fixture);
    const { registry, did, ethers, thief, message, change, sign, expectRefused } = f;
    const wallet = await ethers.deployContract("Wallet", [thief.address]);
    const address = await wallet.getAddress();
    await registry.changeOwner(did, address);
    const signed = { ...message, nonce: 1n };
    const signature = await sign(thief, signed);
    for (const behaviour of [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]) {
      await wallet.getFunction("behave")(behaviour);
      await expectRefused(signed, signature, address);
    }
    const inner = registry.interface.encodeFunctionData("changeOwner", [did, thief.address]);
    await wallet.getFunction("reenter")(await registry.getAddress(), inner);
    await change(signed, "0x");
    expect(await registry.identityOwner(did)).to.equal(address);
  });
});
