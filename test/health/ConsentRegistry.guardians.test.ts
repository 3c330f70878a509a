import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { ACCESSED, BY, consentFixture, HRESCH, purposes, SCOPE, STATE, STATUS, TREAT } from "../helpers/consents.js";
import { scopeOf } from "../helpers/parties.js";
import { Standing, timeOf } from "../helpers/trust.js";

/** The fixture with a guardian until a patient's majority, some 100 days away. */
async function guardedFixture() {
  const f = await consentFixture();
  const majority = f.start + 8_640_000n;
  await f.appoint(majority);
  const { registry, guardian, patient } = f;
  return {
    ...f,
    majority,
    /** The terms of a grant until the majority. */
    minorTerms: (other = {}) => f.terms({ until: majority, ...other }),
    expectNoGuardian: (sent: Promise<unknown>, standing: bigint) =>
      expect(sent)
        .to.be.revertedWithCustomError(registry, "GuardianNotInForce")
        .withArgs(patient.address, guardian.address, standing),
    standing: () => registry.guardianStandingOf(patient, guardian),
  };
}

describe("ConsentRegistry: guardians", () => {
  describe("appointGuardian", () => {
    it("records the court, its key and the end, and tells", async () => {
      const { registry, patient, guardian, parties, start, appoint } = await consentFixture();
      const sent = appoint(start + 1_000n);
      await expect(sent)
        .to.emit(registry, "GuardianAppointed")
        .withArgs(patient.address, guardian.address, parties.court.body, 1n, start + 1_000n);
      const { from, until, endedAt, court, key, role } = await registry.guardianshipOf(patient, guardian);
      expect([from, until, endedAt]).to.deep.equal([await timeOf(sent), start + 1_000n, 0n]);
      expect([court, key, role]).to.deep.equal([parties.court.body, 1n, 0n]);
      expect(await registry.guardianStandingOf(patient, guardian)).to.equal(Standing.IN_FORCE);
      expect(await registry.guardianStandingOf(guardian, patient)).to.equal(Standing.NONE);
    });

    it("reverts when the caller is no court: a hospital, the patient, a stranger", async () => {
      const { registry, patient, guardian, parties, trustList, start, stranger } = await consentFixture();
      const appoint = (by: typeof patient) => registry.connect(by).appointGuardian(patient, guardian, start + 1_000n);
      await expect(appoint(parties.hospital.key))
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scopeOf("court"), parties.hospital.body, Standing.NONE);
      for (const nobody of [patient, guardian, stranger]) {
        await expect(appoint(nobody))
          .to.be.revertedWithCustomError(trustList, "KeyNotInForce")
          .withArgs(nobody.address, Standing.NONE);
      }
    });

    it("reverts when the court is suspended", async () => {
      const { appoint, parties, trustList, councilDoes } = await consentFixture();
      await councilDoes("suspend", "court", parties.court.body);
      await expect(appoint())
        .to.be.revertedWithCustomError(trustList, "NotAccredited")
        .withArgs(scopeOf("court"), parties.court.body, Standing.SUSPENDED);
    });

    it("reverts when its end is not after now", async () => {
      const { registry, appoint, start, at } = await consentFixture();
      await at(start + 100n);
      await expect(appoint(start + 100n))
        .to.be.revertedWithCustomError(registry, "GuardianshipInPast")
        .withArgs(start + 100n, start + 100n);
    });

    it("reverts for one's own guardian, for nobody and for a nobody", async () => {
      const { registry, appoint, patient, parties, guardian, start } = await consentFixture();
      for (const account of [patient.address, ZeroAddress]) {
        await expect(appoint(start + 1_000n, account))
          .to.be.revertedWithCustomError(registry, "GuardianInvalid")
          .withArgs(patient.address, account);
      }
      await expect(
        registry.connect(parties.court.key).appointGuardian(ZeroAddress, guardian, start + 1_000n),
      ).to.be.revertedWithCustomError(registry, "GuardianInvalid");
    });

    it("reverts while the council stopped new writes", async () => {
      const { registry, appoint, start, stopUntil } = await consentFixture();
      await stopUntil(registry, start + 1_000n);
      await expect(appoint())
        .to.be.revertedWithCustomError(registry, "WritesAreStopped")
        .withArgs(start + 1_000n);
    });

    it("by another court takes the earlier appointment's place", async () => {
      const f = await guardedFixture();
      const { registry, patient, guardian, enrol, spare, majority, trustList, parties } = f;
      const next = await enrol(spare[0]!, ["court"]);
      await registry.connect(next.key).appointGuardian(patient, guardian, majority - 1n);
      const { court, until } = await registry.guardianshipOf(patient, guardian);
      expect([court, until]).to.deep.equal([next.body, majority - 1n]);
      // And so does the power to end it.
      await expect(
        registry.connect(parties.court.key).endGuardianship(patient, guardian),
      ).to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody");
    });
  });

  describe("a guardian", () => {
    it("grants and revokes for the patient, and the record names the guardian", async () => {
      const { registry, byGuardian, byHospital, patient, guardian, parties, minorTerms, recorded, statusFor } =
        await guardedFixture();
      const given = minorTerms({ uses: 2n });
      await expect(byGuardian.grantAsGuardian(patient, given))
        .to.emit(registry, "ConsentGranted")
        .withArgs(
          patient.address,
          parties.hospital.body,
          SCOPE,
          given.purposes,
          given.from,
          given.until,
          2n,
          1n,
          guardian.address,
        );
      expect((await recorded()).guardian).to.equal(guardian.address);
      expect((await recorded()).by).to.equal(BY.GUARDIAN);
      await byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED);
      expect((await recorded()).uses).to.equal(1n);
      await byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED);
      expect(await statusFor()).to.equal(STATUS.USED_UP);

      await expect(byGuardian.revokeAsGuardian(patient, parties.hospital.body, SCOPE))
        .to.emit(registry, "ConsentRevoked")
        .withArgs(patient.address, parties.hospital.body, SCOPE, 2n, guardian.address);
      const { by, state, guardian: named } = await recorded();
      expect([by, state, named]).to.deep.equal([BY.GUARDIAN, STATE.REVOKED, ZeroAddress]);
      expect(await statusFor()).to.equal(STATUS.REVOKED);
    });

    it("acts for nobody else, and nobody else as the guardian", async () => {
      const { registry, byGuardian, guardian, otherPatient, patient, minorTerms, stranger, parties } =
        await guardedFixture();
      await expect(byGuardian.grantAsGuardian(otherPatient, minorTerms()))
        .to.be.revertedWithCustomError(registry, "GuardianNotInForce")
        .withArgs(otherPatient.address, guardian.address, Standing.NONE);
      for (const other of [stranger, patient, parties.court.key, parties.hospital.key]) {
        const by = registry.connect(other);
        for (const sent of [
          by.grantAsGuardian(patient, minorTerms()),
          by.revokeAsGuardian(patient, parties.hospital.body, SCOPE),
          by.objectToAsGuardian(patient, 1n),
        ]) {
          await expect(sent)
            .to.be.revertedWithCustomError(registry, "GuardianNotInForce")
            .withArgs(patient.address, other.address, Standing.NONE);
        }
      }
    });

    it("grants nothing that outlasts the guardianship, to the second", async () => {
      const { registry, byGuardian, patient, minorTerms, majority } = await guardedFixture();
      await expect(byGuardian.grantAsGuardian(patient, minorTerms({ until: majority + 1n })))
        .to.be.revertedWithCustomError(registry, "ConsentOutlastsGuardian")
        .withArgs(majority + 1n, majority);
      await byGuardian.grantAsGuardian(patient, minorTerms({ until: majority }));
    });

    it("acts until the second before the majority, and not in it", async () => {
      const { byGuardian, patient, minorTerms, majority, at, parties, expectNoGuardian, standing } =
        await guardedFixture();
      await at(majority - 1n);
      await byGuardian.grantAsGuardian(patient, minorTerms());

      const f = await guardedFixture();
      await f.at(majority);
      await expectNoGuardian(byGuardian.grantAsGuardian(patient, minorTerms()), Standing.EXPIRED);
      await expectNoGuardian(byGuardian.revokeAsGuardian(patient, parties.hospital.body, SCOPE), Standing.EXPIRED);
      await expectNoGuardian(byGuardian.objectToAsGuardian(patient, 1n), Standing.EXPIRED);
      await f.mineAt(majority);
      expect(await standing()).to.equal(Standing.EXPIRED);
    });

    it("and what was granted ends with the majority, when the patient decides", async () => {
      const { registry, byGuardian, patient, minorTerms, majority, mineAt, statusFor, terms } = await guardedFixture();
      await byGuardian.grantAsGuardian(patient, minorTerms());
      await mineAt(majority - 1n);
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
      await mineAt(majority);
      expect(await statusFor()).to.equal(STATUS.EXPIRED);
      await registry.grant(terms({ from: majority, until: majority + 1_000n }));
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
    });

    it("does not keep the patient from revoking, granting or objecting", async () => {
      const { registry, byGuardian, patient, parties, minorTerms, statusFor, recorded } = await guardedFixture();
      await byGuardian.grantAsGuardian(patient, minorTerms());
      await registry.revoke(parties.hospital.body, SCOPE);
      expect(await statusFor()).to.equal(STATUS.REVOKED);
      await byGuardian.grantAsGuardian(patient, minorTerms());
      await registry.objectTo(purposes(TREAT));
      expect(await statusFor()).to.equal(STATUS.OBJECTED);
      await registry.objectTo(0n);
      await registry.grant(minorTerms());
      expect((await recorded()).guardian).to.equal(ZeroAddress);
    });

    it("leaves what the patient granted alone when the guardianship ends", async () => {
      const { registry, byGuardian, patient, guardian, minorTerms, statusFor } = await guardedFixture();
      await byGuardian.grantAsGuardian(patient, minorTerms());
      await registry.grant(minorTerms());
      await byGuardian.endGuardianship(patient, guardian);
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
    });
  });

  describe("a guardian whose appointment does not stand", () => {
    it("counts no more when the court's key was compromised by then, nor does what was granted", async () => {
      const f = await guardedFixture();
      const { registry, byGuardian, byHospital, patient, guardian, parties, minorTerms, compromise } = f;
      await byGuardian.grantAsGuardian(patient, minorTerms());
      const { from } = await registry.guardianshipOf(patient, guardian);
      await compromise(parties.court.key, from);
      await f.expectNoGuardian(byGuardian.grantAsGuardian(patient, minorTerms()), Standing.COMPROMISED);
      await f.expectNoGuardian(
        byGuardian.revokeAsGuardian(patient, parties.hospital.body, SCOPE),
        Standing.COMPROMISED,
      );
      expect(await f.statusFor()).to.equal(STATUS.GUARDIAN_LAPSED);
      await expect(byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED))
        .to.be.revertedWithCustomError(registry, "ConsentNotInForce")
        .withArgs(patient.address, parties.hospital.body, SCOPE, TREAT, STATUS.GUARDIAN_LAPSED);
    });

    it("is told before an objection, and after a purpose that was never granted", async () => {
      const { registry, byGuardian, patient, guardian, minorTerms, statusFor } = await guardedFixture();
      await byGuardian.grantAsGuardian(patient, minorTerms());
      await byGuardian.endGuardianship(patient, guardian);
      await registry.objectTo(2n ** 32n - 1n);
      expect(await statusFor(TREAT)).to.equal(STATUS.GUARDIAN_LAPSED);
      expect(await statusFor(HRESCH)).to.equal(STATUS.PURPOSE_NOT_GRANTED);
    });

    it("counts on when the court's key was compromised a second later", async () => {
      const { registry, byGuardian, patient, guardian, parties, minorTerms, compromise, statusFor } =
        await guardedFixture();
      const { from } = await registry.guardianshipOf(patient, guardian);
      await byGuardian.grantAsGuardian(patient, minorTerms());
      await compromise(parties.court.key, from + 1n);
      await byGuardian.grantAsGuardian(patient, minorTerms());
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
    });

    it("counts on when the court loses its licence afterwards", async () => {
      const { byGuardian, patient, parties, minorTerms, councilDoes, statusFor } = await guardedFixture();
      await councilDoes("withdraw", "court", parties.court.body);
      await byGuardian.grantAsGuardian(patient, minorTerms());
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
    });
  });

  describe("endGuardianship", () => {
    it("by the court ends it and what was granted, and tells", async () => {
      const f = await guardedFixture();
      const { registry, byGuardian, byHospital, patient, guardian, parties, minorTerms } = f;
      await byGuardian.grantAsGuardian(patient, minorTerms());
      const sent = registry.connect(parties.court.key).endGuardianship(patient, guardian);
      await expect(sent)
        .to.emit(registry, "GuardianshipEnded")
        .withArgs(patient.address, guardian.address, parties.court.key.address);
      expect((await registry.guardianshipOf(patient, guardian)).endedAt).to.equal(await timeOf(sent));
      expect(await f.statusFor()).to.equal(STATUS.GUARDIAN_LAPSED);
      await expect(byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED)).to.be.revertedWithCustomError(
        registry,
        "ConsentNotInForce",
      );
      await f.expectNoGuardian(byGuardian.grantAsGuardian(patient, minorTerms()), Standing.WITHDRAWN);
    });

    it("by the guardian, and by a court that is accredited no longer, while writes are stopped", async () => {
      const f = await guardedFixture();
      const { registry, byGuardian, patient, guardian, parties, councilDoes, stopUntil, start } = f;
      await stopUntil(registry, start + 10_000n);
      await expect(byGuardian.endGuardianship(patient, guardian))
        .to.emit(registry, "GuardianshipEnded")
        .withArgs(patient.address, guardian.address, guardian.address);

      const again = await guardedFixture();
      await councilDoes("withdraw", "court", parties.court.body);
      await stopUntil(registry, start + 10_000n);
      await registry.connect(parties.court.key).endGuardianship(patient, guardian);
      expect(await again.standing()).to.equal(Standing.WITHDRAWN);
    });

    it("reverts for anybody else: the patient, another body, a retired key", async () => {
      const { registry, patient, guardian, parties, trustList, stranger, otherPatient } = await guardedFixture();
      const end = (by: typeof patient) => registry.connect(by).endGuardianship(patient, guardian);
      for (const nobody of [patient, otherPatient, stranger]) {
        await expect(end(nobody)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
      }
      await expect(end(parties.hospital.key))
        .to.be.revertedWithCustomError(trustList, "KeyOfAnotherBody")
        .withArgs(parties.hospital.key.address, parties.court.body, parties.hospital.body);
      await trustList.connect(parties.court.key).retireKey(parties.court.key);
      await expect(end(parties.court.key)).to.be.revertedWithCustomError(trustList, "KeyNotInForce");
    });

    it("reverts for a key of the court in another role", async () => {
      const { registry, patient, guardian, parties, trustList, accreditIn, giveKey, spare } = await guardedFixture();
      await accreditIn("payer", parties.court.body);
      await giveKey(parties.court.body, spare[0]!, ["payer"]);
      await expect(registry.connect(spare[0]).endGuardianship(patient, guardian))
        .to.be.revertedWithCustomError(trustList, "RoleNotListed")
        .withArgs(spare[0]!.address, parties.court.body, 0n);
    });

    it("reverts when there is none, or it is over", async () => {
      const { registry, byGuardian, patient, otherPatient, guardian, majority, at } = await guardedFixture();
      const notRunning = (sent: Promise<unknown>, of = patient.address) =>
        expect(sent).to.be.revertedWithCustomError(registry, "GuardianshipNotRunning").withArgs(of, guardian.address);
      await notRunning(byGuardian.endGuardianship(otherPatient, guardian), otherPatient.address);
      await byGuardian.endGuardianship(patient, guardian);
      await notRunning(byGuardian.endGuardianship(patient, guardian));
      const again = await guardedFixture();
      await at(majority);
      await notRunning(again.byGuardian.endGuardianship(patient, guardian));
    });

    it("is followed by an appointment anew, with which what was granted is in force again", async () => {
      const { byGuardian, patient, guardian, appoint, majority, minorTerms, standing, statusFor } =
        await guardedFixture();
      await byGuardian.grantAsGuardian(patient, minorTerms());
      await byGuardian.endGuardianship(patient, guardian);
      await appoint(majority);
      expect(await standing()).to.equal(Standing.IN_FORCE);
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
    });
  });

  it("of one patient may be several, each on their own", async () => {
    const { registry, byGuardian, patient, guardian, appoint, majority, spare, minorTerms, statusFor, recorded } =
      await guardedFixture();
    const second = spare[0]!;
    await appoint(majority, second.address);
    await byGuardian.grantAsGuardian(patient, minorTerms());
    const other = id("other scope");
    await registry.connect(second).grantAsGuardian(patient, minorTerms({ scope: other }));
    await byGuardian.endGuardianship(patient, guardian);
    expect(await statusFor()).to.equal(STATUS.GUARDIAN_LAPSED);
    expect(await statusFor(TREAT, { scope: other })).to.equal(STATUS.IN_FORCE);
    // The one takes over the other's grant, and then it hangs on that one.
    await registry.connect(second).grantAsGuardian(patient, minorTerms());
    expect(await statusFor()).to.equal(STATUS.IN_FORCE);
    expect((await recorded()).guardian).to.equal(second.address);
  });
});
