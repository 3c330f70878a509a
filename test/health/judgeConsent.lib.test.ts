import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { EVERYTHING } from "../../src/health/consent/consentState.js";
import { judgeBatchedAccess } from "../../src/health/consent/judgeBatchedAccess.js";
import { judgeConsent } from "../../src/health/consent/judgeConsent.js";
import type { PatientEvent } from "../../src/health/consent/patientEvents.js";
import type { ConsentHistory } from "../../src/health/consent/readConsents.js";
import { purposesOf } from "../../src/health/purposes.js";

const PATIENT = `0x${"70".repeat(20)}`;
const GUARDIAN = `0x${"99".repeat(20)}`;

type Told = PatientEvent extends infer E
  ? E extends PatientEvent
    ? Omit<E, "block" | "index" | "transaction">
    : never
  : never;

/** A history of these events, each in a block of its own unless it has the time of the one before. */
function historyOf(...told: Told[]): ConsentHistory {
  const events: PatientEvent[] = [];
  for (const event of told) {
    const before = events.at(-1);
    const isSame = before?.time === event.time;
    const block = isSame ? before.block : (before?.block ?? 0) + 1;
    events.push({ ...event, block, index: isSame ? before.index + 1 : 0, transaction: id("t") });
  }
  const place = { chainId: 31_337, registry: `0x${"5f".repeat(20)}` };
  return { ...place, patient: PATIENT, block: 100, time: 1_000, consents: [], events };
}

const slot = { grantee: 2, scope: EVERYTHING };
const granted = {
  ...{ what: "GRANTED" as const, ...slot, purposes: purposesOf(["TREAT", "METAMGT"]), from: 100, until: 200, uses: 0 },
  ...{ version: 1, by: PATIENT, time: 50 },
};
const access = {
  ...{ what: "ACCESS" as const, recipient: 2, key: 1, purpose: 0, basis: EVERYTHING, version: 1, commitment: id("c") },
  time: 110,
};
const revoked = { what: "REVOKED" as const, ...slot, version: 2, by: PATIENT, time: 150 };
const objected = (purposes: number, time: number) => ({ what: "OBJECTIONS_SET" as const, purposes, by: PATIENT, time });
const at = (history: ConsentHistory, time: number, purpose = 0) =>
  judgeConsent(history, { ...slot, purpose, time }).status;

describe("judging a consent by its history", () => {
  it("goes by the period, to the second", () => {
    const history = historyOf(granted);
    const times = [49, 50, 99, 100, 199, 200];
    expect(times.map((time) => at(history, time))).to.deep.equal([
      ...["NONE", "PENDING", "PENDING", "IN_FORCE", "IN_FORCE", "EXPIRED"],
    ]);
  });

  it("goes by the purposes, the last bit too, and by grantee and scope exactly", () => {
    const history = historyOf(granted);
    expect([0, 31, 1, 30, 32, 255].map((purpose) => at(history, 150, purpose))).to.deep.equal([
      ...["IN_FORCE", "IN_FORCE", "PURPOSE_NOT_GRANTED", "PURPOSE_NOT_GRANTED"],
      ...["PURPOSE_NOT_GRANTED", "PURPOSE_NOT_GRANTED"],
    ]);
    const question = { ...slot, purpose: 0, time: 150 };
    expect(judgeConsent(history, { ...question, grantee: 3 }).status).to.equal("NONE");
    expect(judgeConsent(history, { ...question, scope: id("s") }).status).to.equal("NONE");
  });

  it("counts a revocation in its own second, but not for what the chain has before it", () => {
    const history = historyOf(granted, { ...access, time: 150 }, revoked);
    expect([at(history, 149), at(history, 150)]).to.deep.equal(["IN_FORCE", "REVOKED"]);
    const [, before, after] = history.events;
    const question = { ...slot, purpose: 0, time: 150 };
    expect(judgeConsent(history, { ...question, before: before! }).status).to.equal("IN_FORCE");
    expect(judgeConsent(history, { ...question, before: after! }).status).to.equal("IN_FORCE");
    expect(judgeConsent(history, { ...question, before: { ...after!, index: after!.index + 1 } }).status).to.equal(
      "REVOKED",
    );
  });

  it("counts uses by the accesses of that version alone", () => {
    const limited = { ...granted, uses: 2 };
    const others = [
      { ...access, version: 7 },
      { ...access, recipient: 3 },
      { ...access, basis: id("s") },
    ];
    const once = historyOf(limited, access, ...others.map((other) => ({ ...other, time: 111 })));
    expect(at(once, 120)).to.equal("IN_FORCE");
    const twice = historyOf(limited, access, { ...access, time: 120 });
    expect([at(twice, 119), at(twice, 120), at(twice, 250)]).to.deep.equal(["IN_FORCE", "USED_UP", "USED_UP"]);
    expect(judgeConsent(twice, { ...slot, purpose: 0, time: 120, before: twice.events[2]! }).status).to.equal(
      "IN_FORCE",
    );
  });

  it("goes by the last objections alone", () => {
    const history = historyOf(granted, objected(1, 120), objected(2 ** 31, 130), objected(0, 140));
    expect([
      at(history, 119),
      at(history, 120),
      at(history, 130),
      at(history, 130, 31),
      at(history, 140),
    ]).to.deep.equal([...["IN_FORCE", "OBJECTED", "IN_FORCE", "OBJECTED", "IN_FORCE"]]);
  });

  it("goes by the guardian who granted, to the second", () => {
    const appointed = {
      what: "GUARDIAN_APPOINTED" as const,
      guardian: GUARDIAN,
      court: 5,
      key: 1,
      until: 160,
      time: 40,
    };
    const ended = { what: "GUARDIANSHIP_ENDED" as const, guardian: GUARDIAN, by: GUARDIAN, time: 140 };
    const byGuardian = { ...granted, by: GUARDIAN };
    const history = historyOf(appointed, byGuardian);
    expect([at(history, 159), at(history, 160)]).to.deep.equal(["IN_FORCE", "GUARDIAN_LAPSED"]);
    const short = historyOf(appointed, byGuardian, ended);
    expect([at(short, 139), at(short, 140)]).to.deep.equal(["IN_FORCE", "GUARDIAN_LAPSED"]);
    expect(at(historyOf(byGuardian), 150), "one that no court appointed").to.equal("GUARDIAN_LAPSED");
    const again = historyOf(appointed, byGuardian, ended, { ...appointed, time: 145 });
    expect([at(again, 144), at(again, 145)]).to.deep.equal(["GUARDIAN_LAPSED", "IN_FORCE"]);
    // Neither the patient's own grants nor those of delegates hang on a guardian.
    expect(at(historyOf({ ...granted, by: PATIENT.toUpperCase().replace("0X", "0x") }), 150)).to.equal("IN_FORCE");
    expect(at(historyOf({ ...granted, by: ZeroAddress }), 150)).to.equal("IN_FORCE");
  });

  it("covers no entry of a batch by a consent that is good for some uses", () => {
    const batched = { sequence: 1, previous: EVERYTHING, time: 150, scope: EVERYTHING, commitment: id("c") };
    const judge = (history: ConsentHistory, purpose: "TREAT" | "HRESCH" = "TREAT") => {
      const { status, isCovered } = judgeBatchedAccess(history, 2, { ...batched, purpose }, { loggedAt: 150 });
      return [status, isCovered];
    };
    expect(judge(historyOf(granted))).to.deep.equal(["IN_FORCE", true]);
    expect(judge(historyOf({ ...granted, uses: 5 }))).to.deep.equal(["USES_LIMITED", false]);
    expect(judge(historyOf({ ...granted, uses: 5 }), "HRESCH")).to.deep.equal(["PURPOSE_NOT_GRANTED", false]);
    expect(judge(historyOf(granted, revoked))).to.deep.equal(["REVOKED", false]);
  });

  it("holds the time of a batch's entry against that of the log, to the second, before any consent", () => {
    const unlimited = historyOf({ ...granted, from: 0, until: 1_000_000 });
    const entry = {
      sequence: 1,
      previous: EVERYTHING,
      scope: EVERYTHING,
      commitment: id("c"),
      purpose: "TREAT" as const,
    };
    const judge = (time: number, how: { loggedAt: number; maxDelay?: number }, history = unlimited) => {
      return judgeBatchedAccess(history, 2, { ...entry, time }, how);
    };
    const of = (...given: Parameters<typeof judge>) => judge(...given).status;
    expect([500, 499].map((loggedAt) => of(500, { loggedAt }))).to.deep.equal(["IN_FORCE", "DATED_LATER"]);
    const late = [500 + 86_400, 500 + 86_401].map((loggedAt) => of(500, { loggedAt }));
    expect(late, "a day, if nothing else is said").to.deep.equal(["IN_FORCE", "LOGGED_LATE"]);
    expect([600, 601].map((loggedAt) => of(500, { loggedAt, maxDelay: 100 }))).to.deep.equal([
      "IN_FORCE",
      "LOGGED_LATE",
    ]);
    expect([500, 501].map((loggedAt) => of(500, { loggedAt, maxDelay: 0 }))).to.deep.equal(["IN_FORCE", "LOGGED_LATE"]);

    // Whatever the consent: none, one in force, one that is revoked.
    for (const history of [historyOf(), unlimited, historyOf(granted, revoked)]) {
      expect(judge(500, { loggedAt: 499 }, history)).to.deep.equal({ status: "DATED_LATER", isCovered: false });
      const dated = judge(120, { loggedAt: 221, maxDelay: 100 }, history);
      expect(dated).to.deep.equal({ status: "LOGGED_LATE", isCovered: false });
    }
    // What is no number covers nothing.
    expect(of(500, { loggedAt: NaN })).to.equal("DATED_LATER");
    expect(of(500, { loggedAt: 500, maxDelay: NaN })).to.equal("LOGGED_LATE");
  });
});
