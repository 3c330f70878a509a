import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import { commitmentOf } from "../../src/identity/claims.js";
import { batchOf, REASON, STATUS, uidOf } from "../helpers/issuer.js";
import {
  disclosed,
  FINDING,
  hashOf,
  nurseryFixture,
  nurseryPolicy,
  saltedClaims,
  SCHEMAS,
  type RawPolicy,
} from "../helpers/nursery.js";
import { NO_END } from "../helpers/suite.js";

const { MET, NO_EVIDENCE } = FINDING;

describe("Eligibility", () => {
  describe("hashOf", () => {
    it("is what its text says", async () => {
      const { eligibility, policy } = await nurseryFixture();
      expect(await eligibility.hashOf(policy)).to.equal(hashOf(policy));
      const empty: RawPolicy = {
        rules: { grounds: ZeroHash, requirements: [], clauses: [] },
        period: { start: 0n, length: 0n },
      };
      expect(await eligibility.hashOf(empty)).to.equal(hashOf(empty));
    });

    it("is another when anything in the policy is", async () => {
      const { eligibility, policy } = await nurseryFixture();
      const changes: ((p: RawPolicy) => void)[] = [
        (p) => (p.rules.grounds = id("other")),
        (p) => (p.rules.clauses[0] = 1n),
        (p) => p.rules.clauses.pop(),
        (p) => p.rules.clauses.reverse(),
        (p) => p.rules.requirements.pop(),
        (p) => p.rules.requirements.reverse(),
        (p) => (p.rules.requirements[0]!.schema = SCHEMAS.work),
        (p) => (p.rules.requirements[5]!.issuerScope = ZeroHash),
        (p) => (p.rules.requirements[5]!.party = 2n),
        (p) => (p.rules.requirements[1]!.maxAge += 1n),
        (p) => (p.rules.requirements[0]!.claims = []),
        (p) => (p.rules.requirements[0]!.claims[0]!.name = "regio"),
        (p) => (p.rules.requirements[0]!.claims[0]!.value = ""),
        (p) => (p.rules.requirements[5]!.claims[0]!.party = 2n),
        (p) => (p.period.start += 1n),
        (p) => (p.period.length += 1n),
      ];
      const hashes = [hashOf(policy)];
      for (const change of changes) {
        const other = nurseryPolicy(policy.period.start);
        change(other);
        hashes.push(await eligibility.hashOf(other));
      }
      expect(new Set(hashes).size).to.equal(changes.length + 1);
    });
  });

  describe("decide", () => {
    it("says yes, and by which clause", async () => {
      const { judge, whole } = await nurseryFixture();
      const all = await judge(whole());
      expect([all.eligible, all.clause, all.findings]).to.deep.equal([true, 0n, [MET, MET, MET, MET, MET, MET]]);
      expect(all.outcomes.every(({ status }) => status === STATUS.VALID)).to.equal(true);

      const byPact = await judge(whole().toSpliced(2, 1));
      expect([byPact.eligible, byPact.clause]).to.deep.equal([true, 1n]);
      expect(byPact.findings).to.deep.equal([MET, MET, NO_EVIDENCE, MET, MET, MET]);
      const byWork = await judge(whole().toSpliced(3, 1));
      expect([byWork.eligible, byWork.clause]).to.deep.equal([true, 0n]);
    });

    it("says no, and what is missing", async () => {
      const { judge, whole, policy } = await nurseryFixture();
      const none = await judge([]);
      expect([none.eligible, none.clause]).to.deep.equal([false, 2n]);
      expect(none.findings).to.deep.equal(policy.rules.requirements.map(() => NO_EVIDENCE));
      for (const i of [0, 1, 4, 5]) {
        const without = await judge(whole().toSpliced(i, 1));
        expect(without.eligible).to.equal(false);
        expect(without.findings[i]).to.equal(NO_EVIDENCE);
      }
    });

    it("names the rule that a claim does not meet", async () => {
      const { judge, whole, show, issue, subjects, income, childcare } = await nurseryFixture();
      const hidden = await judge(whole().with(1, show(1, income)));
      expect([hidden.eligible, hidden.findings[1], hidden.outcomes[1]?.rule]).to.deep.equal([
        false,
        FINDING.CLAIM_MISSING,
        0n,
      ]);
      const second = await judge(whole().with(5, show(5, childcare, "parent", "nursery")));
      expect([second.findings[5], second.outcomes[5]?.rule]).to.deep.equal([FINDING.CLAIM_MISSING, 1n]);

      for (const value of [false, "true", 1, null]) {
        const rich = await issue("tax", SCHEMAS.income, subjects.applicant, { underThreshold: value, year: 2025 });
        const over = await judge(whole().with(1, show(1, rich, "underThreshold")));
        expect([over.eligible, over.findings[1]]).to.deep.equal([false, FINDING.CLAIM_DIFFERS]);
      }
    });

    it("takes more claims than asked for, one claim trees and attestations without disclosed claims", async () => {
      const { judge, whole, show, issue, subjects, residence } = await nurseryFixture();
      const more = await judge(whole().with(0, show(0, residence, "since", "region", "municipality")));
      expect(more.eligible).to.equal(true);
      const single = await issue("region", SCHEMAS.residence, subjects.applicant, { region: "Lombardia" });
      expect((await judge(whole().with(0, show(0, single, "region")))).eligible).to.equal(true);
    });

    it("asks for a claim of any value when the rule has none", async () => {
      const { judge, show, work, policy } = await nurseryFixture();
      const asked = structuredClone(policy);
      asked.rules.requirements = [
        { ...policy.rules.requirements[2]!, claims: [{ name: "employer", value: "", party: 0n }] },
      ];
      asked.rules.clauses = [1n];
      expect((await judge([show(0, work, "employer")], asked)).eligible).to.equal(true);
      expect((await judge([show(0, work, "employed")], asked)).findings).to.deep.equal([FINDING.CLAIM_MISSING]);
    });

    it("judges leaves of Merkle batches", async () => {
      const { judge, whole, offices, attestationRegistry, subjects } = await nurseryFixture();
      const claims = saltedClaims({ region: "Lombardia", since: 2019 }, "batch");
      const attestation = {
        issuer: offices.region.body,
        schema: SCHEMAS.residence,
        subject: subjects.applicant,
        commitment: commitmentOf(claims),
        validFrom: 0n,
        expiresAt: NO_END,
      };
      const others = [1, 2, 3, 4].map((n) => ({ ...attestation, subject: id(`other ${n}`) }));
      const { batch, memberships } = batchOf([...others, attestation], 2n);
      const registry = attestationRegistry.connect(offices.region.key);
      await registry.attestBatch(SCHEMAS.residence, batch.root, batch.size, batch.bits);
      const leaf = {
        requirement: 0n,
        attestation,
        membership: memberships[4]!,
        disclosure: disclosed(claims, "region"),
      };
      expect((await judge(whole().with(0, leaf))).eligible).to.equal(true);

      await registry.markLeaves(batch, [{ wordIndex: 0n, mask: 3n << 246n }], 2n, REASON.CERTIFICATE_HOLD);
      const suspended = await judge(whole().with(0, leaf));
      expect([suspended.findings[0], suspended.outcomes[0]?.status]).to.deep.equal([
        FINDING.NOT_VALID,
        STATUS.SUSPENDED,
      ]);
      // A leaf that is not in the batch is no evidence of anything.
      await expect(
        judge(whole().with(0, { ...leaf, membership: { ...leaf.membership, index: 3n } })),
      ).to.be.revertedWithCustomError(registry, "LeafNotInBatch");
    });

    it("takes an attestation up to its age, to the second, counted from the later of issue and validFrom", async () => {
      const { judge, show, income, issue, subjects, policy, time, attestationRegistry, viewTime } =
        await nurseryFixture();
      await time.increase(1_000n);
      const recent = await viewTime();
      const values = { underThreshold: true, year: 2026 };
      const fromLater = await issue("tax", SCHEMAS.income, subjects.applicant, values, { validFrom: recent + 3n });
      await time.increase(1_000n);
      for (const [issued, since] of [
        [income, (await attestationRegistry.recordOf(uidOf(income.attestation))).issuedAt],
        [fromLater, recent + 3n],
      ] as const) {
        const age = (await viewTime()) - since;
        const of = async (maxAge: bigint) => {
          const asked = structuredClone(policy);
          asked.rules.requirements = [{ ...policy.rules.requirements[1]!, maxAge }];
          asked.rules.clauses = [1n];
          return (await judge([show(0, issued, "underThreshold")], asked)).findings[0];
        };
        expect(age > 900n).to.equal(true);
        expect(await of(age)).to.equal(MET);
        expect(await of(age - 1n)).to.equal(FINDING.STALE);
        expect(await of(0n)).to.equal(MET);
      }
    });
  });

  describe("verifyClaims", () => {
    it("takes one claim, several, all and none of a commitment", async () => {
      const { eligibility } = await nurseryFixture();
      const claims = saltedClaims({ over18: true, region: "Lombardia", family: "Alami", year: 2026, none: null }, "x");
      const commitment = commitmentOf(claims);
      const asked = { from: ZeroAddress };
      for (const names of [["over18"], ["region", "none"], claims.map(({ name }) => name)]) {
        expect(await eligibility.verifyClaims(commitment, disclosed(claims, ...names), asked)).to.equal(true);
        expect(await eligibility.verifyClaims(id("other"), disclosed(claims, ...names), asked)).to.equal(false);
      }
      const none = { claims: [], proof: [commitment], proofFlags: [] };
      expect(await eligibility.verifyClaims(commitment, none, asked)).to.equal(true);
      expect(await eligibility.verifyClaims(commitment, { ...none, proof: [] }, asked)).to.equal(false);
    });
  });
});
