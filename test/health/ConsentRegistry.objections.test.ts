import { expect } from "chai";

import {
  ACCESSED,
  consentFixture,
  ETREAT,
  headOf,
  HRESCH,
  purposes,
  SCOPE,
  signFor,
  STATUS,
  TREAT,
} from "../helpers/consents.js";
import { timeOf } from "../helpers/trust.js";

/** The fixture with a grant for treatment and research. */
async function grantedFixture() {
  const f = await consentFixture();
  const { registry, byRelayer, patient, terms, deadline } = f;
  await registry.grant(terms({ purposes: purposes(TREAT, HRESCH) }));
  const message = (mask: bigint, nonce: bigint) => ({ patient: patient.address, purposes: mask, nonce, deadline });
  return {
    ...f,
    sign: (mask: bigint, nonce: bigint, by = patient) =>
      signFor(registry, by, "ConsentObjection", message(mask, nonce)),
    carry: (mask: bigint, nonce: bigint, signature: string, until = deadline) =>
      byRelayer.objectToBySignature(patient, mask, nonce, until, signature),
  };
}

describe("ConsentRegistry: objections", () => {
  it("bar a purpose whatever was granted, and no other, and tell", async () => {
    const { registry, byHospital, patient, parties, statusFor } = await grantedFixture();
    await expect(registry.objectTo(purposes(HRESCH)))
      .to.emit(registry, "ObjectionsSet")
      .withArgs(patient.address, purposes(HRESCH), patient.address);
    expect(await registry.objectionsOf(patient)).to.equal(purposes(HRESCH));
    expect(await statusFor(HRESCH)).to.equal(STATUS.OBJECTED);
    expect(await statusFor(TREAT)).to.equal(STATUS.IN_FORCE);
    await expect(byHospital.logAccess(patient, SCOPE, HRESCH, ACCESSED))
      .to.be.revertedWithCustomError(registry, "ConsentNotInForce")
      .withArgs(patient.address, parties.hospital.body, SCOPE, HRESCH, STATUS.OBJECTED);
    await byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED);
  });

  it("outlive grants made after them, and are one patient's alone", async () => {
    const { registry, otherPatient, terms, parties, statusFor } = await grantedFixture();
    await registry.objectTo(purposes(HRESCH));
    await registry.grant(terms({ purposes: purposes(HRESCH) }));
    expect(await statusFor(HRESCH)).to.equal(STATUS.OBJECTED);
    await registry.connect(otherPatient).grant(terms({ purposes: purposes(HRESCH) }));
    expect(await registry.statusOf(otherPatient, parties.hospital.body, SCOPE, HRESCH)).to.equal(STATUS.IN_FORCE);
  });

  it("are set as a whole: what is left out is lifted", async () => {
    const { registry, patient, statusFor } = await grantedFixture();
    await registry.objectTo(purposes(TREAT, HRESCH));
    await registry.objectTo(purposes(TREAT));
    expect(await statusFor(HRESCH)).to.equal(STATUS.IN_FORCE);
    await registry.objectTo(2n ** 32n - 1n);
    expect(await registry.objectionsOf(patient)).to.equal(2n ** 32n - 1n);
    expect(await statusFor(TREAT)).to.equal(STATUS.OBJECTED);
  });

  it("leave the chain of accesses as it is, and accesses leave them", async () => {
    const { registry, byHospital, patient, parties } = await grantedFixture();
    await registry.objectTo(purposes(HRESCH));
    const time = await timeOf(byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED));
    expect(await registry.objectionsOf(patient)).to.equal(purposes(HRESCH));
    const access = { recipient: parties.hospital.body, key: 1n, purpose: TREAT, basis: SCOPE };
    const head = headOf([{ ...access, version: 1n, time, commitment: ACCESSED }]);
    expect(await registry.accessHeadOf(patient)).to.equal(head);
    await registry.objectTo(2n ** 32n - 1n);
    expect(await registry.accessHeadOf(patient)).to.equal(head);
  });

  it("do not bar an emergency", async () => {
    const { registry, byHospital, patient, decide } = await grantedFixture();
    await decide(registry, "setReviewLimit", [1n]);
    await registry.objectTo(2n ** 32n - 1n);
    const openedAt = await timeOf(byHospital.breakGlass(patient, 3_600n, 1n, ACCESSED));
    await expect(byHospital.logEmergencyAccess(patient, openedAt, ACCESSED)).to.emit(registry, "AccessLogged");
    // The purpose alone opens nothing: without the broken glass, emergency treatment is a purpose like any other.
    await expect(byHospital.logAccess(patient, SCOPE, ETREAT, ACCESSED)).to.be.revertedWithCustomError(
      registry,
      "ConsentNotInForce",
    );
  });

  describe("by signature", () => {
    it("count once, whoever carries them", async () => {
      const { registry, patient, sign, carry, statusFor } = await grantedFixture();
      const signature = await sign(purposes(TREAT), 0n);
      await expect(carry(purposes(TREAT), 0n, signature))
        .to.emit(registry, "ObjectionsSet")
        .withArgs(patient.address, purposes(TREAT), patient.address);
      expect(await statusFor()).to.equal(STATUS.OBJECTED);
      await expect(carry(purposes(TREAT), 0n, signature))
        .to.be.revertedWithCustomError(registry, "InvalidAccountNonce")
        .withArgs(patient.address, 1n);
    });

    it("that lift an objection count no more after one made since", async () => {
      const { registry, patient, sign, carry, statusFor } = await grantedFixture();
      const lift = await sign(0n, 0n);
      await registry.objectTo(purposes(TREAT));
      await expect(carry(0n, 0n, lift))
        .to.be.revertedWithCustomError(registry, "InvalidAccountNonce")
        .withArgs(patient.address, 1n);
      expect(await statusFor()).to.equal(STATUS.OBJECTED);
    });

    it("revert when they are another's, altered or late", async () => {
      const { registry, byRelayer, otherPatient, parties, sign, carry, deadline, at } = await grantedFixture();
      const signature = await sign(1n, 0n);
      const invalid = (sent: Promise<unknown>) =>
        expect(sent).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      await invalid(carry(3n, 0n, signature));
      await invalid(carry(1n, 0n, signature, deadline + 1n));
      await invalid(byRelayer.objectToBySignature(otherPatient, 1n, 0n, deadline, signature));
      await invalid(carry(1n, 0n, await sign(1n, 0n, parties.hospital.key)));
      await at(deadline + 1n);
      await expect(carry(1n, 0n, signature)).to.be.revertedWithCustomError(registry, "SignatureExpired");
    });
  });

  it("by a guardian count for the patient, and end what the patient signed before", async () => {
    const { registry, byGuardian, patient, guardian, appoint, sign, carry, statusFor } = await grantedFixture();
    await appoint();
    const lift = await sign(0n, 0n);
    await expect(byGuardian.objectToAsGuardian(patient, purposes(TREAT)))
      .to.emit(registry, "ObjectionsSet")
      .withArgs(patient.address, purposes(TREAT), guardian.address);
    expect(await statusFor()).to.equal(STATUS.OBJECTED);
    await expect(carry(0n, 0n, lift)).to.be.revertedWithCustomError(registry, "InvalidAccountNonce");
  });

  it("are added while the council stopped new writes, and not lifted", async () => {
    const { registry, byGuardian, patient, appoint, sign, carry, stopUntil, start } = await grantedFixture();
    await appoint();
    await registry.objectTo(purposes(HRESCH));
    await stopUntil(registry, start + 1_000n);
    const stopped = (sent: Promise<unknown>) =>
      expect(sent)
        .to.be.revertedWithCustomError(registry, "WritesAreStopped")
        .withArgs(start + 1_000n);
    await stopped(registry.objectTo(0n));
    await stopped(registry.objectTo(purposes(TREAT)));
    await stopped(carry(0n, 1n, await sign(0n, 1n)));
    await stopped(byGuardian.objectToAsGuardian(patient, 0n));
    await registry.objectTo(purposes(HRESCH));
    await registry.objectTo(purposes(HRESCH, TREAT));
    await carry(7n | purposes(HRESCH), 3n, await sign(7n | purposes(HRESCH), 3n));
    await byGuardian.objectToAsGuardian(patient, 2n ** 32n - 1n);
    expect(await registry.objectionsOf(patient)).to.equal(2n ** 32n - 1n);
  });
});
