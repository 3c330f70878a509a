import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import type { Attestation } from "../../src/identity/attestation.js";
import {
  decide,
  encodeEvidence,
  FINDINGS,
  type Finding,
  type PolicyEvidence,
} from "../../src/identity/benefit/decide.js";
import { decideOffChain, type PolicyEvidenceOnFile } from "../../src/identity/benefit/decideOffChain.js";
import { policyStruct, type ClaimRule, type Policy, type Requirement } from "../../src/identity/benefit/policy.js";
import { commitmentOf } from "../../src/identity/claims.js";
import { discloseClaims } from "../../src/identity/discloseClaims.js";
import { IdentityError } from "../../src/identity/IdentityError.js";
import { recordOf } from "../../src/identity/status.js";
import { trustHistory } from "../../src/trust/history.js";
import { readTrustSnapshot } from "../../src/trust/snapshot.js";
import { rejection } from "../helpers/events.js";
import { batchOf, REASON, uidOf, uidOfBatch, type Membership } from "../helpers/issuer.js";
import { nurseryFixture, saltedClaims, SCHEMAS, SCHEME, type RawEvidence, type RawPolicy } from "../helpers/nursery.js";
import { plainDecide } from "../helpers/plainPolicy.js";
import { randomOf } from "../helpers/random.js";
import { GROUNDS, NO_END } from "../helpers/suite.js";

type Fixture = Awaited<ReturnType<typeof nurseryFixture>>;
type Held = Awaited<ReturnType<Fixture["issue"]>> & { membership?: Membership };

/** Attestations of all kinds about a family, in all states, singly and in batches. */
async function poolOf(f: Fixture): Promise<Held[]> {
  const { issue, subjects, offices, attestationRegistry, time, viewTime } = f;
  const now = await viewTime();
  const pool: Held[] = [f.residence, f.income, f.work, f.pact, f.partnerWork, f.childcare];
  pool.push(await issue("outside", SCHEMAS.childcare, subjects.child, { parent: subjects.applicant, fee: 1 }));
  pool.push(await issue("outside", SCHEMAS.work, subjects.partner, { employed: true }));
  pool.push(await issue("tax", SCHEMAS.income, subjects.partner, { underThreshold: false }));
  pool.push(await issue("tax", SCHEMAS.income, subjects.applicant, { underThreshold: true }, { expiresAt: now + 90n }));
  const [suspended, revoked] = [
    await issue("region", SCHEMAS.residence, subjects.applicant, { region: "Lombardia", n: 1 }),
    await issue("region", SCHEMAS.residence, subjects.applicant, { region: "Lombardia", n: 2 }),
  ];
  await attestationRegistry.connect(offices.region.key).suspend(uidOf(suspended.attestation), REASON.CERTIFICATE_HOLD);
  await attestationRegistry.connect(offices.region.key).revoke(uidOf(revoked.attestation), REASON.UNSPECIFIED);
  pool.push(suspended, revoked);

  const members = [0, 1, 2].map((n) => {
    const claims = saltedClaims({ region: n === 1 ? "Piemonte" : "Lombardia", leaf: n }, `leaf ${n}`);
    const attestation = {
      issuer: offices.region.body,
      schema: SCHEMAS.residence,
      subject: n === 2 ? id("stranger") : subjects.applicant,
      commitment: commitmentOf(claims),
      validFrom: 0n,
      expiresAt: NO_END,
    };
    return { claims, attestation };
  });
  const { batch, memberships } = batchOf(
    members.map(({ attestation }) => attestation),
    1n,
  );
  const registry = attestationRegistry.connect(offices.region.key);
  await registry.attestBatch(batch.schema, batch.root, batch.size, batch.bits);
  pool.push(...members.map((member, i) => ({ ...member, membership: memberships[i]! })));
  await time.increase(500n);
  return pool;
}

const toAttestation = (a: Held["attestation"]): Attestation => ({
  ...a,
  issuer: Number(a.issuer),
  validFrom: Number(a.validFrom),
  expiresAt: Number(a.expiresAt),
});

const toMembership = (m: Membership) => ({
  ...m,
  size: Number(m.size),
  bits: Number(m.bits) as 1 | 2,
  index: Number(m.index),
});

/** The structs that the contract takes, as the plain twin reads them. */
function rawOf(policy: Policy, evidence: PolicyEvidence[]): [RawPolicy, RawEvidence[]] {
  const big = (value: unknown): unknown => {
    if (typeof value === "number") return BigInt(value);
    if (Array.isArray(value)) return value.map(big);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, big(field)]));
  };
  return [big(policyStruct(policy)) as RawPolicy, big(encodeEvidence(evidence)) as RawEvidence[]];
}

describe("Policies decided by the contract, the library and a plain twin", () => {
  it("come to the same, whatever the policy and the evidence", async () => {
    const f = await nurseryFixture();
    const pool = await poolOf(f);
    const { subjects, eligibility, trustList, attestationRegistry, ethers } = f;
    const address = await trustList.getAddress();
    const trust = trustHistory(await readTrustSnapshot(ethers.provider, address, { fromBlock: 0 }));
    const time = Number(await f.viewTime());
    const ages = [
      ...new Set(
        await Promise.all(
          pool.map(async ({ attestation }) => {
            const { issuedAt } = await attestationRegistry.recordOf(uidOf(attestation));
            return issuedAt === 0n ? 500 : time - Number(issuedAt);
          }),
        ),
      ),
    ];
    const onFile = async ({ attestation, membership }: Held) => {
      const uid = membership === undefined ? uidOf(attestation) : uidOfBatch({ ...attestation, ...membership });
      const record = await recordOf(attestationRegistry, uid);
      return membership === undefined ? { record } : { record, statusList: new Uint8Array(1) };
    };

    const random = randomOf(20_261_124);
    const often = (parts: number) => random.below(10) < parts;
    const values = pool.flatMap(({ claims }) => claims);

    const ruleOf = (schema: string): ClaimRule => {
      const near = pool.filter(({ attestation }) => attestation.schema === schema).flatMap(({ claims }) => claims);
      const { name, value } = random.of(often(9) ? near : values);
      if (often(2)) return { name };
      if (typeof value === "string" && value.startsWith("0x")) return { name, party: 1 + random.below(3) };
      return often(1) ? { name, value: "another" } : { name, value };
    };
    const requirementOf = (): Requirement => {
      const schema = random.of(Object.values(SCHEMAS));
      const near = pool.filter(({ attestation }) => attestation.schema === schema);
      const people = [subjects.applicant, subjects.partner, subjects.child];
      const party = 1 + Math.max(0, people.indexOf(random.of(near).attestation.subject));
      return {
        schema,
        party: often(9) ? party : 1 + random.below(3),
        ...(often(3) ? { issuerScope: random.of([SCHEME, SCHEME, schema, id("no scope")]) } : {}),
        ...(often(3) ? { maxAge: Math.max(1, random.of(ages) - random.below(2)) } : {}),
        claims: Array.from({ length: random.below(3) }, () => ruleOf(schema)),
      };
    };
    /** A rule may name only a party that its clause asks something of before. */
    const isMade = (policy: Policy) => {
      try {
        policyStruct(policy);
        return true;
      } catch {
        return false;
      }
    };
    const policyOf = (): Policy => {
      const requirements = Array.from({ length: 1 + random.below(5) }, requirementOf);
      const clauses = Array.from({ length: 1 + random.below(3) }, () => {
        const clause = requirements.map((_, i) => i).filter(() => often(5));
        return clause.length === 0 ? [random.below(requirements.length)] : clause;
      });
      const policy = { grounds: GROUNDS, requirements, clauses, period: { start: 0, length: random.below(100) } };
      return isMade(policy) ? policy : policyOf();
    };
    const evidenceOf = async (requirement: Requirement, number: number): Promise<PolicyEvidenceOnFile> => {
      const person = [subjects.applicant, subjects.partner, subjects.child][requirement.party - 1];
      const near = pool.filter(({ attestation: { schema } }) => schema === requirement.schema);
      const nearer = near.filter(({ attestation: { subject } }) => subject === person);
      const held = random.of(often(9) && nearer.length > 0 ? nearer : often(8) ? near : pool);
      const asked = requirement.claims?.map(({ name }) => name) ?? [];
      const names = held.claims.map(({ name }) => name).filter((name) => (asked.includes(name) ? often(9) : often(2)));
      const from = often(1) ? random.of(pool) : held;
      const disclosure = discloseClaims(
        from.claims,
        names.filter((name) => from.claims.some((claim) => claim.name === name)),
      );
      if (often(1) && disclosure.proof.length > 0) disclosure.proof.pop();
      if (often(1) && disclosure.proofFlags.length > 0) disclosure.proofFlags.push(true);
      const attestation = toAttestation(held.attestation);
      if (often(1) && held.membership === undefined) attestation.expiresAt -= random.below(2);
      return {
        requirement: number,
        attestation,
        ...(held.membership === undefined ? {} : { membership: toMembership(held.membership) }),
        disclosure,
        ...(await onFile(held)),
      };
    };

    const seen = new Set<Finding>();
    const verdicts = new Set<string>();
    for (let round = 0; round < 250; round++) {
      const policy = policyOf();
      const evidence: PolicyEvidenceOnFile[] = [];
      for (const [i, requirement] of policy.requirements.entries()) {
        if (often(9)) evidence.push(await evidenceOf(requirement, i));
      }
      const byContract = await decide(eligibility, policy, evidence.toReversed());
      const byLibrary = decideOffChain(policy, evidence, { trust, time });
      expect(byLibrary, `round ${round}`).to.deep.equal(byContract);

      const plain = await plainDecide(f, ...rawOf(policy, evidence));
      expect(byContract.outcomes.map(({ finding }) => BigInt(FINDINGS.indexOf(finding)))).to.deep.equal(plain.findings);
      expect(byContract.outcomes.map(({ rule }) => BigInt(rule))).to.deep.equal(plain.rules);
      expect([byContract.eligible, BigInt(byContract.clause)]).to.deep.equal([plain.eligible, plain.clause]);
      for (const { finding } of byContract.outcomes) seen.add(finding);
      verdicts.add(`${String(byContract.eligible)} ${byContract.clause}`);
    }
    // The rounds met everything that can be found, and several ways to be eligible and not.
    expect([...seen].sort()).to.deep.equal([...FINDINGS].sort());
    expect([...verdicts]).to.include.members(["true 0", "true 1", "false 1", "false 2", "false 3"]);
  });

  it("take a scope of zeros for none, and a membership of size 0 for an attestation issued singly", async () => {
    const f = await nurseryFixture();
    const trust = trustHistory(
      await readTrustSnapshot(f.ethers.provider, await f.trustList.getAddress(), { fromBlock: 0 }),
    );
    const policy: Policy = {
      grounds: ZeroHash,
      requirements: [{ schema: SCHEMAS.work, party: 1, issuerScope: ZeroHash }],
      clauses: [[0]],
      period: { start: 0, length: 0 },
    };
    const membership = { root: ZeroHash, size: 0, bits: 1 as const, index: 0, proof: [] };
    const record = await recordOf(f.attestationRegistry, uidOf(f.work.attestation));
    const evidence = [{ requirement: 0, attestation: toAttestation(f.work.attestation), membership, record }];
    const byLibrary = decideOffChain(policy, evidence, { trust, time: Number(await f.viewTime()) });
    expect(byLibrary).to.deep.equal(await decide(f.eligibility, policy, evidence));
    expect(byLibrary.eligible).to.equal(true);
  });

  it("refuse two attestations for one requirement, and one for none", async () => {
    const f = await nurseryFixture();
    const requirement = { schema: SCHEMAS.work, party: 1 };
    const policy: Policy = {
      grounds: ZeroHash,
      requirements: [requirement],
      clauses: [[0]],
      period: { start: 0, length: 0 },
    };
    const one = { requirement: 0, attestation: toAttestation(f.work.attestation) };
    const trust = trustHistory({ changes: [] });
    for (const [evidence, code] of [
      [[one, one], "EVIDENCE_DUPLICATE"],
      [[{ ...one, requirement: 1 }], "REQUIREMENT_UNKNOWN"],
    ] as const) {
      expect(() => decideOffChain(policy, evidence, { trust, time: 1 }))
        .to.throw(IdentityError)
        .with.property("code", code);
    }
    expect(await rejection(decide(f.eligibility, policy, [one, one]))).to.have.property("code", "EVIDENCE_DUPLICATE");
    expect(await rejection(decide(f.eligibility, policy, [{ ...one, requirement: 1 }]))).to.have.property(
      "code",
      "EvidenceOutOfOrder",
    );
    expect(await rejection(decide(f.eligibility.connect(null), policy, [one]))).to.have.property(
      "code",
      "PROVIDER_MISSING",
    );
    // Asked by an account's connection: the library asks in nobody's name all the same.
    expect((await decide(f.eligibility.connect(f.stranger), policy, [one])).eligible).to.equal(true);
  });
});
