import { decodeList } from "@digitalbazaar/vc-bitstring-status-list";
import { getListFromStatusListJWT, getStatusListFromJWT } from "@sd-jwt/jwt-status-list";
import { expect } from "chai";
import { createJWT, ES256KSigner, hexToBytes, verifyJWT, type Signer as JwtSigner } from "did-jwt";
import {
  createVerifiableCredentialJwt,
  createVerifiablePresentationJwt,
  verifyCredential,
  verifyPresentation,
} from "did-jwt-vc";
import type { Resolvable } from "did-resolver";
import { hexlify, randomBytes, Wallet } from "ethers";

import { formatDid, parseDid } from "../../src/identity/did/did.js";
import { bitstringFromWords } from "../../src/ledger/bitstringFromWords.js";
import { bitstringStatusListCredential, bitstringStatusListEntry } from "../../src/ledger/bitstringStatusList.js";
import { statusListReference, statusListTokenClaims } from "../../src/ledger/tokenStatusList.js";
import { DID_DELAYS, didFixture, PUBLIC_KEY, VERI_KEY } from "../helpers/did.js";
import { peersOf } from "../helpers/didHistory.js";
import { rejection } from "../helpers/events.js";
import { batchOf, issuerFixture, REASON, SCHEMA } from "../helpers/issuer.js";
import { load } from "../helpers/trust.js";

const YEAR = 31_557_600n;

/** Keys of this test alone, and how did-jwt signs with them. */
function newKey() {
  const wallet = new Wallet(hexlify(randomBytes(32)));
  const bytes = hexToBytes(wallet.privateKey);
  return { wallet, recoverable: ES256KSigner(bytes, true), plain: ES256KSigner(bytes) };
}

/** The standards ask for types of their own, that did-jwt writes though its types know "JWT" alone. */
const headerOf = (alg: string, typ: string) => ({ alg, typ: typ as "JWT" });

const as = (did: string, signer: JwtSigner, alg = "ES256K-R") => ({ did, signer, alg });

async function expectRefused(jwt: string, resolver: Resolvable) {
  expect(await rejection(verifyCredential(jwt, resolver))).to.be.instanceOf(Error);
}

const credentialOf = (subject: string) => ({
  sub: subject,
  vc: {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    type: ["VerifiableCredential"],
    credentialSubject: { licence: "nurse" },
  },
});

describe("credentials of did-jwt-vc with our DIDs", () => {
  /** A DID whose key did-jwt holds, since the owner gave it to that key. */
  async function fixture() {
    const f = await didFixture();
    const key = newKey();
    await f.registry.changeOwner(f.did, key.wallet.address);
    const holder = newKey();
    return { ...f, ...peersOf(f), key, holder, holderDid: formatDid(31_337n, holder.wallet.address) };
  }

  it("are issued by the owner's key and verified, and presented by a holder whose DID the chain never saw", async () => {
    const { did, key, holder, holderDid, resolver } = await load(fixture);
    const jwt = await createVerifiableCredentialJwt(credentialOf(holderDid), as(did, key.recoverable));
    const credential = await verifyCredential(jwt, resolver);
    expect([
      credential.verified,
      credential.issuer,
      credential.verifiableCredential.credentialSubject.id,
    ]).to.deep.equal([true, did, holderDid]);
    const vp = {
      vp: {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        type: ["VerifiablePresentation"],
        verifiableCredential: [jwt],
      },
      nonce: "1",
    };
    const presented = await createVerifiablePresentationJwt(vp, as(holderDid, holder.recoverable));
    const presentation = await verifyPresentation(presented, resolver, { challenge: "1" });
    expect([presentation.verified, presentation.issuer]).to.deep.equal([true, holderDid]);
  });

  it("are issued by a delegate and by a published key, until these are revoked", async () => {
    const { did, didRegistry, ethers, deployer, holderDid, resolver, key } = await load(fixture);
    const { identity } = parseDid(did);
    const [delegate, published] = [newKey(), newKey()];
    await deployer.sendTransaction({ to: key.wallet.address, value: 10n ** 18n });
    const asOwner = didRegistry.connect(key.wallet.connect(ethers.provider));
    await asOwner.addDelegate(identity, VERI_KEY, delegate.wallet.address, YEAR);
    await asOwner.setAttribute(identity, PUBLIC_KEY, published.wallet.signingKey.compressedPublicKey, YEAR);
    const issue = (signer: JwtSigner, alg?: string) =>
      createVerifiableCredentialJwt(credentialOf(holderDid), as(did, signer, alg));
    const byDelegate = await issue(delegate.recoverable);
    const byKey = await issue(published.plain, "ES256K");
    expect((await verifyCredential(byDelegate, resolver)).verified).to.equal(true);
    expect((await verifyCredential(byKey, resolver)).verified).to.equal(true);
    await expectRefused(await issue(newKey().recoverable), resolver);

    await asOwner.revokeDelegate(identity, VERI_KEY, delegate.wallet.address);
    await asOwner.revokeAttribute(identity, PUBLIC_KEY, published.wallet.signingKey.compressedPublicKey);
    await expectRefused(byDelegate, resolver);
    await expectRefused(byKey, resolver);
    expect((await verifyCredential(await issue(key.recoverable), resolver)).verified).to.equal(true);
  });

  it("are refused while the DID is frozen, and count again after its thaw", async () => {
    const { did, didRegistry, ethers, deployer, holderDid, resolver, key, time } = await load(fixture);
    const { identity } = parseDid(did);
    await deployer.sendTransaction({ to: key.wallet.address, value: 10n ** 18n });
    const asOwner = didRegistry.connect(key.wallet.connect(ethers.provider));
    const jwt = await createVerifiableCredentialJwt(credentialOf(holderDid), as(did, key.recoverable));
    await asOwner.freeze(identity);
    await expectRefused(jwt, resolver);
    await asOwner.scheduleThaw(identity);
    await time.increase(DID_DELAYS.exitDelay);
    await asOwner.thaw(identity);
    expect((await verifyCredential(jwt, resolver)).verified).to.equal(true);
  });
});

describe("status lists of the registry, signed with did-jwt", () => {
  const URL = "https://example.org/status/3";
  const REVOKED = [0, 3, 7];

  /** A Merkle batch of eight of which three were revoked, its list, and the DID of the office that signs it. */
  async function fixture() {
    const f = await issuerFixture();
    const domain = { name: "", version: "", chainId: 31_337n, verifyingContract: await f.didRegistry.getAddress() };
    const office = newKey();
    const peers = peersOf({ ...f, domain, did: office.wallet.address });
    const { batch, uid } = batchOf(
      Array.from({ length: 8 }, (_, n) => f.attestation(n)),
      1n,
    );
    await f.registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
    const mask = REVOKED.reduce((bits, index) => bits | (1n << BigInt(255 - index)), 0n);
    await f.registry.markLeaves(batch, [{ wordIndex: 0n, mask }], 1n, REASON.PRIVILEGE_WITHDRAWN);
    const bitstring = bitstringFromWords([[0n, await f.registry.statusWord(uid, 0n)]], 1, 8);
    return { ...f, ...peers, bitstring, sign: as(peers.did, office.recoverable) };
  }

  it("as a W3C credential are verified, and read by @digitalbazaar/vc-bitstring-status-list", async () => {
    const { bitstring, did, sign, resolver } = await fixture();
    const list = await bitstringStatusListCredential({
      ...{ id: URL, issuer: did, statusPurpose: "revocation", bits: 1 },
      bitstring,
    });
    const entry = bitstringStatusListEntry(URL, 3, "revocation", 1);
    const jwt = await createJWT({ ...list }, { issuer: did, signer: sign.signer }, headerOf(sign.alg, "vc+jwt"));

    const { verified, payload } = await verifyJWT(jwt, { resolver });
    expect([verified, payload.iss, payload.id]).to.deep.equal([true, did, entry.statusListCredential]);
    const { encodedList } = payload.credentialSubject as { encodedList: string };
    const read = await decodeList({ encodedList });
    expect(read.getStatus(Number(entry.statusListIndex))).to.equal(true);
    const revoked = Array.from({ length: 8 }, (_, index) => index).filter((index) => read.getStatus(index));
    expect(revoked).to.deep.equal(REVOKED);
  });

  it("as a Status List Token are verified, and read by @sd-jwt/jwt-status-list", async () => {
    const { bitstring, did, sign, resolver } = await fixture();
    const iat = Math.floor(Date.now() / 1000);
    const claims = await statusListTokenClaims({ sub: URL, bitstring, bits: 1, iat });
    const header = headerOf(sign.alg, "statuslist+jwt");
    const jwt = await createJWT({ ...claims }, { issuer: did, signer: sign.signer }, header);
    // What points to the list is a JWT of its own.
    const { status_list } = statusListReference(URL, 3);
    const pointer = await createJWT(
      { status: { status_list } },
      { issuer: did, signer: sign.signer },
      { alg: sign.alg },
    );

    const { verified, payload } = await verifyJWT(jwt, { resolver });
    const { uri, idx } = getStatusListFromJWT(pointer);
    expect([verified, payload.sub]).to.deep.equal([true, uri]);
    const read = getListFromStatusListJWT(jwt);
    expect(read.getStatus(idx)).to.equal(1);
    const revoked = Array.from({ length: 8 }, (_, index) => index).filter((index) => read.getStatus(index) === 1);
    expect(revoked).to.deep.equal(REVOKED);
  });

  it("signed by another key, or altered, are refused", async () => {
    const { bitstring, did, sign, resolver } = await fixture();
    const claims = await statusListTokenClaims({ sub: URL, bitstring, bits: 1, iat: 1 });
    const forged = await createJWT({ ...claims }, { issuer: did, signer: newKey().recoverable }, { alg: sign.alg });
    expect(await rejection(verifyJWT(forged, { resolver }))).to.be.instanceOf(Error);
    const [head, , signature] = (
      await createJWT({ ...claims }, { issuer: did, signer: sign.signer }, { alg: sign.alg })
    ).split(".");
    const body = Buffer.from(JSON.stringify({ ...claims, iss: did, iat: 2 })).toString("base64url");
    expect(await rejection(verifyJWT(`${head}.${body}.${signature}`, { resolver }))).to.be.instanceOf(Error);
  });
});
