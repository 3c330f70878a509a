import { expect } from "chai";
import { id } from "ethers";

import {
  ACCESSED,
  commitmentOf,
  consentFixture,
  EVERYTHING,
  purposes,
  SCOPE,
  signFor,
  STATUS,
  type Grant,
} from "../helpers/consents.js";
import { gasOf, record } from "./record.js";

/** Number of HRESCH. */
const RESEARCH = 5n;

// 40-bit times that hold few zero bytes.
const FROM = 1_999_999_871n;
const UNTIL = 2_011_881_234n;
const DEADLINE = 2_011_881_231n;

/** The scene at a time of its own, since times are sent and signed: another day they have other bytes, and another price. */
async function gasFixture() {
  const f = await consentFixture();
  await f.time.increaseTo(2_000_000_000n);
  const dearest = (other: Partial<Grant> = {}) =>
    f.terms({ from: FROM, until: UNTIL, purposes: purposes(0n, 8n, 16n, 24n, RESEARCH), uses: 0x123456n, ...other });
  return { ...f, dearest };
}

describe("Gas of consents", () => {
  it("grants and revocations, whole transactions", async () => {
    const { registry, byRelayer, byGuardian, patient, parties, dearest, ...f } = await gasFixture();
    const { body } = parties.hospital;
    record("ConsentRegistry: grant", await gasOf(registry.grant(dearest())));
    record("ConsentRegistry: grant anew", await gasOf(registry.grant(dearest())));
    record("ConsentRegistry: revoke", await gasOf(registry.revoke(body, SCOPE)));

    const signed = dearest({ scope: id("signed") });
    const signature = await f.signGrant(signed, { deadline: DEADLINE });
    const granted = byRelayer.grantBySignature(patient, signed, 0n, DEADLINE, signature);
    record("ConsentRegistry: grantBySignature", await gasOf(granted));
    const revocation = await f.signRevocation({ scope: signed.scope, version: 1n, deadline: DEADLINE });
    const revoked = byRelayer.revokeBySignature(patient, body, signed.scope, 1n, DEADLINE, revocation);
    record("ConsentRegistry: revokeBySignature", await gasOf(revoked));

    record("ConsentRegistry: appointGuardian", await gasOf(f.appoint(UNTIL)));
    const guarded = dearest({ scope: id("guarded") });
    record("ConsentRegistry: grantAsGuardian", await gasOf(byGuardian.grantAsGuardian(patient, guarded)));

    const { signers } = f.delegation;
    const list = { ...f.delegation.list, until: UNTIL };
    record("ConsentRegistry: setDelegates", await gasOf(registry.setDelegates(commitmentOf(list))));
    const delegated = dearest({ scope: id("delegated") });
    const approvals = await Promise.all(
      signers.slice(0, 2).map(async (by) => ({
        delegate: by.address,
        signature: await f.signGrant(delegated, { by, deadline: DEADLINE }),
      })),
    );
    const byDelegates = byRelayer.grantByDelegates(patient, delegated, 0n, DEADLINE, list, approvals);
    record("ConsentRegistry: grantByDelegates, 2 of 3", await gasOf(byDelegates));
  });

  it("objections, whole transactions", async () => {
    const { registry, byRelayer, patient } = await gasFixture();
    const mask = purposes(0n, 8n, 16n, 24n);
    record("ConsentRegistry: objectTo, a patient's first", await gasOf(registry.objectTo(mask)));
    record("ConsentRegistry: objectTo", await gasOf(registry.objectTo(mask | (1n << 31n))));
    const message = { patient: patient.address, purposes: mask, nonce: 2n, deadline: DEADLINE };
    const signature = await signFor(registry, patient, "ConsentObjection", message);
    const sent = byRelayer.objectToBySignature(patient, mask, 2n, DEADLINE, signature);
    record("ConsentRegistry: objectToBySignature", await gasOf(sent));
  });

  it("accesses, whole transactions", async () => {
    const f = await gasFixture();
    const { registry, byHospital, patient, dearest } = f;
    const log = (scope = SCOPE) => gasOf(byHospital.logAccess(patient, scope, RESEARCH, ACCESSED));
    await registry.grant(dearest());
    record("ConsentRegistry: logAccess, a patient's first", await log());
    record("ConsentRegistry: logAccess, one of limited uses", await log());
    await registry.grant(dearest({ uses: 1n }));
    record("ConsentRegistry: logAccess, the last use", await log());
    expect(await f.statusFor(RESEARCH)).to.equal(STATUS.USED_UP);
    await registry.grant(dearest({ scope: EVERYTHING, uses: 0n }));
    record("ConsentRegistry: logAccess, for everything and any number of uses", await log(EVERYTHING));
    await f.appoint(UNTIL);
    await f.byGuardian.grantAsGuardian(patient, dearest());
    record("ConsentRegistry: logAccess, granted by a guardian", await log());

    await f.decide(registry, "setReviewLimit", [3n]);
    const broken = await (await byHospital.breakGlass(patient, 3_600n, 1n, ACCESSED)).getBlock();
    const emergency = byHospital.logEmergencyAccess(patient, broken!.timestamp, ACCESSED);
    record("ConsentRegistry: logEmergencyAccess", await gasOf(emergency));
  });

  it("accesses in the log, each of many", async () => {
    const { byHospital } = await gasFixture();
    const entries = Array.from({ length: 1_000 }, (_, n) => id(`access ${n}`));
    record(
      "ConsentRegistry: logAccesses, a recipient's first 1,000",
      (await gasOf(byHospital.logAccesses(entries))) / 1_000n,
    );
    record("ConsentRegistry: logAccesses, 1,000 more", (await gasOf(byHospital.logAccesses(entries))) / 1_000n);
  });
});
