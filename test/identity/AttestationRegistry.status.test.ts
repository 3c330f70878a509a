import { expect } from "chai";

import {
  REASON,
  SCHEMA,
  STATUS,
  batchOf,
  contentOf,
  issuerFixture,
  itemOf,
  maskOf,
  uidOf,
  type Attestation,
} from "../helpers/issuer.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";
import { now, Standing, type Signer } from "../helpers/trust.js";

type Fixture = Awaited<ReturnType<typeof issuerFixture>>;

/** An attestation that can be issued in either way, and asked about. */
interface Subject {
  attestation: Attestation;
  /** Its record: its own, or its batch's. */
  uid: string;
  issue: (key: Signer, gasLimit?: bigint) => Promise<unknown>;
  statusOf: () => ReturnType<Fixture["registry"]["statusOf"]>;
  requireValid: () => Promise<unknown>;
}

/** How an attestation is issued: alone, or as leaf 1 of a batch of three with two-bit entries. */
const KINDS: Record<string, (f: Fixture, attestation: Attestation) => Subject> = {
  "an attestation": ({ registry }, attestation) => ({
    attestation,
    uid: uidOf(attestation),
    issue: (key, gasLimit = 500_000n) =>
      registry.connect(key).attest(SCHEMA, contentOf(attestation), attestation.expiresAt, { gasLimit }),
    statusOf: () => registry.statusOf(attestation),
    requireValid: () => registry.requireValid(attestation),
  }),
  "a leaf": ({ registry, attestation: make }, attestation) => {
    const { issuer, schema } = attestation;
    const all = [make(100, { issuer, schema }), attestation, make(101, { issuer, schema })];
    const { batch, uid, memberships } = batchOf(all, 2n);
    const membership = memberships[1];
    if (membership === undefined) throw new Error("three leaves");
    return {
      attestation,
      uid,
      issue: (key, gasLimit = 500_000n) =>
        registry.connect(key).attestBatch(SCHEMA, batch.root, batch.size, batch.bits, { gasLimit }),
      statusOf: () => registry.statusOfLeaf(attestation, membership),
      requireValid: () => registry.requireValidLeaf(attestation, membership),
    };
  },
};

interface Grounds {
  since?: bigint;
  reason?: bigint;
  issuerNow?: bigint;
}

/** The verdict is this one, and `requireValid` agrees with it. */
async function expectStatus(
  f: Fixture,
  subject: Subject,
  status: keyof typeof STATUS,
  { since = 0n, reason = REASON.UNSPECIFIED, issuerNow = Standing.IN_FORCE }: Grounds = {},
) {
  expect([...(await subject.statusOf())]).to.deep.equal([STATUS[status], reason, since, issuerNow]);
  if (status === "VALID") {
    await subject.requireValid();
  } else {
    await expect(subject.requireValid())
      .to.be.revertedWithCustomError(f.registry, "AttestationNotValid")
      .withArgs(subject.uid, STATUS[status]);
  }
}

for (const [kind, subjectOf] of Object.entries(KINDS)) {
  describe(`AttestationRegistry: how ${kind} stands`, () => {
    /** Issued by the office's operator, at a known time. */
    async function issued(fields: (time: bigint) => Partial<Attestation> = () => ({})) {
      const f = await issuerFixture();
      const issuedAt = (await now(f)) + 100n;
      const subject = subjectOf(f, f.attestation(1, fields(issuedAt)));
      await f.time.setNextBlockTimestamp(issuedAt);
      await subject.issue(f.operator);
      return { f, subject, issuedAt };
    }

    /** To be issued by the branch, which stands below the ministry. */
    async function ofBranch() {
      const f = await issuerFixture();
      const at = (await now(f)) + 100n;
      const subject = subjectOf(f, f.attestation(1, { issuer: f.branch }));
      const gasLimit = 1_000_000n;
      const trustList = f.trustList.connect(f.minister);
      return {
        f,
        at,
        subject,
        issue: () => subject.issue(f.branchClerk, gasLimit),
        /** The council approves a decision on the ministry, which is still to be carried out. */
        approved: async (decision: "suspend" | "withdraw") => {
          const grant = [SCHEMA, f.parent, GROUNDS] as [string, bigint, string];
          const data =
            decision === "suspend"
              ? f.trustList.interface.encodeFunctionData("suspend", grant)
              : f.trustList.interface.encodeFunctionData("withdraw", grant);
          const target = await f.trustList.getAddress();
          const [first, second] = f.members as [Signer, Signer];
          for (const member of [first, second]) await f.council.connect(member).approve(target, data, GROUNDS);
          return () => f.council.connect(first).execute(target, data, GROUNDS, { gasLimit });
        },
        /** The ministry decides on the branch. */
        decide: (decision: "suspend" | "reinstate" | "withdraw") =>
          trustList[decision](SCHEMA, f.branch, GROUNDS, { gasLimit }),
      };
    }

    const passTo = ({ time }: Fixture, at: bigint) => time.increaseTo(at);

    it("UNKNOWN: nobody issued it", async () => {
      const f = await issuerFixture();
      await expectStatus(f, subjectOf(f, f.attestation(1)), "UNKNOWN", { issuerNow: Standing.NONE });
    });

    it("UNKNOWN: any field presented differs from what was issued", async () => {
      const { f, subject } = await issued();
      const { attestation } = subject;
      for (const change of [
        { issuer: f.rival },
        { schema: GROUNDS },
        { subject: GROUNDS },
        { commitment: GROUNDS },
        { validFrom: attestation.validFrom + 1n },
        { expiresAt: attestation.expiresAt - 1n },
      ]) {
        const other = { ...attestation, ...change };
        await expectStatus(f, subjectOf(f, other), "UNKNOWN", { issuerNow: Standing.NONE });
      }
    });

    it("VALID: since it was issued", async () => {
      const { f, subject, issuedAt } = await issued();
      await expectStatus(f, subject, "VALID", { since: issuedAt });
    });

    it("NOT_YET_VALID before its first second, VALID in it, since then", async () => {
      const { f, subject, issuedAt } = await issued((time) => ({ validFrom: time + 100n }));
      await expectStatus(f, subject, "NOT_YET_VALID", { since: issuedAt });
      await passTo(f, issuedAt + 99n);
      await expectStatus(f, subject, "NOT_YET_VALID", { since: issuedAt });
      for (const second of [100n, 101n]) {
        await passTo(f, issuedAt + second);
        await expectStatus(f, subject, "VALID", { since: issuedAt + 100n });
      }
    });

    it("VALID in the last second before its end, EXPIRED in the next, since then", async () => {
      const { f, subject, issuedAt } = await issued((time) => ({ expiresAt: time + 100n }));
      await passTo(f, issuedAt + 99n);
      await expectStatus(f, subject, "VALID", { since: issuedAt });
      for (const second of [100n, 101n]) {
        await passTo(f, issuedAt + second);
        await expectStatus(f, subject, "EXPIRED", { since: issuedAt + 100n });
      }
    });

    it("SUSPENDED since its record was, with the reason; VALID again once reinstated", async () => {
      const { f, subject, issuedAt } = await issued();
      const reason = REASON.CERTIFICATE_HOLD;
      await f.registry.suspend(subject.uid, reason);
      await expectStatus(f, subject, "SUSPENDED", { reason, since: await now(f) });
      await f.registry.reinstate(SCHEMA, subject.uid, REASON.REMOVE_FROM_CRL);
      const kept = kind === "a leaf" ? REASON.UNSPECIFIED : REASON.REMOVE_FROM_CRL;
      await expectStatus(f, subject, "VALID", { since: issuedAt, reason: kept });
    });

    it("REVOKED since its record was, with the reason, also after a suspension", async () => {
      for (const suspended of [false, true]) {
        const { f, subject } = await issued();
        if (suspended) await f.registry.suspend(subject.uid, REASON.CERTIFICATE_HOLD);
        const reason = REASON.KEY_COMPROMISE;
        await f.registry.revoke(subject.uid, reason);
        await expectStatus(f, subject, "REVOKED", { reason, since: await now(f) });
      }
    });

    it("SUPERSEDED since its record was, with the reason", async () => {
      const { f, subject } = await issued();
      const by = f.attestation(2);
      const reason = REASON.AFFILIATION_CHANGED;
      await f.registry.supersede(SCHEMA, { old: subject.uid, content: contentOf(by), expiresAt: by.expiresAt }, reason);
      await expectStatus(f, subject, "SUPERSEDED", { reason, since: await now(f) });
    });

    for (const [decision, status, standing] of [
      ["suspend", "ISSUER_SUSPENDED", Standing.SUSPENDED],
      ["withdraw", "ISSUER_WITHDRAWN", Standing.WITHDRAWN],
    ] as const) {
      const done = decision === "suspend" ? "suspended" : "withdrawn";

      it(`${status}: the issuer was ${done} in the very second of issue`, async () => {
        const b = await ofBranch();
        await b.f.inOneBlock(b.at, b.issue, () => b.decide(decision));
        await expectStatus(b.f, b.subject, status, { issuerNow: standing });
      });

      it(`VALID: the issuer was ${done} a second later, or any time, which a flag tells`, async () => {
        for (const later of [1n, 1_000n]) {
          const b = await ofBranch();
          await b.f.time.setNextBlockTimestamp(b.at);
          await b.issue();
          await b.f.time.setNextBlockTimestamp(b.at + later);
          await b.decide(decision);
          await expectStatus(b.f, b.subject, "VALID", { since: b.at, issuerNow: standing });
        }
      });

      it(`${status}: the issuer's parent was ${done} in the very second of issue`, async () => {
        const b = await ofBranch();
        const decideOnParent = await b.approved(decision);
        await b.f.inOneBlock(b.at, b.issue, decideOnParent);
        await expectStatus(b.f, b.subject, status, { issuerNow: standing });
      });

      it(`VALID: the issuer's parent was ${done} a second later, which a flag tells`, async () => {
        const b = await ofBranch();
        const decideOnParent = await b.approved(decision);
        await b.f.time.setNextBlockTimestamp(b.at);
        await b.issue();
        await b.f.time.setNextBlockTimestamp(b.at + 1n);
        await decideOnParent();
        await expectStatus(b.f, b.subject, "VALID", { since: b.at, issuerNow: standing });
      });
    }

    it("VALID before a suspension, impossible during it, VALID after it, for ever", async () => {
      const b = await ofBranch();
      const { f } = b;
      const after = subjectOf(f, f.attestation(2, { issuer: f.branch }));
      const between = subjectOf(f, f.attestation(3, { issuer: f.branch }));
      await f.time.setNextBlockTimestamp(b.at);
      await b.issue();
      await b.decide("suspend");
      await expect(between.issue(f.branchClerk))
        .to.be.revertedWithCustomError(f.trustList, "NotAccredited")
        .withArgs(SCHEMA, f.branch, Standing.SUSPENDED);
      await b.decide("reinstate");
      await after.issue(f.branchClerk);
      const issuedAfter = await now(f);

      await expectStatus(f, b.subject, "VALID", { since: b.at });
      await expectStatus(f, between, "UNKNOWN", { issuerNow: Standing.NONE });
      await expectStatus(f, after, "VALID", { since: issuedAfter });

      await b.decide("suspend");
      await b.decide("withdraw");
      await expectStatus(f, b.subject, "VALID", { since: b.at, issuerNow: Standing.WITHDRAWN });
      await expectStatus(f, after, "VALID", { since: issuedAfter, issuerNow: Standing.WITHDRAWN });
    });

    it("ISSUER_SUSPENDED stays, when the issuer that was suspended in that second is reinstated later", async () => {
      const b = await ofBranch();
      await b.f.inOneBlock(b.at, b.issue, () => b.decide("suspend"));
      await b.decide("reinstate");
      await expectStatus(b.f, b.subject, "ISSUER_SUSPENDED");
    });

    it("VALID: the issuer was reinstated in the very second of issue", async () => {
      const b = await ofBranch();
      await b.decide("suspend");
      const at = b.at + 10n;
      await b.f.inOneBlock(at, () => b.decide("reinstate"), b.issue);
      await expectStatus(b.f, b.subject, "VALID", { since: at });
    });

    it("ISSUER_WITHDRAWN: the accreditation was moved to begin later, or end earlier, in the very second", async () => {
      for (const [from, until, issuerNow] of [
        [100n, NO_END, Standing.PENDING],
        [0n, 1n, Standing.EXPIRED],
      ] as const) {
        const b = await ofBranch();
        const period = [b.at + from, until === NO_END ? until : b.at + until] as const;
        const trustList = b.f.trustList.connect(b.f.minister);
        await b.f.inOneBlock(b.at, b.issue, () =>
          trustList.accredit(SCHEMA, b.f.parent, b.f.branch, ...period, 0n, GROUNDS, { gasLimit: 1_000_000n }),
        );
        if (issuerNow === Standing.PENDING) {
          await expectStatus(b.f, b.subject, "ISSUER_WITHDRAWN", { issuerNow });
        } else {
          // In force for that one second still.
          await passTo(b.f, b.at + until);
          await expectStatus(b.f, b.subject, "VALID", { since: b.at, issuerNow });
        }
      }
    });

    it("VALID: the accreditation ran out later, which a flag tells", async () => {
      const { f, subject, issuedAt } = await issued();
      await f.decide(f.trustList, "accredit", [SCHEMA, 0n, f.office, 0n, issuedAt + 100n, 0n, GROUNDS]);
      await passTo(f, issuedAt + 99n);
      await expectStatus(f, subject, "VALID", { since: issuedAt });
      await passTo(f, issuedAt + 100n);
      await expectStatus(f, subject, "VALID", { since: issuedAt, issuerNow: Standing.EXPIRED });
    });

    it("ISSUER_COMPROMISED: the key that signed was compromised before it signed, or in that second", async () => {
      for (const before of [0n, 1n, 1_000n]) {
        const { f, subject, issuedAt } = await issued();
        await f.trustList.connect(f.controller).reportCompromise(f.operator.address, issuedAt - before);
        await expectStatus(f, subject, "ISSUER_COMPROMISED", { issuerNow: Standing.COMPROMISED });
      }
    });

    it("VALID: the key was compromised a second later; ISSUER_COMPROMISED once that is dated back", async () => {
      const { f, subject, issuedAt } = await issued();
      await passTo(f, issuedAt + 10n);
      await f.trustList.connect(f.controller).reportCompromise(f.operator.address, issuedAt + 1n);
      await expectStatus(f, subject, "VALID", { since: issuedAt, issuerNow: Standing.COMPROMISED });
      await f.trustList.connect(f.controller).reportCompromise(f.operator.address, issuedAt);
      await expectStatus(f, subject, "ISSUER_COMPROMISED", { issuerNow: Standing.COMPROMISED });
    });

    it("VALID: another key of the same body was compromised, for whatever time", async () => {
      const { f, subject, issuedAt } = await issued();
      await f.trustList.connect(f.controller).reportCompromise(f.colleague.address, 1n);
      await f.trustList.connect(f.controller).reportCompromise(f.otherClerk.address, issuedAt);
      await expectStatus(f, subject, "VALID", { since: issuedAt });
    });

    it("VALID: the key was retired, or its body got another key, after it signed", async () => {
      const { f, subject, issuedAt } = await issued();
      await f.trustList.connect(f.operator).retireKey(f.operator.address);
      await f.authorize(f.controller, f.office, f.signers[20] ?? f.stranger, SCHEMA);
      await expectStatus(f, subject, "VALID", { since: issuedAt });
    });

    describe("when several apply", () => {
      const compromise = (f: Fixture) => f.trustList.connect(f.controller).reportCompromise(f.operator.address, 1n);
      const issuerNow = Standing.COMPROMISED;

      it("REVOKED comes before ISSUER_COMPROMISED, SUSPENDED and EXPIRED", async () => {
        const { f, subject, issuedAt } = await issued((time) => ({ expiresAt: time + 100n }));
        await f.registry.suspend(subject.uid, REASON.CERTIFICATE_HOLD);
        await f.registry.revoke(subject.uid, REASON.KEY_COMPROMISE);
        const since = await now(f);
        await compromise(f);
        await passTo(f, issuedAt + 100n);
        await expectStatus(f, subject, "REVOKED", { since, reason: REASON.KEY_COMPROMISE, issuerNow });
      });

      it("SUPERSEDED comes before ISSUER_COMPROMISED", async () => {
        const { f, subject } = await issued();
        const by = f.attestation(2);
        await f.registry.supersede(
          SCHEMA,
          { old: subject.uid, content: contentOf(by), expiresAt: by.expiresAt },
          REASON.SUPERSEDED,
        );
        const since = await now(f);
        await compromise(f);
        await expectStatus(f, subject, "SUPERSEDED", { since, reason: REASON.SUPERSEDED, issuerNow });
      });

      it("ISSUER_COMPROMISED comes before SUSPENDED, NOT_YET_VALID and EXPIRED", async () => {
        const { f, subject, issuedAt } = await issued((time) => ({ validFrom: time + 50n, expiresAt: time + 100n }));
        await f.registry.suspend(subject.uid, REASON.CERTIFICATE_HOLD);
        await compromise(f);
        // The reason is that of the record, whose last change was the suspension.
        const reason = REASON.CERTIFICATE_HOLD;
        await expectStatus(f, subject, "ISSUER_COMPROMISED", { reason, issuerNow });
        await passTo(f, issuedAt + 100n);
        await expectStatus(f, subject, "ISSUER_COMPROMISED", { reason, issuerNow });
      });

      it("ISSUER_COMPROMISED comes before ISSUER_SUSPENDED", async () => {
        const b = await ofBranch();
        await b.f.inOneBlock(b.at, b.issue, () => b.decide("suspend"));
        await b.f.trustList.connect(b.f.branchHead).reportCompromise(b.f.branchClerk.address, b.at);
        await expectStatus(b.f, b.subject, "ISSUER_COMPROMISED", { issuerNow });
      });

      it("ISSUER_SUSPENDED comes before SUSPENDED", async () => {
        const b = await ofBranch();
        await b.f.inOneBlock(b.at, b.issue, () => b.decide("suspend"));
        await b.f.registry.connect(b.f.branchClerk).suspend(b.subject.uid, REASON.CERTIFICATE_HOLD);
        await expectStatus(b.f, b.subject, "ISSUER_SUSPENDED", {
          reason: REASON.CERTIFICATE_HOLD,
          issuerNow: Standing.SUSPENDED,
        });
      });

      it("SUSPENDED comes before NOT_YET_VALID and EXPIRED", async () => {
        const { f, subject, issuedAt } = await issued((time) => ({ validFrom: time + 50n, expiresAt: time + 100n }));
        const reason = REASON.CERTIFICATE_HOLD;
        await f.registry.suspend(subject.uid, reason);
        const since = await now(f);
        await expectStatus(f, subject, "SUSPENDED", { since, reason });
        await passTo(f, issuedAt + 100n);
        await expectStatus(f, subject, "SUSPENDED", { since, reason });
      });

      it("NOT_YET_VALID comes before EXPIRED, and such an attestation is never VALID", async () => {
        const { f, subject, issuedAt } = await issued((time) => ({ validFrom: time + 100n, expiresAt: time + 50n }));
        for (const second of [49n, 50n, 99n]) {
          await passTo(f, issuedAt + second);
          await expectStatus(f, subject, "NOT_YET_VALID", { since: issuedAt });
        }
        await passTo(f, issuedAt + 100n);
        await expectStatus(f, subject, "EXPIRED", { since: issuedAt + 50n });
      });
    });
  });
}

describe("AttestationRegistry: how the leaves of a batch stand", () => {
  /** A batch of four leaves of the office: always valid, over, to begin, and another. */
  async function batchFixture(bits = 2n) {
    const f = await issuerFixture();
    const issuedAt = (await now(f)) + 100n;
    const attestations = [
      f.attestation(1),
      f.attestation(2, { expiresAt: issuedAt - 5n }),
      f.attestation(3, { validFrom: issuedAt + 1_000n }),
      f.attestation(4),
    ];
    const { batch, uid, memberships } = batchOf(attestations, bits);
    await f.time.setNextBlockTimestamp(issuedAt);
    await f.registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits);
    const subjects = attestations.map((attestation, i): Subject => {
      const membership = memberships[i];
      if (membership === undefined) throw new Error("a membership each");
      return {
        attestation,
        uid,
        issue: () => Promise.reject(new Error("issued already")),
        statusOf: () => f.registry.statusOfLeaf(attestation, membership),
        requireValid: () => f.registry.requireValidLeaf(attestation, membership),
      };
    }) as [Subject, Subject, Subject, Subject];
    const leaves = (...entries: bigint[]) => [{ wordIndex: 0n, mask: maskOf(bits, ...entries) }];
    const mark = (code: bigint, ...entries: bigint[]) =>
      f.registry.markLeaves(batch, leaves(...entries), code, REASON.PRIVILEGE_WITHDRAWN);
    return { f, batch, uid, subjects, leaves, mark, issuedAt };
  }

  it("each by its own period", async () => {
    const { f, subjects, issuedAt } = await batchFixture();
    await expectStatus(f, subjects[0], "VALID", { since: issuedAt });
    await expectStatus(f, subjects[1], "EXPIRED", { since: issuedAt - 5n });
    await expectStatus(f, subjects[2], "NOT_YET_VALID", { since: issuedAt });
  });

  for (const [code, status] of [
    [1n, "REVOKED"],
    [2n, "SUSPENDED"],
    [3n, "SUPERSEDED"],
  ] as const) {
    it(`${status} by its entry, whose time and reason the events tell; its neighbours are not`, async () => {
      const { f, subjects, mark, issuedAt } = await batchFixture();
      await mark(code, 0n, 1n, 2n);
      // An entry comes before the period.
      for (const subject of subjects.slice(0, 3)) await expectStatus(f, subject, status);
      await expectStatus(f, subjects[3], "VALID", { since: issuedAt });
    });
  }

  it("REVOKED by its entry in a one-bit list", async () => {
    const { f, subjects, mark, issuedAt } = await batchFixture(1n);
    await mark(1n, 3n);
    await expectStatus(f, subjects[3], "REVOKED");
    await expectStatus(f, subjects[0], "VALID", { since: issuedAt });
  });

  it("VALID again once its entry is reinstated", async () => {
    const { f, batch, subjects, mark, leaves, issuedAt } = await batchFixture();
    await mark(2n, 0n, 3n);
    await f.registry.reinstateLeaves(batch, leaves(0n), REASON.REMOVE_FROM_CRL);
    await expectStatus(f, subjects[0], "VALID", { since: issuedAt });
    await expectStatus(f, subjects[3], "SUSPENDED");
  });

  it("the batch's own suspension and end come before the entry", async () => {
    const { f, uid, subjects, mark } = await batchFixture();
    await mark(1n, 0n);
    await f.registry.suspend(uid, REASON.CERTIFICATE_HOLD);
    const suspendedAt = await now(f);
    for (const subject of subjects) {
      await expectStatus(f, subject, "SUSPENDED", { since: suspendedAt, reason: REASON.CERTIFICATE_HOLD });
    }
    await f.registry.reinstate(SCHEMA, uid, REASON.REMOVE_FROM_CRL);
    await expectStatus(f, subjects[0], "REVOKED");

    await f.registry.revoke(uid, REASON.KEY_COMPROMISE);
    const endedAt = await now(f);
    for (const subject of subjects) {
      await expectStatus(f, subject, "REVOKED", { since: endedAt, reason: REASON.KEY_COMPROMISE });
    }
  });

  it("ISSUER_COMPROMISED comes before the entry", async () => {
    const { f, subjects, mark } = await batchFixture();
    await mark(1n, 0n);
    await f.trustList.connect(f.controller).reportCompromise(f.operator.address, 1n);
    for (const subject of subjects) {
      await expectStatus(f, subject, "ISSUER_COMPROMISED", { issuerNow: Standing.COMPROMISED });
    }
  });

  it("of two attestations of one body, by two keys, only the compromised key's falls", async () => {
    const f = await issuerFixture();
    const [mine, theirs] = [f.attestation(1), f.attestation(2)];
    await f.registry.attestMany(SCHEMA, [itemOf(mine)]);
    await f.registry.connect(f.colleague).attestMany(SCHEMA, [itemOf(theirs)]);
    await f.trustList.connect(f.controller).reportCompromise(f.colleague.address, 1n);
    expect((await f.registry.statusOf(mine)).status).to.equal(STATUS.VALID);
    expect((await f.registry.statusOf(theirs)).status).to.equal(STATUS.ISSUER_COMPROMISED);
  });
});
