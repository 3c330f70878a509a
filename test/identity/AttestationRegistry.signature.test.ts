import { expect } from "chai";
import { Signature, TypedDataEncoder, ZeroAddress, concat, id, toBeHex } from "ethers";

import { AttestationRegistry__factory } from "../../src/typechain/index.js";
import { ATTEST_MANY, OTHER_SCHEMA, REASON, SCHEMA, STATUS, issuerFixture, itemOf, uidOf } from "../helpers/issuer.js";
import { NO_END } from "../helpers/suite.js";
import { signConsent } from "../helpers/trust.js";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Wallet.Behaviour, in order. */
enum Behaviour {
  Honest,
  Reverts,
  BurnsAllGas,
  AnswersNothing,
  AnswersFourBytes,
  AnswersZero,
  AnswersOnes,
  AnswersDirty,
  AnswersHuge,
}

/** Other writings of a signature that some verifiers take for the same. */
function writingsOf(signature: string) {
  const { r, s, v, compactSerialized } = Signature.from(signature);
  const highS = toBeHex(CURVE_ORDER - BigInt(s), 32);
  return {
    "high s": concat([r, highS, toBeHex(v === 27 ? 28 : 27)]),
    "64 bytes of EIP-2098": compactSerialized,
    "v 0 or 1": concat([r, s, toBeHex(v - 27, 1)]),
    "a byte more": concat([signature, "0x00"]),
    "a byte less": signature.slice(0, -2),
  };
}

describe("AttestationRegistry: attestManyBySignature", () => {
  async function fixture() {
    const issuer = await issuerFixture();
    const { registry, operator, stranger, attestation, domain, time } = issuer;
    const attestations = [1, 2, 3].map((n) => attestation(n, { expiresAt: NO_END - BigInt(n) }));
    const message = {
      schema: SCHEMA,
      items: attestations.map(itemOf),
      operator: operator.address,
      nonce: 0n,
      deadline: BigInt(await time.latest()) + 1_000n,
    };
    type Message = typeof message;
    /** A stranger carries what may have been signed. */
    const carry = (m: Message, signature: string) =>
      registry.connect(stranger).attestManyBySignature(m.schema, m.items, m.operator, m.nonce, m.deadline, signature);
    const digestOf = (m: Message) => TypedDataEncoder.hash(domain, ATTEST_MANY, m);
    const expectRefused = (m: Message, signature: string) =>
      expect(carry(m, signature))
        .to.be.revertedWithCustomError(registry, "SignatureInvalid")
        .withArgs(m.operator, digestOf(m));
    const signature = await operator.signTypedData(domain, ATTEST_MANY, message);
    return { ...issuer, attestations, message, signature, carry, digestOf, expectRefused };
  }

  describe("by a key", () => {
    it("keeps each record for the key that signed, whoever carries it, and tells", async () => {
      const { registry, attestations, message, signature, carry, office, operator, time } = await fixture();
      const sent = carry(message, signature);
      for (const a of attestations) {
        await expect(sent).to.emit(registry, "AttestationIssued").withArgs(uidOf(a), SCHEMA, office, a.expiresAt);
        const record = await registry.recordOf(uidOf(a));
        expect([record.issuedAt, record.issuer, record.key]).to.deep.equal([BigInt(await time.latest()), office, 1n]);
      }
      expect(await registry.nonces(operator.address)).to.equal(1n);
    });

    it("takes the signature in the second of its deadline, and not after", async () => {
      const { registry, message, signature, carry, time } = await fixture();
      await time.setNextBlockTimestamp(message.deadline + 1n);
      await expect(carry(message, signature))
        .to.be.revertedWithCustomError(registry, "SignatureExpired")
        .withArgs(message.deadline, message.deadline + 1n);
      const again = await fixture();
      await again.time.setNextBlockTimestamp(again.message.deadline);
      await expect(again.carry(again.message, again.signature)).to.emit(registry, "AttestationIssued");
    });

    it("reverts when the signature was used before", async () => {
      const { registry, message, signature, carry, operator } = await fixture();
      await carry(message, signature);
      await expect(carry(message, signature))
        .to.be.revertedWithCustomError(registry, "InvalidAccountNonce")
        .withArgs(operator.address, 1n);
    });

    it("reverts when the nonce is not the key's next", async () => {
      const { registry, message, carry, operator, domain } = await fixture();
      const later = { ...message, nonce: 1n };
      const signature = await operator.signTypedData(domain, ATTEST_MANY, later);
      await expect(carry(later, signature))
        .to.be.revertedWithCustomError(registry, "InvalidAccountNonce")
        .withArgs(operator.address, 0n);
    });

    it("reverts when it was signed for another chain", async () => {
      const { message, operator, domain, expectRefused } = await fixture();
      await expectRefused(message, await operator.signTypedData({ ...domain, chainId: 1n }, ATTEST_MANY, message));
    });

    it("reverts when it was signed for another contract, name or version", async () => {
      const { message, operator, domain, stranger, expectRefused } = await fixture();
      for (const other of [
        { ...domain, verifyingContract: stranger.address },
        { ...domain, name: "Diwan TrustList" },
        { ...domain, version: "2" },
      ]) {
        await expectRefused(message, await operator.signTypedData(other, ATTEST_MANY, message));
      }
    });

    it("reverts when it is carried to a second registry over the same trust list", async () => {
      const { message, signature, deployer, manager, trustList, operator, stranger, domain } = await fixture();
      const twin = await new AttestationRegistry__factory(deployer).deploy(manager, trustList, {
        forwarder: ZeroAddress,
        hub: ZeroAddress,
      });
      const { schema, items, nonce, deadline } = message;
      const carry = (s: string) =>
        twin.connect(stranger).attestManyBySignature(schema, items, operator.address, nonce, deadline, s);
      const twinDomain = { ...domain, verifyingContract: await twin.getAddress() };
      await expect(carry(signature))
        .to.be.revertedWithCustomError(twin, "SignatureInvalid")
        .withArgs(operator.address, TypedDataEncoder.hash(twinDomain, ATTEST_MANY, message));
      await expect(carry(await operator.signTypedData(twinDomain, ATTEST_MANY, message))).to.emit(
        twin,
        "AttestationIssued",
      );
    });

    it("reverts when anything signed is changed", async () => {
      const { message, signature, expectRefused, colleague } = await fixture();
      const [first, second, third] = message.items;
      if (first === undefined || second === undefined || third === undefined) throw new Error("three items");
      for (const items of [
        [first, second],
        [second, first, third],
        [first, second, third, third],
        [{ ...first, content: id("other") }, second, third],
        [first, second, { ...third, expiresAt: third.expiresAt - 1n }],
        [],
      ]) {
        await expectRefused({ ...message, items }, signature);
      }
      await expectRefused({ ...message, schema: OTHER_SCHEMA }, signature);
      await expectRefused({ ...message, operator: colleague.address }, signature);
      await expectRefused({ ...message, deadline: message.deadline + 1n }, signature);
    });

    it("reverts when somebody else signed, accredited or not", async () => {
      const { message, domain, expectRefused, stranger, colleague, rivalClerk } = await fixture();
      for (const other of [stranger, colleague, rivalClerk]) {
        await expectRefused(message, await other.signTypedData(domain, ATTEST_MANY, message));
      }
    });

    it("reverts when nobody is named and nobody signed", async () => {
      const { message, expectRefused } = await fixture();
      const nobody = { ...message, operator: ZeroAddress };
      for (const signature of ["0x", `0x${"00".repeat(65)}`, `0x${"00".repeat(64)}1b`]) {
        await expectRefused(nobody, signature);
      }
    });

    it("reverts when the signature is written in another way", async () => {
      const { message, signature, expectRefused } = await fixture();
      for (const written of Object.values(writingsOf(signature))) await expectRefused(message, written);
      await expectRefused(message, "0x");
    });

    it("reverts when there is no item", async () => {
      const { registry, message, carry, operator, domain } = await fixture();
      const empty = { ...message, items: [] };
      const signature = await operator.signTypedData(domain, ATTEST_MANY, empty);
      await expect(carry(empty, signature)).to.be.revertedWithCustomError(registry, "BatchEmpty").withArgs();
    });

    it("changes nothing, and leaves the signature unused, when one item is over", async () => {
      const { registry, attestations, message, carry, operator, domain } = await fixture();
      for (const index of [0, 1, 2]) {
        const items = message.items.map((item, i) => (i === index ? { ...item, expiresAt: 1n } : item));
        const signature = await operator.signTypedData(domain, ATTEST_MANY, { ...message, items });
        await expect(carry({ ...message, items }, signature)).to.be.revertedWithCustomError(registry, "ExpiryInPast");
      }
      for (const a of attestations) expect((await registry.recordOf(uidOf(a))).issuedAt).to.equal(0n);
      expect(await registry.nonces(operator.address)).to.equal(0n);
    });
  });

  describe("when what it issued was revoked", () => {
    it("stays revoked, however the signature is written", async () => {
      const { registry, attestations, message, signature, carry, operator } = await fixture();
      await carry(message, signature);
      const uids = attestations.map(uidOf);
      await registry.revokeMany(uids, REASON.PRIVILEGE_WITHDRAWN);
      for (const written of [signature, ...Object.values(writingsOf(signature))]) {
        await expect(carry(message, written))
          .to.be.revertedWithCustomError(registry, "InvalidAccountNonce")
          .withArgs(operator.address, 1n);
      }
      for (const a of attestations) expect((await registry.statusOf(a)).status).to.equal(STATUS.REVOKED);
    });

    it("stays revoked, even when the key signs the same again", async () => {
      const { registry, attestations, message, signature, carry, operator, domain } = await fixture();
      await carry(message, signature);
      const uids = attestations.map(uidOf);
      await registry.revokeMany(uids, REASON.PRIVILEGE_WITHDRAWN);
      const again = { ...message, nonce: 1n };
      const fresh = await operator.signTypedData(domain, ATTEST_MANY, again);
      await expect(carry(again, fresh)).to.be.revertedWithCustomError(registry, "AttestationExists").withArgs(uids[0]);
      for (const a of attestations) expect((await registry.statusOf(a)).status).to.equal(STATUS.REVOKED);
    });
  });

  describe("by an ERC-1271 wallet", () => {
    async function walletFixture() {
      const f = await fixture();
      const wallet = await f.ethers.deployContract("Wallet", [f.stranger.address]);
      const address = await wallet.getAddress();
      const behave = (behaviour: Behaviour) => wallet.getFunction("behave").send(behaviour);
      /** While it is asked, the wallet calls the registry, and then says yes. */
      const reenter = (data: string) => wallet.getFunction("reenter").send(f.registry.getAddress(), data);
      const consent = await signConsent(f, { body: f.office, operator: f.stranger, wallet: address });
      await f.trustList.connect(f.controller).authorizeKey(f.office, address, [SCHEMA], 0n, NO_END, NO_END, consent);
      const message = { ...f.message, operator: address };
      const signature = await f.stranger.signTypedData(f.domain, ATTEST_MANY, message);
      return { ...f, behave, reenter, address, message, signature };
    }

    it("keeps each record for the wallet's key", async () => {
      const { registry, attestations, message, signature, carry, office, address, trustList } = await walletFixture();
      await carry(message, signature);
      const { index } = await trustList.keyOf(address);
      for (const a of attestations) {
        const { issuer, key } = await registry.recordOf(uidOf(a));
        expect([issuer, key]).to.deep.equal([office, index]);
      }
      expect(await registry.nonces(address)).to.equal(1n);
    });

    it("reverts when the wallet's owner did not sign it", async () => {
      const { message, domain, operator, signature, expectRefused } = await walletFixture();
      await expectRefused(message, await operator.signTypedData(domain, ATTEST_MANY, message));
      await expectRefused({ ...message, items: message.items.slice(1) }, signature);
    });

    it("reverts when the signature was used before, however it is written", async () => {
      const { registry, message, signature, carry, address } = await walletFixture();
      await carry(message, signature);
      for (const written of [signature, ...Object.values(writingsOf(signature))]) {
        await expect(carry(message, written))
          .to.be.revertedWithCustomError(registry, "InvalidAccountNonce")
          .withArgs(address, 1n);
      }
    });

    it("reverts after the deadline, whatever the wallet says", async () => {
      const { registry, message, signature, carry, time } = await walletFixture();
      await time.setNextBlockTimestamp(message.deadline + 1n);
      await expect(carry(message, signature))
        .to.be.revertedWithCustomError(registry, "SignatureExpired")
        .withArgs(message.deadline, message.deadline + 1n);
    });

    for (const behaviour of [
      Behaviour.Reverts,
      Behaviour.BurnsAllGas,
      Behaviour.AnswersNothing,
      Behaviour.AnswersFourBytes,
      Behaviour.AnswersZero,
      Behaviour.AnswersOnes,
      Behaviour.AnswersDirty,
      Behaviour.AnswersHuge,
    ]) {
      it(`reverts when the wallet ${Behaviour[behaviour]}`, async () => {
        const { registry, behave, message, signature, expectRefused, address } = await walletFixture();
        await behave(behaviour);
        await expectRefused(message, signature);
        expect(await registry.nonces(address)).to.equal(0n);
      });
    }

    it("lets the wallet write nothing while it is asked", async () => {
      const { registry, reenter, attestation, attestations, message, carry } = await walletFixture();
      const extra = attestation(50);
      await reenter(registry.interface.encodeFunctionData("attest", [SCHEMA, itemOf(extra).content, NO_END]));
      await carry(message, "0x");
      expect((await registry.recordOf(uidOf(extra))).issuedAt).to.equal(0n);
      for (const a of attestations) expect((await registry.recordOf(uidOf(a))).issuedAt).to.not.equal(0n);
    });

    it("does not let the wallet spend its acceptance twice by reentering", async () => {
      const { registry, reenter, message, carry, address } = await walletFixture();
      const { schema, items, operator, nonce, deadline } = message;
      await reenter(
        registry.interface.encodeFunctionData("attestManyBySignature", [
          schema,
          items,
          operator,
          nonce,
          deadline,
          "0x",
        ]),
      );
      await carry(message, "0x");
      expect(await registry.nonces(address)).to.equal(1n);
    });
  });
});
