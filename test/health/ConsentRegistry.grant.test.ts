import { expect } from "chai";
import { id } from "ethers";

import {
  ACCESSED,
  BY,
  commitmentOf,
  consentFixture,
  EVERYTHING,
  HRESCH,
  purposes,
  SCOPE,
  STATE,
  STATUS,
  TREAT,
} from "../helpers/consents.js";
import { NO_END } from "../helpers/suite.js";
import { later, timeOf } from "../helpers/trust.js";

describe("ConsentRegistry: a patient", () => {
  describe("grant", () => {
    it("records what is allowed, and tells", async () => {
      const { registry, patient, parties, terms, recorded } = await consentFixture();
      const given = terms({ uses: 3n, purposes: purposes(TREAT, HRESCH) });
      const sent = registry.grant(given);
      await expect(sent)
        .to.emit(registry, "ConsentGranted")
        .withArgs(
          patient.address,
          parties.hospital.body,
          SCOPE,
          given.purposes,
          given.from,
          given.until,
          3n,
          1n,
          patient.address,
        );
      const { purposes: kept, from, until, changedAt, version, uses, by, state } = await recorded();
      expect([kept, from, until, uses]).to.deep.equal([given.purposes, given.from, given.until, 3n]);
      expect([changedAt, version, by, state]).to.deep.equal([await timeOf(sent), 1n, BY.PATIENT, STATE.GRANTED]);
    });

    it("is in force for its purposes alone, for nobody else and nothing else", async () => {
      const { registry, otherPatient, parties, terms, statusFor } = await consentFixture();
      await registry.grant(terms());
      expect(await statusFor(TREAT)).to.equal(STATUS.IN_FORCE);
      expect(await statusFor(HRESCH)).to.equal(STATUS.PURPOSE_NOT_GRANTED);
      expect(await statusFor(TREAT, { grantee: parties.clinic.body })).to.equal(STATUS.NONE);
      expect(await statusFor(TREAT, { scope: EVERYTHING })).to.equal(STATUS.NONE);
      expect(await statusFor(TREAT, { of: otherPatient.address })).to.equal(STATUS.NONE);
    });

    it("for everything covers no other scope by its name", async () => {
      const { registry, terms, statusFor } = await consentFixture();
      await registry.grant(terms({ scope: EVERYTHING }));
      expect(await statusFor(TREAT, { scope: EVERYTHING })).to.equal(STATUS.IN_FORCE);
      expect(await statusFor(TREAT)).to.equal(STATUS.NONE);
    });

    it("allows all 32 purposes, and none past them", async () => {
      const { registry, terms, statusFor } = await consentFixture();
      await registry.grant(terms({ purposes: 2n ** 32n - 1n }));
      expect(await statusFor(0n)).to.equal(STATUS.IN_FORCE);
      expect(await statusFor(31n)).to.equal(STATUS.IN_FORCE);
      expect(await statusFor(32n)).to.equal(STATUS.PURPOSE_NOT_GRANTED);
      expect(await statusFor(255n)).to.equal(STATUS.PURPOSE_NOT_GRANTED);
    });

    it("is pending before its first second and expired from the end on, to the second", async () => {
      const { registry, start, terms, statusFor, mineAt } = await consentFixture();
      const [from, until] = [start + 1_000n, start + 2_000n];
      await registry.grant(terms({ from, until }));
      for (const [time, status] of [
        [from - 1n, STATUS.PENDING],
        [from, STATUS.IN_FORCE],
        [until - 1n, STATUS.IN_FORCE],
        [until, STATUS.EXPIRED],
      ] as const) {
        await mineAt(time);
        expect(await statusFor(), `at ${time - start}`).to.equal(status);
      }
    });

    it("takes the place of the earlier one, its uses and purposes too", async () => {
      const { registry, byHospital, patient, terms, statusFor, recorded } = await consentFixture();
      await registry.grant(terms({ uses: 1n }));
      await byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED);
      await registry.grant(terms({ purposes: purposes(HRESCH), uses: 2n }));
      expect(await statusFor(TREAT)).to.equal(STATUS.PURPOSE_NOT_GRANTED);
      expect(await statusFor(HRESCH)).to.equal(STATUS.IN_FORCE);
      const { version, uses, state } = await recorded();
      expect([version, uses, state]).to.deep.equal([2n, 2n, STATE.GRANTED]);
    });

    it("may have no end, and any number of uses", async () => {
      const { registry, terms, recorded } = await consentFixture();
      await registry.grant(terms({ from: 0n, until: NO_END, uses: 2n ** 24n - 1n }));
      const { from, until, uses } = await recorded();
      expect([from, until, uses]).to.deep.equal([0n, NO_END, 2n ** 24n - 1n]);
    });

    it("reverts when the period is inverted, empty, or over", async () => {
      const offsets = [
        [2n, 1n],
        [1n, 1n],
        [-1n, 0n],
        [-2n, -1n],
      ] as const;
      for (const [first, last] of offsets) {
        const { registry, start, terms, at } = await consentFixture();
        const now = start + 5_000n;
        await at(now);
        await expect(registry.grant(terms({ from: now + first, until: now + last })))
          .to.be.revertedWithCustomError(registry, "ConsentPeriodInvalid")
          .withArgs(now + first, now + last, now);
      }
      const { registry, start, terms, at } = await consentFixture();
      await at(start + 5_000n);
      await registry.grant(terms({ from: start, until: start + 5_001n }));
    });

    it("reverts when it names no purpose", async () => {
      const { registry, patient, parties, terms } = await consentFixture();
      await expect(registry.grant(terms({ purposes: 0n })))
        .to.be.revertedWithCustomError(registry, "ConsentPurposesMissing")
        .withArgs(patient.address, parties.hospital.body);
    });

    it("reverts when it names no grantee", async () => {
      const { registry, patient, terms } = await consentFixture();
      await expect(registry.grant(terms({ grantee: 0n })))
        .to.be.revertedWithCustomError(registry, "ConsentGranteeMissing")
        .withArgs(patient.address);
    });
  });

  describe("revoke", () => {
    it("ends a consent at once, leaves its terms to be read, and tells", async () => {
      const { registry, byHospital, patient, parties, terms, statusFor, recorded } = await consentFixture();
      const given = terms({ uses: 7n });
      await registry.grant(given);
      const sent = registry.revoke(parties.hospital.body, SCOPE);
      await expect(sent)
        .to.emit(registry, "ConsentRevoked")
        .withArgs(patient.address, parties.hospital.body, SCOPE, 2n, patient.address);
      expect(await statusFor()).to.equal(STATUS.REVOKED);
      const { purposes: kept, from, until, changedAt, version, uses, by, state } = await recorded();
      expect([kept, from, until, uses]).to.deep.equal([given.purposes, given.from, given.until, 7n]);
      expect([changedAt, version, by, state]).to.deep.equal([await timeOf(sent), 2n, BY.PATIENT, STATE.REVOKED]);
      await expect(byHospital.logAccess(patient, SCOPE, TREAT, ACCESSED))
        .to.be.revertedWithCustomError(registry, "ConsentNotInForce")
        .withArgs(patient.address, parties.hospital.body, SCOPE, TREAT, STATUS.REVOKED);
    });

    it("counts where nothing was granted, and twice", async () => {
      const { registry, parties, statusFor, recorded } = await consentFixture();
      await registry.revoke(parties.hospital.body, SCOPE);
      expect(await statusFor()).to.equal(STATUS.REVOKED);
      await registry.revoke(parties.hospital.body, SCOPE);
      const { version, purposes: kept, until } = await recorded();
      expect([version, kept, until]).to.deep.equal([2n, 0n, 0n]);
    });

    it("ends the caller's own consent to that grantee and scope alone", async () => {
      const { registry, otherPatient, patient, parties, terms, statusFor } = await consentFixture();
      await registry.grant(terms());
      await registry.grant(terms({ scope: EVERYTHING }));
      await registry.grant(terms({ grantee: parties.clinic.body }));
      await registry.connect(otherPatient).revoke(parties.hospital.body, SCOPE);
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
      await registry.revoke(parties.hospital.body, SCOPE);
      expect(await statusFor(TREAT, { scope: EVERYTHING })).to.equal(STATUS.IN_FORCE);
      expect(await statusFor(TREAT, { grantee: parties.clinic.body })).to.equal(STATUS.IN_FORCE);
      expect(await registry.statusOf(patient, parties.hospital.body, SCOPE, TREAT)).to.equal(STATUS.REVOKED);
    });

    it("is followed by a grant anew", async () => {
      const { registry, parties, terms, statusFor, recorded } = await consentFixture();
      await registry.grant(terms());
      await registry.revoke(parties.hospital.body, SCOPE);
      await registry.grant(terms());
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
      expect((await recorded()).version).to.equal(3n);
    });
  });

  describe("requireConsent", () => {
    it("passes where the status is IN_FORCE, and reverts with the status elsewhere", async () => {
      const { registry, patient, parties, terms } = await consentFixture();
      const ask = (purpose: bigint) => registry.requireConsent(patient, parties.hospital.body, SCOPE, purpose);
      const refused = (purpose: bigint, status: bigint) =>
        expect(ask(purpose))
          .to.be.revertedWithCustomError(registry, "ConsentNotInForce")
          .withArgs(patient.address, parties.hospital.body, SCOPE, purpose, status);
      await refused(TREAT, STATUS.NONE);
      await registry.grant(terms());
      await ask(TREAT);
      await refused(HRESCH, STATUS.PURPOSE_NOT_GRANTED);
      await registry.objectTo(purposes(TREAT));
      await refused(TREAT, STATUS.OBJECTED);
    });
  });

  describe("when the council stopped new writes", () => {
    it("grants nothing, however, and revokes in every way", async () => {
      const f = await consentFixture();
      const { registry, byRelayer, byGuardian, patient, parties, terms, delegation, appoint, deadline } = f;
      const { hospital } = parties;
      await appoint();
      await registry.setDelegates(commitmentOf(delegation.list));
      const scopes = [1, 2, 3, 4].map((n) => id(`scope ${n}`));
      for (const scope of scopes) await registry.grant(terms({ scope }));
      const until = (await later(f)) + 1_000n;
      await f.stopUntil(registry, until);
      const stopped = async (sent: Promise<unknown>) =>
        expect(sent).to.be.revertedWithCustomError(registry, "WritesAreStopped").withArgs(until);

      const [first, second, third, fourth] = scopes as [string, string, string, string];
      const approve = async (sign: (by: (typeof delegation.signers)[number]) => Promise<string>) =>
        Promise.all(
          delegation.signers.slice(0, 2).map(async (by) => ({ delegate: by.address, signature: await sign(by) })),
        );
      const renewed = (scope: string) => terms({ scope });
      await stopped(registry.grant(renewed(first)));
      const signed = await f.signGrant(renewed(second), { version: 1n });
      await stopped(byRelayer.grantBySignature(patient, renewed(second), 1n, deadline, signed));
      await stopped(byGuardian.grantAsGuardian(patient, renewed(third)));
      const approvals = await approve((by) => f.signGrant(renewed(fourth), { version: 1n, by }));
      await stopped(byRelayer.grantByDelegates(patient, renewed(fourth), 1n, deadline, delegation.list, approvals));

      await registry.revoke(hospital.body, first);
      const revocation = await f.signRevocation({ scope: second, version: 1n });
      await byRelayer.revokeBySignature(patient, hospital.body, second, 1n, deadline, revocation);
      await byGuardian.revokeAsGuardian(patient, hospital.body, third);
      const revocations = await approve((by) => f.signRevocation({ scope: fourth, version: 1n, by }));
      await byRelayer.revokeByDelegates(patient, hospital.body, fourth, 1n, deadline, delegation.list, revocations);
      for (const scope of scopes) expect(await f.statusFor(TREAT, { scope })).to.equal(STATUS.REVOKED);
    });
  });
});
