import { expect } from "chai";
import { HDNodeWallet, type SigningKey } from "ethers";
import { EthrDID } from "ethr-did";

import { endpoint, guardedFixture, PUBLIC_KEY, publicKey, SERVICE, setAttribute, SIG_AUTH } from "../helpers/did.js";
import { addDelegate, NOBODY, startRecovery, VERI_KEY, type DidFixture } from "../helpers/did.js";
import { didFixture, RECOVERY_DELAY } from "../helpers/did.js";
import { changeFrom, inOneBlock, peersOf } from "../helpers/didHistory.js";
import { rejection } from "../helpers/events.js";
import { randomOf } from "../helpers/random.js";
import { DID_DELAYS } from "../helpers/suite.js";
import { load, type Signer } from "../helpers/trust.js";

/** The key of one of Hardhat's accounts. */
function keyOf(signer: Signer, signers: Signer[]): SigningKey {
  const phrase = "test test test test test test test test test test test junk";
  const index = signers.findIndex(({ address }) => address === signer.address);
  return HDNodeWallet.fromPhrase(phrase, "", `m/44'/60'/0'/0/${index}`).signingKey;
}

/** Every block of a DID's history, and now: both readers give the same document and the same version. */
async function expectSame(fixture: DidFixture, from: number | null) {
  const peers = peersOf(fixture);
  const last = await fixture.ethers.provider.getBlockNumber();
  for (let block = Number(from); block <= last; block++) {
    const theirs = await peers.resolve(block);
    const ours = await peers.read({ block });
    expect(theirs.didResolutionMetadata.error, theirs.didResolutionMetadata.message as string).to.equal(undefined);
    const document = { ...theirs.didDocument };
    expect(ours.document, `block ${block}`).to.deep.equal(document);
    const { versionId, nextVersionId, deactivated } = theirs.didDocumentMetadata;
    expect(ours.versionId, `version at ${block}`).to.equal(Number(versionId ?? 0));
    expect(ours.state !== "ACTIVE", `state at ${block}`).to.equal(deactivated === true);
    expect(ours.nextVersionId, `next version at ${block}`).to.equal(nextVersionId && Number(nextVersionId));
  }
}

describe("DIDs, read by ethr-did-resolver", () => {
  it("are resolved before anything happened to them", async () => {
    const f = await load(didFixture);
    const { didDocument, didDocumentMetadata } = await peersOf(f).resolve();
    expect(didDocument?.verificationMethod?.map(({ blockchainAccountId }) => blockchainAccountId)).to.deep.equal([
      `eip155:31337:${f.did}`,
    ]);
    expect(didDocumentMetadata).to.deep.equal({});
    await expectSame(f, await f.ethers.provider.getBlockNumber());
  });

  it("are resolved with their owner, delegates, keys and services, out of one batch", async () => {
    const f = await load(didFixture);
    const { registry, did, newOwner, friend, stranger } = f;
    await registry.changeMany(did, [
      addDelegate(VERI_KEY, friend.address, 10_000n),
      addDelegate(SIG_AUTH, stranger.address, 10_000n),
      setAttribute(PUBLIC_KEY, publicKey(1), 10_000n),
      setAttribute(SERVICE, endpoint("https://hub.example"), 10_000n),
    ]);
    await registry.changeOwner(did, newOwner.address);
    const peers = peersOf(f);
    const document = (await peers.resolve()).didDocument!;
    const accounts = document.verificationMethod!.map((key) => key.blockchainAccountId ?? key.publicKeyHex);
    expect(accounts).to.deep.equal([
      `eip155:31337:${newOwner.address}`,
      `eip155:31337:${friend.address}`,
      `eip155:31337:${stranger.address}`,
      publicKey(1).slice(2),
    ]);
    const ids = [1, 2, 3].map((n) => `${peers.did}#delegate-${n}`);
    expect(document.authentication).to.deep.equal([`${peers.did}#controller`, ids[1]]);
    expect(document.assertionMethod).to.deep.equal([`${peers.did}#controller`, ...ids]);
    expect(document.service?.map(({ serviceEndpoint }) => serviceEndpoint)).to.deep.equal(["https://hub.example"]);
  });

  for (const seed of [1, 2, 3, 4]) {
    it(`are read the same here, block by block, over a long history (${seed})`, async () => {
      const f = await load(didFixture);
      const { registry, did, friend, thief, stranger, time, ethers } = f;
      const from = await ethers.provider.getBlockNumber();
      const random = randomOf(seed);
      const delegates = [friend.address, thief.address, stranger.address];
      for (let step = 0; step < 12; step++) {
        const batch = (size: number) => Array.from({ length: size }, () => changeFrom(random, delegates));
        const batches = Array.from({ length: 1 + random.below(3) }, () => batch(1 + random.below(4)));
        await inOneBlock(
          f,
          ...batches.map((changes) => () => registry.changeMany(did, changes, { gasLimit: 900_000 })),
        );
        if (random.below(3) === 0) await time.increase(20);
      }
      await expectSame(f, from);
    });
  }

  it("show nothing while frozen, and what stood again after a thaw, with what changed since", async () => {
    const f = await load(didFixture);
    const { registry, did, friend, time, ethers } = f;
    const peers = peersOf(f);
    const from = await ethers.provider.getBlockNumber();
    await registry.setAttribute(did, PUBLIC_KEY, publicKey(1), 100_000n);
    const before = (await peers.resolve()).didDocument;
    const frozen = (await (await registry.freeze(did)).wait())!.blockNumber;
    const during = await peers.resolve();
    expect(during.didDocumentMetadata).to.include({ deactivated: true, versionId: String(frozen) });
    expect(during.didDocument?.verificationMethod).to.deep.equal([]);
    await expectSame(f, from);

    await registry.scheduleThaw(did);
    await time.increase(DID_DELAYS.exitDelay);
    const thawed = (await (await registry.thaw(did)).wait())!.blockNumber;
    const after = await peers.resolve();
    expect(after.didDocument).to.deep.equal(before);
    expect(after.didDocumentMetadata)
      .to.include({ versionId: String(thawed) })
      .and.not.have.property("deactivated");
    await registry.addDelegate(did, SIG_AUTH, friend.address, 100_000n);
    await expectSame(f, thawed);

    // Asked for a block inside the lifted freeze, an unmodified resolver shows the keys that stood; we show none.
    expect((await peers.resolve(frozen)).didDocument).to.deep.equal(before);
    const ours = await peers.read({ block: frozen });
    expect([ours.state, ours.document.verificationMethod]).to.deep.equal(["FROZEN", []]);
  });

  it("are frozen and thawed again and again", async () => {
    const f = await load(didFixture);
    const { registry, did, time } = f;
    for (let n = 1; n <= 3; n++) {
      await registry.setAttribute(did, PUBLIC_KEY, publicKey(n), 100_000n);
      await registry.freeze(did);
      await registry.scheduleThaw(did);
      await time.increase(DID_DELAYS.exitDelay);
      const { blockNumber } = await registry.thaw(did);
      await expectSame(f, blockNumber);
      const keys = (await peersOf(f).resolve()).didDocument!.verificationMethod!;
      expect(keys.map(({ publicKeyHex }) => publicKeyHex)).to.deep.equal([
        undefined,
        ...Array.from({ length: n }, (_, i) => publicKey(i + 1).slice(2)),
      ]);
    }
  });

  it("lose for resolvers what changed in the very block of a freeze, once it is lifted", async () => {
    const f = await load(didFixture);
    const { registry, did, friend, time } = f;
    await registry.setAttribute(did, PUBLIC_KEY, publicKey(1), 100_000n);
    await inOneBlock(
      f,
      () => registry.addDelegate(did, SIG_AUTH, friend.address, 100_000n, { gasLimit: 200_000 }),
      () => registry.freeze(did, { gasLimit: 200_000 }),
    );
    await registry.scheduleThaw(did);
    await time.increase(DID_DELAYS.exitDelay);
    const { blockNumber } = await registry.thaw(did);
    await expectSame(f, blockNumber);
    const { didDocument } = await peersOf(f).resolve();
    expect(didDocument?.verificationMethod).to.have.length(2);
    // The contract knows the delegate: whoever relies on it makes the change again, or revokes it.
    expect(await registry.validDelegate(did, SIG_AUTH, friend.address)).to.equal(true);
  });

  it("follow a recovery, out of a freeze and without one", async () => {
    const f = await load(guardedFixture);
    const { registry, didRegistry, did, guardians, newOwner, list, friend, stranger, time } = f;
    const [g1, g2, g3] = guardians as [Signer, Signer, Signer];
    await registry.setAttribute(did, PUBLIC_KEY, publicKey(1), 100_000n);
    await didRegistry.connect(g1).freezeAsGuardian(did, list);
    await startRecovery(f, [g1, g3]);
    await time.increase(RECOVERY_DELAY);
    const { blockNumber } = await didRegistry.connect(stranger).executeRecovery(did);
    const accounts = async () =>
      (await peersOf(f).resolve()).didDocument!.verificationMethod!.map((key) => key.blockchainAccountId);
    expect(await accounts()).to.deep.equal([`eip155:31337:${newOwner.address}`, undefined]);
    await registry.connect(newOwner).addDelegate(did, VERI_KEY, friend.address, 100_000n);
    await startRecovery(f, [g2, g3], { newOwner: stranger.address });
    await time.increase(RECOVERY_DELAY);
    await didRegistry.executeRecovery(did);
    expect(await accounts()).to.deep.equal([
      `eip155:31337:${stranger.address}`,
      undefined,
      `eip155:31337:${friend.address}`,
    ]);
    await expectSame(f, blockNumber);
  });

  it("are deactivated for ever", async () => {
    const f = await load(didFixture);
    const { registry, did, ethers, newOwner } = f;
    const from = await ethers.provider.getBlockNumber();
    await registry.changeMany(did, [setAttribute(PUBLIC_KEY, publicKey(1), 100_000n)]);
    await registry.changeOwner(did, newOwner.address);
    const { blockNumber } = await registry.connect(newOwner).deactivate(did);
    await f.connection.networkHelpers.mine(3);
    const { didDocument, didDocumentMetadata } = await peersOf(f).resolve();
    expect(didDocument?.verificationMethod).to.deep.equal([]);
    expect(didDocumentMetadata).to.include({ deactivated: true, versionId: String(blockNumber) });
    await expectSame(f, from);
  });

  it("go on listing a revoked key agreement in the peer, not here", async () => {
    const f = await load(didFixture);
    const { registry, did } = f;
    const name = `0x${Buffer.from("did/pub/X25519/enc/base64").toString("hex").padEnd(64, "0")}`;
    await registry.setAttribute(did, name, publicKey(1), 100_000n);
    const peers = peersOf(f);
    expect((await peers.read()).document.keyAgreement).to.deep.equal([`${peers.did}#delegate-1`]);
    expect((await peers.read()).document).to.deep.equal((await peers.resolve()).didDocument);
    await registry.revokeAttribute(did, name, publicKey(1));
    expect((await peers.resolve()).didDocument).to.have.property("keyAgreement");
    expect((await peers.read()).document).not.to.have.property("keyAgreement");
  });
});

describe("DIDs, written by ethr-did", () => {
  it("change owner, delegates and attributes", async () => {
    const f = await load(didFixture);
    const { ethers, domain, registry, did, owner, newOwner, friend } = f;
    const config = { identifier: did, chainNameOrId: "0x7a69", registry: domain.verifyingContract };
    const as = (signer: Signer) => new EthrDID({ ...config, provider: ethers.provider, txSigner: signer });
    const peers = peersOf(f);

    expect(await as(owner).lookupOwner()).to.equal(did);
    await as(owner).addDelegate(friend.address, { expiresIn: 100_000 });
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(true);
    await as(owner).setAttribute("did/pub/Secp256k1/veriKey/hex", publicKey(1), 100_000);
    await as(owner).setAttribute("did/svc/HubService", "https://hub.example", 100_000);
    expect((await peers.resolve()).didDocument?.service).to.have.length(1);
    expect((await peers.resolve()).didDocument?.verificationMethod).to.have.length(3);

    await as(owner).revokeDelegate(friend.address);
    await as(owner).revokeAttribute("did/pub/Secp256k1/veriKey/hex", publicKey(1));
    expect(await registry.validDelegate(did, VERI_KEY, friend.address)).to.equal(false);
    expect((await peers.resolve()).didDocument?.verificationMethod).to.have.length(1);

    await as(owner).changeOwner(newOwner.address);
    expect(await registry.identityOwner(did)).to.equal(newOwner.address);
    await as(newOwner).changeOwner(NOBODY);
    expect((await peers.resolve()).didDocumentMetadata.deactivated).to.equal(true);
  });

  it("find none of ERC-1056's signed functions, which can be replayed", async () => {
    const f = await load(didFixture);
    const { ethers, domain, registry, did, owner, newOwner } = f;
    const config = { identifier: did, chainNameOrId: "0x7a69", registry: domain.verifyingContract };
    const ethrDid = new EthrDID({ ...config, provider: ethers.provider, txSigner: owner });
    const { v, r, s } = keyOf(owner, f.signers).sign(await ethrDid.createChangeOwnerHash(newOwner.address));
    const refused = await rejection(ethrDid.changeOwnerSigned(newOwner.address, { sigV: v, sigR: r, sigS: s }));
    expect(refused).to.be.instanceOf(Error);
    expect(await registry.identityOwner(did)).to.equal(did);
  });
});
