import { expect } from "chai";
import { ZeroHash } from "ethers";

import { memoryEventCache } from "../../src/chain/memoryEventCache.js";
import { approveConsent, carryApproved } from "../../src/health/consent/approveConsent.js";
import { carrySigned } from "../../src/health/consent/carrySigned.js";
import { grantConsent, objectTo, revokeConsent, setDelegates } from "../../src/health/consent/changeConsent.js";
import { CONSENT_STATUSES, EVERYTHING, type Grant, NO_END } from "../../src/health/consent/consentState.js";
import { delegatesCommitment, makeDelegates } from "../../src/health/consent/delegates.js";
import { appointGuardian, endGuardianship, guardianStanding } from "../../src/health/consent/guardians.js";
import { judgeConsent } from "../../src/health/consent/judgeConsent.js";
import { placeOf } from "../../src/health/consent/placeOf.js";
import { readConsents } from "../../src/health/consent/readConsents.js";
import { signDelegation, signGrant, signObjection, signRevocation } from "../../src/health/consent/signConsent.js";
import { parseSignedConsent, serializeSignedConsent } from "../../src/health/consent/signedConsentJson.js";
import { PURPOSES, purposesOf } from "../../src/health/purposes.js";
import { readTrustSnapshot } from "../../src/trust/snapshot.js";
import { trustHistory } from "../../src/trust/history.js";
import { ConsentRegistry__factory } from "../../src/typechain/index.js";
import { consentFixture, SCOPE } from "../helpers/consents.js";
import { withLogsChanged, withoutEvents } from "../helpers/consentEvents.js";
import { rejectionCode } from "../helpers/healthErrors.js";
import { randomOf } from "../helpers/random.js";

async function scene() {
  const f = await consentFixture();
  const grant: Grant = {
    ...{ grantee: Number(f.parties.hospital.body), scope: SCOPE, purposes: purposesOf(["TREAT", "HRESCH"]) },
    ...{ from: Number(f.start), until: Number(f.terms().until), uses: 0 },
  };
  const { grantee, scope } = grant;
  return { ...f, grant, slot: { grantee, scope }, deadline: Number(f.deadline), who: f.patient.address };
}

/** How the consent stands for TREAT, by the contract. */
async function statusOf({ registry, who, slot }: Awaited<ReturnType<typeof scene>>) {
  return CONSENT_STATUSES[Number(await registry.statusOf(who, slot.grantee, slot.scope, 0))];
}

describe("consent clients", () => {
  describe("of the patient", () => {
    it("grant, object, lift the objection and revoke", async () => {
      const f = await scene();
      await grantConsent(f.registry, f.grant);
      expect(await statusOf(f)).to.equal("IN_FORCE");
      await objectTo(f.registry, ["TREAT", "HMARKT"]);
      expect(await f.registry.objectionsOf(f.who)).to.equal(BigInt(purposesOf(["TREAT", "HMARKT"])));
      expect(await statusOf(f)).to.equal("OBJECTED");
      await objectTo(f.registry, []);
      expect(await statusOf(f)).to.equal("IN_FORCE");
      await revokeConsent(f.registry, f.slot);
      expect(await statusOf(f)).to.equal("REVOKED");
    });

    it("pass on why the contract refuses", async () => {
      const f = await scene();
      const past = grantConsent(f.registry, { ...f.grant, until: f.grant.from });
      expect(await rejectionCode(past)).to.equal("ConsentPeriodInvalid");
      expect(await rejectionCode(grantConsent(f.registry, { ...f.grant, purposes: 0 }))).to.equal(
        "ConsentPurposesMissing",
      );
      expect(await rejectionCode(objectTo(f.registry, ["SELL"]))).to.equal("PURPOSE_UNKNOWN");
    });
  });

  describe("of whoever carries what was signed", () => {
    it("carry a grant, objections, delegates and a revocation, read from their files", async () => {
      const f = await scene();
      const { patient, deadline, byRelayer } = f;
      const carry = async (signed: Awaited<ReturnType<typeof signGrant>>) => {
        await carrySigned(byRelayer, parseSignedConsent(serializeSignedConsent(signed)));
      };
      await carry(await signGrant(f.registry, patient, f.grant, { deadline }));
      expect(await statusOf(f)).to.equal("IN_FORCE");
      await carry(await signObjection(f.registry, patient, ["TREAT"], { deadline }));
      expect(await statusOf(f)).to.equal("OBJECTED");
      const delegates = makeDelegates({ members: f.delegation.list.members, threshold: 2, until: NO_END });
      await carry(await signDelegation(f.registry, patient, delegates, { deadline }));
      expect(await f.registry.delegatesOf(f.who)).to.equal(delegatesCommitment(delegates));
      await carry(await signDelegation(f.registry, patient, undefined, { deadline }));
      expect(await f.registry.delegatesOf(f.who)).to.equal(ZeroHash);
      await carry(await signRevocation(f.registry, patient, f.slot, { deadline }));
      expect(await statusOf(f)).to.equal("REVOKED");
    });

    it("cannot carry a grant twice, after a revocation, too late, or signed by another", async () => {
      const f = await scene();
      const { patient, deadline, byRelayer } = f;
      const signed = await signGrant(f.registry, patient, f.grant, { deadline });
      await carrySigned(byRelayer, signed);
      expect(await rejectionCode(carrySigned(byRelayer, signed))).to.equal("ConsentVersionMismatch");
      await revokeConsent(f.registry, f.slot);
      expect(await rejectionCode(carrySigned(byRelayer, signed))).to.equal("ConsentVersionMismatch");
      const late = await signGrant(f.registry, patient, f.grant, { deadline: Number(f.start) - 1 });
      expect(await rejectionCode(carrySigned(byRelayer, late))).to.equal("SignatureExpired");
      const foreign = await signGrant(f.registry, f.otherPatient, f.grant, { deadline, patient: f.who });
      expect(await rejectionCode(carrySigned(byRelayer, foreign))).to.equal("SignatureInvalid");
    });

    it("carry what the owner of a patient's wallet signed", async () => {
      const f = await scene();
      const wallet = await f.ethers.deployContract("Wallet", [f.patient.address]);
      const patient = await wallet.getAddress();
      const signed = await signGrant(f.registry, f.patient, f.grant, { deadline: f.deadline, patient });
      await carrySigned(f.byRelayer, signed);
      const { version } = await f.registry.consentOf(patient, f.slot.grantee, f.slot.scope);
      expect(version).to.equal(1n);
      const { consents } = await readConsents(f.registry, patient, { fromBlock: 0 });
      expect(consents[0]!.changes[0]).to.deep.include({ ...f.grant, by: patient });
    });

    it("cannot change anything in it", async () => {
      const f = await scene();
      const signed = await signGrant(f.registry, f.patient, f.grant, { deadline: f.deadline });
      const text = serializeSignedConsent(signed);
      const altered = [
        text.replace(`"purposes":33`, `"purposes":35`),
        text.replace(`"grantee":${f.grant.grantee}`, `"grantee":${f.grant.grantee + 1}`),
        text.replace(`"deadline":${f.deadline}`, `"deadline":${f.deadline + 1}`),
        text.replace(`"uses":0`, `"uses":1`),
      ];
      for (const other of altered) {
        expect(other).to.not.equal(text);
        expect(await rejectionCode(carrySigned(f.byRelayer, parseSignedConsent(other)))).to.equal("SignatureInvalid");
      }
    });

    it("are told when it is for another registry or chain, before anything is sent", async () => {
      const f = await scene();
      const signed = await signGrant(f.registry, f.patient, f.grant, { deadline: f.deadline });
      const elsewhere = carrySigned(f.byRelayer, { ...signed, registry: f.who });
      expect(await rejectionCode(elsewhere)).to.equal("SIGNED_ELSEWHERE");
      expect(await rejectionCode(carrySigned(f.byRelayer, { ...signed, chainId: 1 }))).to.equal("SIGNED_ELSEWHERE");
      const alone = ConsentRegistry__factory.connect(await f.registry.getAddress(), null);
      expect(await rejectionCode(carrySigned(alone, signed))).to.equal("PROVIDER_MISSING");
      const unread = signGrant(alone, f.patient, f.grant, { deadline: f.deadline });
      expect(await rejectionCode(unread)).to.equal("PROVIDER_MISSING");
    });

    it("end a grant that is not carried yet, whichever comes first", async () => {
      for (const revocationFirst of [true, false]) {
        const f = await scene();
        const { patient, deadline, byRelayer } = f;
        const grant = await signGrant(f.registry, patient, f.grant, { deadline });
        const revocation = await signRevocation(f.registry, patient, f.slot, { deadline, uncarried: true });
        if (revocationFirst) {
          await carrySigned(byRelayer, revocation);
          expect(await rejectionCode(carrySigned(byRelayer, grant))).to.equal("ConsentVersionMismatch");
        } else {
          await carrySigned(byRelayer, grant);
          await carrySigned(byRelayer, revocation);
        }
        expect(await statusOf(f)).to.equal("REVOKED");
        await readConsents(f.registry, f.who, { fromBlock: 0 });
      }
    });
  });

  describe("of delegates", () => {
    it("grant and revoke when enough of them signed, in any order", async () => {
      const f = await scene();
      const place = await placeOf(f.registry);
      const [a, b, c] = f.delegation.signers as [typeof f.patient, typeof f.patient, typeof f.patient];
      const delegates = makeDelegates({ members: [c.address, a.address, b.address], threshold: 2, until: NO_END });
      await setDelegates(f.registry, delegates);

      const base = { patient: f.who, deadline: f.deadline };
      const grant = { type: "ConsentGrant", message: { ...base, ...f.grant, version: 0 } } as const;
      const approvals = [await approveConsent(place, grant, c), await approveConsent(place, grant, a)];
      const tooFew = carryApproved(f.byRelayer, grant, delegates, approvals.slice(1));
      expect(await rejectionCode(tooFew)).to.equal("TooFewDelegates");
      await carryApproved(f.byRelayer, grant, delegates, approvals);
      expect(await statusOf(f)).to.equal("IN_FORCE");

      const revocation = { type: "ConsentRevocation", message: { ...base, ...f.slot, version: 1 } } as const;
      const revoking = [await approveConsent(place, revocation, b), await approveConsent(place, revocation, a)];
      await carryApproved(f.byRelayer, revocation, delegates, revoking);
      expect(await statusOf(f)).to.equal("REVOKED");

      await setDelegates(f.registry, undefined);
      const again = carryApproved(f.byRelayer, revocation, delegates, revoking);
      expect(await rejectionCode(again)).to.equal("DelegatesMismatch");
    });
  });

  describe("of a guardian", () => {
    it("act for the patient while the court's appointment stands", async () => {
      const f = await scene();
      const pair = { patient: f.who, guardian: f.guardian.address };
      const byCourt = f.registry.connect(f.parties.court.key);
      const as = { guardianOf: f.who };
      expect(await guardianStanding(f.registry, pair)).to.equal("NONE");
      expect(await rejectionCode(grantConsent(f.byGuardian, f.grant, as))).to.equal("GuardianNotInForce");
      await appointGuardian(byCourt, { ...pair, until: f.grant.until });
      expect(await guardianStanding(f.registry, pair)).to.equal("IN_FORCE");
      await grantConsent(f.byGuardian, f.grant, as);
      expect(await statusOf(f)).to.equal("IN_FORCE");
      await objectTo(f.byGuardian, ["TREAT"], as);
      expect(await statusOf(f)).to.equal("OBJECTED");
      await objectTo(f.byGuardian, [], as);
      const long = grantConsent(f.byGuardian, { ...f.grant, until: f.grant.until + 1 }, as);
      expect(await rejectionCode(long)).to.equal("ConsentOutlastsGuardian");
      await endGuardianship(byCourt, pair);
      expect(await guardianStanding(f.registry, pair)).to.equal("WITHDRAWN");
      expect(await statusOf(f)).to.equal("GUARDIAN_LAPSED");
      expect(await rejectionCode(revokeConsent(f.byGuardian, f.slot, as))).to.equal("GuardianNotInForce");
      const { events } = await readConsents(f.registry, f.who, { fromBlock: 0 });
      expect(events.map(({ what }) => what)).to.deep.equal([
        ...["GUARDIAN_APPOINTED", "GRANTED", "OBJECTIONS_SET", "OBJECTIONS_SET", "GUARDIANSHIP_ENDED"],
      ]);
    });

    it("revoke for the patient", async () => {
      const f = await scene();
      await grantConsent(f.registry, f.grant);
      await f.appoint();
      await revokeConsent(f.byGuardian, f.slot, { guardianOf: f.who });
      expect(await statusOf(f)).to.equal("REVOKED");
    });
  });
});

describe("the history of consents", () => {
  it("tells each version of each consent, by whom and when", async () => {
    const f = await scene();
    await grantConsent(f.registry, f.grant);
    await grantConsent(f.registry, { ...f.grant, scope: EVERYTHING, uses: 3, until: NO_END });
    await revokeConsent(f.registry, f.slot);
    await grantConsent(f.registry.connect(f.otherPatient), f.grant);
    const cache = memoryEventCache();
    const history = await readConsents(f.registry, f.who, { fromBlock: 0, cache });
    expect(
      history.consents.map(({ scope, changes }) => [scope, changes.map((c) => [c.what, c.version, c.by])]),
    ).to.deep.equal([
      [
        SCOPE,
        [
          ["GRANTED", 1, f.who],
          ["REVOKED", 2, f.who],
        ],
      ],
      [EVERYTHING, [["GRANTED", 1, f.who]]],
    ]);
    const [first] = history.consents[0]!.changes;
    expect(first).to.deep.include(f.grant);
    const block = await f.ethers.provider.getBlock(first!.block);
    expect([first!.time, first!.transaction]).to.deep.equal([block!.timestamp, block!.transactions[0]]);

    // From the cache, with what came since.
    await revokeConsent(f.registry, { ...f.slot, scope: EVERYTHING });
    const later = await readConsents(f.registry, f.who, { fromBlock: 0, cache });
    expect(later.consents[1]!.changes.at(-1)!.what).to.equal("REVOKED");
    expect(JSON.parse(JSON.stringify(later))).to.deep.equal(later);
  });

  it("is refused when the node leaves out any change", async () => {
    const f = await scene();
    await grantConsent(f.registry, f.grant);
    await grantConsent(f.registry, { ...f.grant, purposes: 1 });
    await revokeConsent(f.registry, f.slot);
    await grantConsent(f.registry, f.grant);
    await objectTo(f.registry, ["TREAT"]);
    await objectTo(f.registry, []);
    await setDelegates(f.registry, makeDelegates({ members: [f.who], threshold: 1, until: NO_END }));
    await setDelegates(f.registry, undefined);
    await f.appoint();
    await endGuardianship(f.byGuardian, { patient: f.who, guardian: f.guardian.address });
    const { events } = await readConsents(f.registry, f.who, { fromBlock: 0 });
    expect(events).to.have.length(10);
    // An appointment that was ended before it mattered leaves no trace but its end.
    for (const event of events.filter(({ what }) => what !== "GUARDIAN_APPOINTED")) {
      const reading = readConsents(await withoutEvents(f.registry, [event]), f.who, { fromBlock: 0 });
      expect(await rejectionCode(reading), `${event.what} in block ${event.block}`).to.equal("EVENT_MISSING");
    }
  });

  it("is refused when the node tells other terms, objections or delegates than those that stand", async () => {
    const f = await scene();
    await grantConsent(f.registry, f.grant);
    await objectTo(f.registry, ["TREAT"]);
    await setDelegates(f.registry, makeDelegates({ members: [f.who], threshold: 1, until: NO_END }));
    await f.appoint();
    const lies = {
      ...{ "ConsentGranted purposes": 3n, "ConsentGranted from": 1n, "ConsentGranted until": 2n ** 39n },
      ...{ "ObjectionsSet purposes": 0n, "DelegatesSet commitment": ZeroHash, "GuardianAppointed until": 2n ** 39n },
    };
    for (const [lie, value] of Object.entries(lies)) {
      const [name, field] = lie.split(" ") as [string, string];
      const { topicHash } = f.registry.interface.getEvent(name as "ConsentGranted");
      const lying = await withLogsChanged(f.registry, (logs) => {
        return logs.map((log) => {
          if (log.topics[0] !== topicHash) return log;
          const told = { ...f.registry.interface.parseLog(log)!.args.toObject(), [field]: value };
          const { address, blockNumber, blockHash, transactionHash, index } = log;
          const event = f.registry.interface.encodeEventLog(name, Object.values(told));
          return { ...{ address, blockNumber, blockHash, transactionHash, index }, ...event };
        });
      });
      expect(await rejectionCode(readConsents(lying, f.who, { fromBlock: 0 })), lie).to.equal("EVENT_MISSING");
    }
  });

  it("judges as the contract does, through 120 random acts", async function () {
    const f = await scene();
    const trust = async () => {
      const address = await f.trustList.getAddress();
      return trustHistory(await readTrustSnapshot(f.ethers.provider, address, { fromBlock: 0 }));
    };
    const random = randomOf(0x5eed);
    const { hospital, clinic } = f.parties;
    const bodies = [hospital, clinic];
    const scopes = [SCOPE, EVERYTHING];
    const as = { guardianOf: f.who };
    const seen = new Set<string>();
    const pair = { patient: f.who, guardian: f.guardian.address };
    const byCourt = f.registry.connect(f.parties.court.key);
    for (let i = 0; i < 120; i++) {
      const party = random.of(bodies);
      const slot = { grantee: Number(party.body), scope: random.of(scopes) };
      const now = await f.time.latest();
      const grant = {
        ...{ ...slot, purposes: purposesOf(random.of([["TREAT"], ["TREAT", "METAMGT"], ["HRESCH"]])) },
        ...{ from: now + random.of([0, 0, 40]), until: now + random.of([60, 1_000]), uses: random.of([0, 1, 1]) },
      };
      const act = random.below(16);
      const acts = [
        () => grantConsent(f.registry, grant),
        () => grantConsent(f.registry, grant),
        () => grantConsent(f.byGuardian, grant, as),
        () => grantConsent(f.byGuardian, grant, as),
        () => revokeConsent(f.registry, slot),
        () => objectTo(f.registry, random.of([[], ["TREAT"], ["HRESCH"]])),
        () => appointGuardian(byCourt, { ...pair, until: now + random.of([200, 2_000]) }),
        () => endGuardianship(byCourt, pair),
      ];
      // Half are accesses, which use consents up.
      const access = () => f.registry.connect(party.key).logAccess(f.who, slot.scope, 0, ZeroHash);
      const chosen: () => Promise<unknown> = acts[act] ?? access;
      await chosen().catch(() => f.mineAt(BigInt(now + 1 + random.below(30))));

      const history = await readConsents(f.registry, f.who, { fromBlock: 0 });
      const judging = await trust();
      for (const { body } of bodies) {
        for (const scope of scopes) {
          for (const purpose of [0, 5, 31]) {
            const blockTag = history.block;
            const theirs = await f.registry.statusOf(f.who, body, scope, purpose, { blockTag });
            const question = { grantee: Number(body), scope, purpose, time: history.time, trust: judging };
            const { status } = judgeConsent(history, question);
            expect(status, `${i} ${PURPOSES[purpose]}`).to.equal(CONSENT_STATUSES[Number(theirs)]);
            seen.add(status);
          }
        }
      }
    }
    expect([...seen].sort(), "every status came up").to.deep.equal([...CONSENT_STATUSES].sort());
  });

  it("tells that a guardian's grant fell with the court's key, given the trust list", async () => {
    const f = await scene();
    await f.appoint();
    const appointedAt = BigInt(await f.time.latest());
    await grantConsent(f.byGuardian, f.grant, { guardianOf: f.who });
    await f.compromise(f.parties.court.key, appointedAt);
    const history = await readConsents(f.registry, f.who, { fromBlock: 0 });
    const address = await f.trustList.getAddress();
    const trust = trustHistory(await readTrustSnapshot(f.ethers.provider, address, { fromBlock: 0 }));
    const question = { ...f.slot, purpose: 0, time: history.time };
    expect(judgeConsent(history, { ...question, trust }).status).to.equal("GUARDIAN_LAPSED");
    expect(await statusOf(f)).to.equal("GUARDIAN_LAPSED");
    expect(judgeConsent(history, question).status, "without the trust list it is taken to stand").to.equal("IN_FORCE");
  });
});
