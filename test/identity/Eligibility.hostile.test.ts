import { expect } from "chai";
import { concat, id, keccak256, toUtf8Bytes, ZeroAddress, ZeroHash } from "ethers";

import { claimLeaf, commitmentOf } from "../../src/identity/claims.js";
import { contentOf, REASON, STATUS, uidOf } from "../helpers/issuer.js";
import {
  disclosed,
  FINDING,
  hashOf,
  nurseryFixture,
  PARTY,
  saltedClaims,
  SCHEMAS,
  SCHEME,
  type RawEvidence,
  type RawPolicy,
} from "../helpers/nursery.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";

type Fixture = Awaited<ReturnType<typeof nurseryFixture>>;

/**
 * What is found on one requirement when its evidence is replaced. Nothing else may change, but that later evidence is
 * compared with the subject that it names, and that it lends its name to no rule unless it is met.
 */
async function findingOf({ judge, whole }: Fixture, at: number, evidence: RawEvidence) {
  const { eligible, findings, outcomes } = await judge(whole().with(at, evidence));
  const others = findings.toSpliced(at, 1);
  const lent: bigint[] = findings[at] === FINDING.MET ? [] : [FINDING.CLAIM_DIFFERS];
  const expected = [FINDING.MET, FINDING.SUBJECT_MISMATCH, ...lent];
  expect(others.every((finding) => expected.includes(finding))).to.equal(true);
  return { eligible, finding: findings[at], status: outcomes[at]?.status };
}

describe("Eligibility, hostile", () => {
  describe("the guard of the views", () => {
    it("refuses a call that names a sender, and a transaction by an account or a contract", async () => {
      const f = await nurseryFixture();
      const { eligibility, ethers, policy, whole, stranger, residence } = f;
      const proof = disclosed(residence.claims, "region");
      const commitment = residence.attestation.commitment;
      for (const [method, args] of [
        ["decide", [hashOf(policy), policy, whole()]],
        ["verifyClaims", [commitment, proof]],
      ] as const) {
        await expect(eligibility.getFunction(method).staticCall(...args, { from: stranger.address }))
          .to.be.revertedWithCustomError(eligibility, "OnlyInCall")
          .withArgs(stranger.address);
        const call = eligibility.interface.encodeFunctionData(method as "decide", args as never);
        const to = await eligibility.getAddress();
        await expect(stranger.sendTransaction({ to, data: call, gasLimit: 1_000_000n }))
          .to.be.revertedWithCustomError(eligibility, "OnlyInCall")
          .withArgs(stranger.address);
        // A contract in a transaction: it is not its address that counts.
        const wallet = await ethers.deployContract("Wallet", [stranger.address]);
        await expect(wallet.connect(stranger).getFunction("act")(to, call, { gasLimit: 1_000_000n }))
          .to.be.revertedWithCustomError(eligibility, "OnlyInCall")
          .withArgs(stranger.address);
        // The same contract asked by a node, as a front end may.
        const answer = await ethers.provider.call({
          from: ZeroAddress,
          to: await wallet.getAddress(),
          data: wallet.interface.encodeFunctionData("act", [to, call]),
        });
        expect(answer).to.equal("0x");
      }
      expect((await f.judge(whole())).eligible).to.equal(true);
    });
  });

  describe("a policy", () => {
    it("substituted after hashing", async () => {
      const { eligibility, policy, whole } = await nurseryFixture();
      const easier = structuredClone(policy);
      easier.rules.clauses = [1n];
      await expect(eligibility.decide(hashOf(policy), easier, whole(), { from: ZeroAddress }))
        .to.be.revertedWithCustomError(eligibility, "PolicySubstituted")
        .withArgs(hashOf(policy), hashOf(easier));
    });

    it("with clauses that ask for nothing, for requirements that are not there, or none at all: nobody is eligible", async () => {
      const { judge, whole, policy } = await nurseryFixture();
      const asked: RawPolicy = structuredClone(policy);
      for (const clauses of [[], [0n], [0n, 0n], [1n << 6n], [0b111111n | (1n << 255n)]]) {
        asked.rules.clauses = clauses;
        const { eligible, clause } = await judge(whole(), asked);
        expect([eligible, clause]).to.deep.equal([false, BigInt(clauses.length)]);
      }
      asked.rules.requirements = [];
      asked.rules.clauses = [0n, 1n];
      expect(await judge([], asked)).to.deep.include({ eligible: false, findings: [] });
    });
  });

  describe("evidence", () => {
    it("twice for a requirement, in another order, or for none", async () => {
      const { eligibility, judge, whole } = await nurseryFixture();
      const all = whole();
      const refused = (evidence: RawEvidence[], index: number, requirement: number) =>
        expect(judge(evidence))
          .to.be.revertedWithCustomError(eligibility, "EvidenceOutOfOrder")
          .withArgs(index, requirement);
      await refused([all[0]!, all[0]!], 1, 0);
      await refused([all[1]!, all[0]!], 1, 0);
      await refused([{ ...all[0]!, requirement: 6n }], 0, 6);
      await refused([...all, { ...all[0]!, requirement: 255n }], 6, 255);
    });

    it("of another schema, and a schema that was altered", async () => {
      const f = await nurseryFixture();
      const other = { ...f.show(0, f.income, "underThreshold") };
      expect(await findingOf(f, 0, other)).to.deep.include({ eligible: false, finding: FINDING.OTHER_SCHEMA });
      const altered = f.show(0, f.income, "underThreshold");
      altered.attestation = { ...altered.attestation, schema: SCHEMAS.residence };
      expect(await findingOf(f, 0, altered)).to.deep.equal({
        eligible: false,
        finding: FINDING.NOT_VALID,
        status: STATUS.UNKNOWN,
      });
    });

    it("that was altered in any field", async () => {
      const f = await nurseryFixture();
      const good = f.show(1, f.income, "underThreshold");
      for (const change of [
        { issuer: good.attestation.issuer + 1n },
        { subject: f.subjects.partner },
        { commitment: f.residence.attestation.commitment },
        { validFrom: 1n },
        { expiresAt: 1n },
      ]) {
        const altered = { ...good, attestation: { ...good.attestation, ...change } };
        const { finding, status } = await findingOf(f, 1, altered);
        expect([finding, status]).to.deep.equal([FINDING.NOT_VALID, STATUS.UNKNOWN]);
      }
    });

    it("suspended, revoked, superseded, expired or not yet valid", async () => {
      const f = await nurseryFixture();
      const { issue, subjects, offices, attestationRegistry, show, time, viewTime } = f;
      const registry = attestationRegistry.connect(offices.tax.key);
      const now = await viewTime();
      const of = (n: number, fields = {}) =>
        issue("tax", SCHEMAS.income, subjects.applicant, { underThreshold: true, n }, fields);
      const cases = [
        { issued: await of(1), status: STATUS.SUSPENDED },
        { issued: await of(2), status: STATUS.REVOKED },
        { issued: await of(3), status: STATUS.SUPERSEDED },
        { issued: await of(4, { expiresAt: now + 500n }), status: STATUS.EXPIRED },
        { issued: await of(5, { validFrom: now + 100_000n }), status: STATUS.NOT_YET_VALID },
      ] as const;
      const [suspended, revoked, old] = cases.map(({ issued }) => uidOf(issued.attestation)) as [
        string,
        string,
        string,
      ];
      await registry.suspend(suspended, REASON.CERTIFICATE_HOLD);
      await registry.revoke(revoked, REASON.AFFILIATION_CHANGED);
      await registry.supersede(SCHEMAS.income, { old, content: id("new"), expiresAt: NO_END }, REASON.SUPERSEDED);
      await time.increase(1_000n);
      for (const { issued, status } of cases) {
        const found = await findingOf(f, 1, show(1, issued, "underThreshold"));
        expect(found).to.deep.equal({ eligible: false, finding: FINDING.NOT_VALID, status });
      }
    });

    it("of an issuer that was suspended, or whose key was compromised, when it issued", async () => {
      const f = await nurseryFixture();
      const { issue, subjects, offices, decide, trustList, show, time } = f;
      const { body, key, head } = offices.tax;
      await decide(trustList, "suspend", [SCHEMAS.income, body, GROUNDS]);
      // Issued before: it stands.
      expect((await f.judge(f.whole())).eligible).to.equal(true);
      await decide(trustList, "reinstate", [SCHEMAS.income, body, GROUNDS]);
      const late = await issue("tax", SCHEMAS.income, subjects.applicant, { underThreshold: true, late: 1 });
      await trustList.connect(head).reportCompromise(key.address, BigInt(await time.latest()));
      expect(await findingOf(f, 1, show(1, late, "underThreshold"))).to.deep.equal({
        eligible: false,
        finding: FINDING.NOT_VALID,
        status: STATUS.ISSUER_COMPROMISED,
      });
    });

    it("of an issuer outside the scope, or that left it", async () => {
      const f = await nurseryFixture();
      const { issue, subjects, show, decide, trustList, offices } = f;
      const names = { parent: subjects.applicant, otherParent: subjects.partner };
      const outside = await issue("outside", SCHEMAS.childcare, subjects.child, names);
      expect(await findingOf(f, 5, show(5, outside, "parent", "otherParent"))).to.deep.include({
        eligible: false,
        finding: FINDING.ISSUER_OUT_OF_SCOPE,
      });
      await decide(trustList, "withdraw", [SCHEME, offices.milan.body, GROUNDS]);
      const [left] = (await f.judge(f.whole())).findings.slice(5);
      expect(left).to.equal(FINDING.ISSUER_OUT_OF_SCOPE);
    });
  });

  describe("parties", () => {
    it("another person's attestation in the applicant's name, or one person as both parents", async () => {
      const f = await nurseryFixture();
      const { issue, subjects, show, partnerWork } = f;
      expect((await findingOf(f, 2, show(2, partnerWork))).finding).to.equal(FINDING.SUBJECT_MISMATCH);
      const stranger = await issue("tax", SCHEMAS.income, id("stranger"), { underThreshold: true });
      expect((await findingOf(f, 1, show(1, stranger, "underThreshold"))).finding).to.equal(FINDING.SUBJECT_MISMATCH);
      const second = await issue("outside", SCHEMAS.work, subjects.applicant, { employed: true });
      const { eligible, findings } = await f.judge(f.whole().with(4, show(4, second)));
      expect([eligible, findings[4]]).to.deep.equal([false, FINDING.SUBJECT_MISMATCH]);
    });

    it("an employed stranger as the other parent: the child's attestation names another", async () => {
      const f = await nurseryFixture();
      const hired = await f.issue("welfare", SCHEMAS.work, id("a hired stranger"), { employed: true });
      const { eligible, findings, outcomes } = await f.judge(f.whole().with(4, f.show(4, hired)));
      expect([eligible, findings[4], findings[5]]).to.deep.equal([false, FINDING.MET, FINDING.CLAIM_DIFFERS]);
      expect(outcomes[5]?.rule).to.equal(1n);
    });

    it("the true partner shown where nobody asks, so that the child's attestation fits, and a stranger where it counts", async () => {
      const f = await nurseryFixture();
      const { issue, show, subjects, whole, judge } = f;
      const asked = structuredClone(f.policy);
      // A second requirement on the partner, which no clause needs, before the one that counts.
      asked.rules.requirements[3] = { ...asked.rules.requirements[3]!, party: PARTY.PARTNER };
      asked.rules.clauses = [0b110111n];
      const hired = await issue("welfare", SCHEMAS.work, id("a hired stranger"), { employed: true });
      for (const [decoy, child] of [
        [await issue("welfare", SCHEMAS.pact, subjects.partner, { pact: true }), FINDING.MET],
        [{ ...f.pact, attestation: { ...f.pact.attestation, subject: subjects.partner } }, FINDING.CLAIM_DIFFERS],
      ] as const) {
        const { eligible, findings } = await judge(whole().with(3, show(3, decoy)).with(4, show(4, hired)), asked);
        expect([eligible, findings[4], findings[5]]).to.deep.equal([false, FINDING.SUBJECT_MISMATCH, child]);
      }
    });

    it("a subject in capitals, without its prefix, or as a number is not the subject", async () => {
      const f = await nurseryFixture();
      const { subjects, issue, show } = f;
      const { applicant } = subjects;
      for (const parent of [applicant.toUpperCase(), applicant.slice(2), `${applicant} `, 7, null, [applicant]]) {
        const child = await issue("milan", SCHEMAS.childcare, subjects.child, {
          parent,
          otherParent: subjects.partner,
        });
        const { finding } = await findingOf(f, 5, show(5, child, "parent", "otherParent"));
        expect(finding).to.equal(FINDING.CLAIM_DIFFERS);
      }
    });

    it("what was not found met lends nobody's name, though no clause asks for it", async () => {
      const f = await nurseryFixture();
      const { show, whole, judge, partnerWork } = f;
      const asked = structuredClone(f.policy);
      asked.rules.clauses = [0b100111n];
      const never = { ...partnerWork, attestation: { ...partnerWork.attestation, commitment: id("never issued") } };
      const { eligible, findings, outcomes } = await judge(whole().with(4, show(4, never)), asked);
      expect([eligible, findings[4], findings[5]]).to.deep.equal([false, FINDING.NOT_VALID, FINDING.CLAIM_DIFFERS]);
      expect(outcomes[5]?.rule).to.equal(1n);
      expect((await judge(whole(), asked)).eligible).to.equal(true);
    });

    it("a rule on a party that has shown nothing is not met", async () => {
      const f = await nurseryFixture();
      const { findings } = await f.judge(f.whole().toSpliced(4, 1));
      expect(findings[5]).to.equal(FINDING.CLAIM_DIFFERS);
      const asked = structuredClone(f.policy);
      asked.rules.requirements[5]!.claims = [{ name: "parent", value: "", party: 200n }];
      expect((await f.judge(f.whole(), asked)).findings[5]).to.equal(FINDING.CLAIM_DIFFERS);
      expect(PARTY.CHILD).to.equal(f.policy.rules.requirements[5]!.party);
    });
  });

  describe("a disclosure", () => {
    it("of another attestation's claim", async () => {
      const f = await nurseryFixture();
      const { issue, show, residence } = f;
      const neighbour = await issue("region", SCHEMAS.residence, id("neighbour"), { region: "Lombardia" });
      const mixed = { ...show(0, residence), disclosure: disclosed(neighbour.claims, "region") };
      expect(await findingOf(f, 0, mixed)).to.deep.include({ eligible: false, finding: FINDING.CLAIMS_NOT_PROVEN });
    });

    it("with another value, name or salt, a proof of the wrong length, or flags too many, too few or turned", async () => {
      const f = await nurseryFixture();
      const { eligibility, show, childcare, income } = f;
      const good = show(5, childcare, "parent", "otherParent").disclosure;
      const bad = [
        { ...good, claims: [{ ...good.claims[0]!, value: `"0x"` }, good.claims[1]!] },
        { ...good, claims: [{ ...good.claims[0]!, name: "x" }, good.claims[1]!] },
        { ...good, claims: [{ ...good.claims[0]!, salt: ZeroHash }, good.claims[1]!] },
        { ...good, claims: good.claims.toReversed() },
        { ...good, claims: [good.claims[0]!] },
        { ...good, claims: [...good.claims, good.claims[0]!] },
        { ...good, claims: [good.claims[0]!, good.claims[0]!] },
        { ...good, proof: [...good.proof, ZeroHash] },
        { ...good, proof: good.proof.slice(1) },
        { ...good, proof: [ZeroHash, ...good.proof] },
        { ...good, proof: [], proofFlags: [] },
        { ...good, proofFlags: [...good.proofFlags, true] },
        { ...good, proofFlags: [...good.proofFlags, false] },
        { ...good, proofFlags: good.proofFlags.slice(1) },
        { ...good, proofFlags: [] },
        ...good.proofFlags.map((flag, i) => ({ ...good, proofFlags: good.proofFlags.with(i, !flag) })),
        { ...good, proof: [...good.proof, ZeroHash], proofFlags: [...good.proofFlags, false] },
        show(1, income, "underThreshold").disclosure,
      ];
      const { commitment } = childcare.attestation;
      const asked = { from: ZeroAddress };
      expect(await eligibility.verifyClaims(commitment, good, asked)).to.equal(true);
      for (const disclosure of bad) {
        expect(await eligibility.verifyClaims(commitment, disclosure, asked)).to.equal(false);
        const { finding } = await findingOf(f, 5, { ...show(5, childcare), disclosure });
        expect(finding).to.equal(FINDING.CLAIMS_NOT_PROVEN);
      }
      // Without claims nothing is proven, whatever else is given: the rule is not met.
      const nothing = { claims: [], proof: [commitment], proofFlags: [] };
      expect((await findingOf(f, 5, { ...show(5, childcare), disclosure: nothing })).finding).to.equal(
        FINDING.CLAIM_MISSING,
      );
    });

    it("of an inner node as a leaf, or a leaf as the root", async () => {
      const { eligibility } = await nurseryFixture();
      const claims = saltedClaims({ a: 1, b: 2, c: 3, d: 4 }, "second preimage");
      const [p, q, r, s] = claims.map(claimLeaf).sort() as [string, string, string, string];
      const sorted = (x: string, y: string) => keccak256(concat(x < y ? [x, y] : [y, x]));
      const node = sorted(p, q);
      const root = commitmentOf(claims);
      const asked = { from: ZeroAddress };
      // What hashes to an inner node is two hashes, no claim: its text as salt and value makes another leaf.
      const fake = { salt: p, name: "", value: q };
      for (const proof of [[], [sorted(r, s)], [r, s]]) {
        const flags = proof.map(() => false);
        const given = { claims: [fake], proof, proofFlags: flags };
        expect(await eligibility.verifyClaims(root, given, asked)).to.equal(false);
        expect(await eligibility.verifyClaims(node, given, asked)).to.equal(false);
      }
      // Hashed once, as a careless verifier would.
      const once = keccak256(concat([id("salt"), toUtf8Bytes("over18true")]));
      const leafless = { claims: [fake], proof: [], proofFlags: [] };
      expect(await eligibility.verifyClaims(once, leafless, asked)).to.equal(false);
      // An empty place in a multi-proof is no zero leaf (CVE-2023-34459).
      const zeroed = sorted(ZeroHash, p);
      const empty = { claims: [], proof: [p, p], proofFlags: [false] };
      expect(await eligibility.verifyClaims(zeroed, empty, asked)).to.equal(false);
    });

    it("of two claims of one name, which only a careless issuer commits to", async () => {
      const f = await nurseryFixture();
      const { offices, attestationRegistry, subjects, eligibility } = f;
      const both = [true, false].map((value) => ({ salt: id(`salt ${String(value)}`), name: "underThreshold", value }));
      const leaves = both.map(claimLeaf);
      const [low, high] = [...leaves].sort() as [string, string];
      const commitment = keccak256(concat([low, high]));
      const attestation = { ...f.income.attestation, commitment, subject: subjects.applicant };
      const registry = attestationRegistry.connect(offices.tax.key);
      await registry.attest(SCHEMAS.income, contentOf(attestation), NO_END);
      const claims = [...both]
        .sort((x, y) => (claimLeaf(x) < claimLeaf(y) ? -1 : 1))
        .map((claim) => ({ ...claim, value: String(claim.value) }));
      const disclosure = { claims, proof: [], proofFlags: [true] };
      expect(await eligibility.verifyClaims(commitment, disclosure, { from: ZeroAddress })).to.equal(false);
      const evidence = { ...f.show(1, f.income), attestation, disclosure };
      expect((await findingOf(f, 1, evidence)).finding).to.equal(FINDING.CLAIMS_NOT_PROVEN);
    });

    it("of huge values and proofs costs who asks, and proves nothing", async () => {
      const f = await nurseryFixture();
      const { show, residence } = f;
      const good = show(0, residence, "region").disclosure;
      const long = { ...good, claims: [{ ...good.claims[0]!, value: `"${"x".repeat(50_000)}"` }] };
      const many = { ...good, proof: Array(1_000).fill(ZeroHash) as string[], proofFlags: Array(1_000).fill(false) };
      for (const disclosure of [long, many]) {
        const { finding } = await findingOf(f, 0, { ...show(0, residence), disclosure });
        expect(finding).to.equal(FINDING.CLAIMS_NOT_PROVEN);
      }
    });
  });
});
