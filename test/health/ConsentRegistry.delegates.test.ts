import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import {
  BY,
  commitmentOf,
  consentFixture,
  SCOPE,
  signFor,
  STATE,
  STATUS,
  type Delegates,
} from "../helpers/consents.js";
import type { Signer } from "../helpers/trust.js";

/** The fixture with three delegates, of whom two must sign. */
async function delegatedFixture() {
  const f = await consentFixture();
  const { registry, byRelayer, patient, parties, terms, delegation, deadline } = f;
  const { list, signers } = delegation;
  await registry.setDelegates(commitmentOf(list));
  const given = terms();
  const approve = async (by: Signer, version = 0n) => ({
    delegate: by.address,
    signature: await f.signGrant(given, { by, version }),
  });
  const [a, b, c] = signers as [Signer, Signer, Signer];
  return {
    ...f,
    list,
    a,
    b,
    c,
    given,
    approve,
    carry: async (approvals: { delegate: string; signature: string }[], { version = 0n, delegates = list } = {}) =>
      byRelayer.grantByDelegates(patient, given, version, deadline, delegates, approvals),
    carryRevocation: async (by: Signer[], version: bigint) => {
      const approvals = await Promise.all(
        by.map(async (one) => ({
          delegate: one.address,
          signature: await f.signRevocation({ by: one, version }),
        })),
      );
      return byRelayer.revokeByDelegates(patient, parties.hospital.body, SCOPE, version, deadline, list, approvals);
    },
  };
}

describe("ConsentRegistry: delegates", () => {
  describe("setDelegates", () => {
    it("keeps a commitment alone, tells, and moves the patient's nonce on", async () => {
      const { registry, patient, delegation } = await consentFixture();
      const commitment = commitmentOf(delegation.list);
      await expect(registry.setDelegates(commitment))
        .to.emit(registry, "DelegatesSet")
        .withArgs(patient.address, commitment);
      expect(await registry.delegatesOf(patient)).to.equal(commitment);
      expect(await registry.nonces(patient)).to.equal(1n);
    });

    it("dismisses them while the council stopped new writes, and names none", async () => {
      const { registry, patient, delegation, stopUntil, start } = await consentFixture();
      const commitment = commitmentOf(delegation.list);
      await registry.setDelegates(commitment);
      await stopUntil(registry, start + 1_000n);
      await expect(registry.setDelegates(commitment)).to.be.revertedWithCustomError(registry, "WritesAreStopped");
      await registry.setDelegates(ZeroHash);
      expect(await registry.delegatesOf(patient)).to.equal(ZeroHash);
    });

    it("by signature, once, and not after any other change of delegates or objections", async () => {
      const { registry, byRelayer, patient, delegation, deadline } = await consentFixture();
      const commitment = commitmentOf(delegation.list);
      const sign = (nonce: bigint) =>
        signFor(registry, patient, "ConsentDelegation", { patient: patient.address, commitment, nonce, deadline });
      const first = await sign(0n);
      await expect(byRelayer.setDelegatesBySignature(patient, commitment, 0n, deadline, first))
        .to.emit(registry, "DelegatesSet")
        .withArgs(patient.address, commitment);
      const used = (nonce: bigint, signature: string, current: bigint) =>
        expect(byRelayer.setDelegatesBySignature(patient, commitment, nonce, deadline, signature))
          .to.be.revertedWithCustomError(registry, "InvalidAccountNonce")
          .withArgs(patient.address, current);
      await used(0n, first, 1n);
      const second = await sign(1n);
      await registry.setDelegates(ZeroHash);
      await used(1n, second, 2n);
      const third = await sign(2n);
      await registry.objectTo(1n);
      await used(2n, third, 3n);
      expect(await registry.delegatesOf(patient)).to.equal(ZeroHash);
    });

    it("by signature reverts when it is another's, altered or late", async () => {
      const { registry, byRelayer, patient, otherPatient, delegation, deadline, at } = await consentFixture();
      const commitment = commitmentOf(delegation.list);
      const message = { patient: patient.address, commitment, nonce: 0n, deadline };
      const signature = await signFor(registry, patient, "ConsentDelegation", message);
      const invalid = (sent: Promise<unknown>) =>
        expect(sent).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      await invalid(byRelayer.setDelegatesBySignature(patient, id("other"), 0n, deadline, signature));
      await invalid(byRelayer.setDelegatesBySignature(otherPatient, commitment, 0n, deadline, signature));
      const others = await signFor(registry, otherPatient, "ConsentDelegation", message);
      await invalid(byRelayer.setDelegatesBySignature(patient, commitment, 0n, deadline, others));
      await at(deadline + 1n);
      await expect(
        byRelayer.setDelegatesBySignature(patient, commitment, 0n, deadline, signature),
      ).to.be.revertedWithCustomError(registry, "SignatureExpired");
    });
  });

  describe("grantByDelegates", () => {
    it("records what any two of them signed, whoever carries it, and tells", async () => {
      const f = await delegatedFixture();
      const { registry, patient, parties, given, a, b, c, approve, carry } = f;
      await expect(carry([await approve(a), await approve(c)]))
        .to.emit(registry, "ConsentGranted")
        .withArgs(
          patient.address,
          parties.hospital.body,
          SCOPE,
          given.purposes,
          given.from,
          given.until,
          given.uses,
          1n,
          ZeroAddress,
        );
      const { by, state, guardian } = await f.recorded();
      expect([by, state, guardian]).to.deep.equal([BY.DELEGATES, STATE.GRANTED, ZeroAddress]);
      await carry([await approve(b, 1n), await approve(c, 1n)], { version: 1n });
      await carry([await approve(a, 2n), await approve(b, 2n), await approve(c, 2n)], { version: 2n });
      expect((await f.recorded()).version).to.equal(3n);
    });

    it("is good for an access, like any other", async () => {
      const { byHospital, patient, a, b, approve, carry, statusFor } = await delegatedFixture();
      await carry([await approve(a), await approve(b)]);
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
      await byHospital.logAccess(patient, SCOPE, 0n, id("read"));
    });

    it("reverts when one signs twice", async () => {
      const { registry, patient, a, approve, carry } = await delegatedFixture();
      await expect(carry([await approve(a), await approve(a)]))
        .to.be.revertedWithCustomError(registry, "NotDelegate")
        .withArgs(patient.address, a.address);
    });

    it("reverts when one who stands twice in the list signs twice", async () => {
      const { registry, patient, list, a, b, approve, carry } = await delegatedFixture();
      const doubled: Delegates = { ...list, members: [a.address, a.address, b.address] };
      await registry.setDelegates(commitmentOf(doubled));
      await expect(carry([await approve(a), await approve(a)], { delegates: doubled }))
        .to.be.revertedWithCustomError(registry, "NotDelegate")
        .withArgs(patient.address, a.address);
    });

    it("reverts when they are out of order, or not of the list", async () => {
      const { registry, patient, a, b, spare, approve, carry } = await delegatedFixture();
      await expect(carry([await approve(b), await approve(a)]))
        .to.be.revertedWithCustomError(registry, "NotDelegate")
        .withArgs(patient.address, a.address);
      const strangers = spare.slice(0, 2).toSorted((x, y) => (BigInt(x.address) < BigInt(y.address) ? -1 : 1));
      await expect(carry([await approve(strangers[0]!), await approve(strangers[1]!)]))
        .to.be.revertedWithCustomError(registry, "NotDelegate")
        .withArgs(patient.address, strangers[0]!.address);
    });

    it("reverts below the threshold, where 0 counts as 1", async () => {
      const { registry, patient, list, a, approve, carry } = await delegatedFixture();
      const few = (approvals: bigint, threshold: bigint, sent: Promise<unknown>) =>
        expect(sent)
          .to.be.revertedWithCustomError(registry, "TooFewDelegates")
          .withArgs(patient.address, approvals, threshold);
      await few(1n, 2n, carry([await approve(a)]));
      await few(0n, 2n, carry([]));
      const none: Delegates = { ...list, threshold: 0n };
      await registry.setDelegates(commitmentOf(none));
      await few(0n, 1n, carry([], { delegates: none }));
      await carry([await approve(a)], { delegates: none });
    });

    it("reverts from the second on at which their term is over, and what they granted stays", async () => {
      const { registry, patient, terms, list, a, b, approve, carry, at, deadline, statusFor } =
        await delegatedFixture();
      const brief: Delegates = { ...list, until: deadline - 100n };
      await registry.setDelegates(commitmentOf(brief));
      await at(brief.until - 1n);
      await carry([await approve(a), await approve(b)], { delegates: brief });
      await at(brief.until);
      await expect(carry([await approve(a, 1n), await approve(b, 1n)], { delegates: brief, version: 1n }))
        .to.be.revertedWithCustomError(registry, "DelegatesLapsed")
        .withArgs(patient.address, brief.until);
      expect(terms().until > brief.until).to.equal(true);
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
    });

    it("reverts when the list is not the one committed to, in any part", async () => {
      const { registry, patient, list, a, b, approve, carry, spare } = await delegatedFixture();
      const approvals = [await approve(a), await approve(b)];
      const others: Delegates[] = [
        { ...list, members: list.members.slice(0, 2) },
        { ...list, members: [...list.members, spare[0]!.address] },
        { ...list, threshold: 1n },
        { ...list, until: list.until + 1n },
        { ...list, salt: id("other") },
      ];
      for (const delegates of others) {
        await expect(carry(approvals, { delegates }))
          .to.be.revertedWithCustomError(registry, "DelegatesMismatch")
          .withArgs(patient.address, commitmentOf(delegates));
      }
      await registry.setDelegates(ZeroHash);
      await expect(carry(approvals)).to.be.revertedWithCustomError(registry, "DelegatesMismatch");
    });

    it("reverts when one of the signatures is another's, for another version, or altered", async () => {
      const { registry, a, b, c, approve, carry, given, signGrant } = await delegatedFixture();
      const good = await approve(a);
      const bad = [
        { delegate: b.address, signature: (await approve(c)).signature },
        { delegate: b.address, signature: (await approve(b, 1n)).signature },
        { delegate: b.address, signature: await signGrant({ ...given, uses: 9n }, { by: b }) },
        { delegate: b.address, signature: await signGrant(given, { by: b, of: b.address }) },
        { delegate: b.address, signature: "0x" },
      ];
      for (const one of bad) {
        await expect(carry([good, one])).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      }
      // One that is not needed counts as badly.
      const needed = [good, await approve(b)];
      await expect(carry([...needed, { delegate: c.address, signature: "0x" }])).to.be.revertedWithCustomError(
        registry,
        "SignatureInvalid",
      );
    });

    it("reverts when it was carried before, or the patient revoked since", async () => {
      const { registry, parties, a, b, approve, carry } = await delegatedFixture();
      const approvals = [await approve(a), await approve(b)];
      await registry.revoke(parties.hospital.body, SCOPE);
      await expect(carry(approvals)).to.be.revertedWithCustomError(registry, "ConsentVersionMismatch").withArgs(0n, 1n);
      const again = [await approve(a, 1n), await approve(b, 1n)];
      await carry(again, { version: 1n });
      await expect(carry(again, { version: 1n }))
        .to.be.revertedWithCustomError(registry, "ConsentVersionMismatch")
        .withArgs(1n, 2n);
    });

    it("counts a wallet among them by what it says", async () => {
      const f = await delegatedFixture();
      const { registry, ethers, list, a, b, c, given, approve, carry } = f;
      const wallet = await ethers.deployContract("Wallet", [c.address]);
      const address = await wallet.getAddress();
      const members = [a.address, b.address, address].sort((x, y) => (BigInt(x) < BigInt(y) ? -1 : 1));
      const withWallet: Delegates = { ...list, members };
      await registry.setDelegates(commitmentOf(withWallet));
      const ofWallet = { delegate: address, signature: await f.signGrant(given, { by: c }) };
      const approvals = [await approve(a), ofWallet].sort((x, y) => (BigInt(x.delegate) < BigInt(y.delegate) ? -1 : 1));
      await wallet.getFunction("behave")(1n);
      await expect(carry(approvals, { delegates: withWallet })).to.be.revertedWithCustomError(
        registry,
        "SignatureInvalid",
      );
      await wallet.getFunction("behave")(0n);
      await carry(approvals, { delegates: withWallet });
    });
  });

  describe("revokeByDelegates", () => {
    it("ends a consent, whoever granted it, and tells", async () => {
      const { registry, patient, parties, given, a, b, carryRevocation, recorded } = await delegatedFixture();
      await registry.grant(given);
      await expect(carryRevocation([a, b], 1n))
        .to.emit(registry, "ConsentRevoked")
        .withArgs(patient.address, parties.hospital.body, SCOPE, 2n, ZeroAddress);
      const { by, state } = await recorded();
      expect([by, state]).to.deep.equal([BY.DELEGATES, STATE.REVOKED]);
    });

    it("for the next version ends a grant that was signed and not carried", async () => {
      const { registry, a, b, c, approve, carry, carryRevocation } = await delegatedFixture();
      const approvals = [await approve(a), await approve(b)];
      await carryRevocation([b, c], 1n);
      await expect(carry(approvals)).to.be.revertedWithCustomError(registry, "ConsentVersionMismatch");
    });

    it("reverts below the threshold, twice, and for another version", async () => {
      const { registry, given, a, b, carryRevocation, statusFor } = await delegatedFixture();
      await registry.grant(given);
      await expect(carryRevocation([a], 1n)).to.be.revertedWithCustomError(registry, "TooFewDelegates");
      await expect(carryRevocation([a, b], 0n)).to.be.revertedWithCustomError(registry, "ConsentVersionMismatch");
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
      await carryRevocation([a, b], 1n);
      await expect(carryRevocation([a, b], 1n))
        .to.be.revertedWithCustomError(registry, "ConsentVersionMismatch")
        .withArgs(1n, 2n);
    });
  });
});
