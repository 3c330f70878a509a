import { AbiCoder, id, keccak256, ZeroAddress, ZeroHash } from "ethers";

import type { ClaimRule, Condition, Requirement } from "../../src/identity/benefit/policy.js";
import { commitmentOf, type Claim } from "../../src/identity/claims.js";
import { discloseClaims } from "../../src/identity/discloseClaims.js";
import { canonicalJson, type Json } from "../../src/identity/json.js";
import { contentOf, type Attestation, type Membership } from "./issuer.js";
import { deploySuite, GROUNDS, NO_END } from "./suite.js";
import { authorizeKey, load, registerBody, type Signer } from "./trust.js";

const abi = AbiCoder.defaultAbiCoder();
const DAY = 86_400n;

/** Kinds of attestation that the nursery benefit asks for. */
export const SCHEMAS = {
  residence: id(`{"name":"residence"}`),
  income: id(`{"name":"income"}`),
  work: id(`{"name":"work"}`),
  pact: id(`{"name":"service pact"}`),
  childcare: id(`{"name":"childcare"}`),
} as const;

/** Municipalities in the scheme are accredited in this scope. */
export const SCHEME = id("diwan.role.nursery-scheme");

/** Whose attestations they are. */
export const PARTY = { APPLICANT: 1n, PARTNER: 2n, CHILD: 3n } as const;

/** The benefit's condition, as the library takes it; `asked` is what the child's attestation must say besides. */
export function nurseryCondition(...asked: ClaimRule[]): Condition {
  const year = 365 * Number(DAY);
  const works = (party: number): Requirement => ({ schema: SCHEMAS.work, party });
  const parents: ClaimRule[] = [
    { name: "parent", party: 1 },
    { name: "otherParent", party: 2 },
  ];
  return {
    allOf: [
      { schema: SCHEMAS.residence, party: 1, claims: [{ name: "region", value: "Lombardia" }] },
      { schema: SCHEMAS.income, party: 1, maxAge: year, claims: [{ name: "underThreshold", value: true }] },
      { anyOf: [works(1), { schema: SCHEMAS.pact, party: 1 }] },
      works(2),
      { schema: SCHEMAS.childcare, issuerScope: SCHEME, party: 3, claims: [...parents, ...asked] },
    ],
  };
}

/** `IEligibility.Finding`, by its names. */
export const FINDING = {
  NO_EVIDENCE: 0n,
  MET: 1n,
  OTHER_SCHEMA: 2n,
  NOT_VALID: 3n,
  ISSUER_OUT_OF_SCOPE: 4n,
  STALE: 5n,
  SUBJECT_MISMATCH: 6n,
  CLAIMS_NOT_PROVEN: 7n,
  CLAIM_MISSING: 8n,
  CLAIM_DIFFERS: 9n,
} as const;

/** A rule on a claim, as `IEligibility.ClaimRule`. */
export interface RawRule {
  name: string;
  value: string;
  party: bigint;
}

/** As `IEligibility.Requirement`. */
interface RawRequirement {
  schema: string;
  issuerScope: string;
  party: bigint;
  maxAge: bigint;
  claims: RawRule[];
}

/** As `IEligibility.Policy`. */
export interface RawPolicy {
  rules: { grounds: string; requirements: RawRequirement[]; clauses: bigint[] };
  period: { start: bigint; length: bigint };
}

/** As `IEligibility.Evidence`. */
export interface RawEvidence {
  requirement: bigint;
  attestation: Attestation;
  membership: Membership;
  disclosure: { claims: { salt: string; name: string; value: string }[]; proof: string[]; proofFlags: boolean[] };
}

/** In no batch. */
const SINGLY: Membership = { root: ZeroHash, size: 0n, bits: 0n, index: 0n, proof: [] };

const RULES_TYPE =
  "tuple(bytes32 grounds,tuple(bytes32 schema,bytes32 issuerScope,uint8 party,uint40 maxAge," +
  "tuple(string name,string value,uint8 party)[] claims)[] requirements,uint256[] clauses)";

/** A policy's hash, written from the interface's text. */
export function hashOf({ rules, period }: RawPolicy): string {
  const hash = keccak256(abi.encode([RULES_TYPE], [rules]));
  return keccak256(abi.encode(["bytes32", "uint40", "uint40"], [hash, period.start, period.length]));
}

/** A rule that a claim has a value. */
export const says = (name: string, value: Json): RawRule => ({ name, value: canonicalJson(value), party: 0n });

/** Claims with fixed salts. */
export function saltedClaims(values: Record<string, Json>, salt: string): Claim[] {
  return Object.entries(values).map(([name, value]) => ({ salt: id(`${salt} ${name}`), name, value }));
}

/** What discloses claims of an attestation by name, as the contract takes it. */
export function disclosed(claims: Claim[], ...names: string[]): RawEvidence["disclosure"] {
  if (names.length === 0) return { claims: [], proof: [], proofFlags: [] };
  const disclosure = discloseClaims(claims, names);
  const raw = disclosure.claims.map(({ salt, name, value }) => ({ salt, name, value: canonicalJson(value) }));
  return { ...disclosure, claims: raw };
}

/**
 * The nursery benefit in short: the applicant lives in the region (0), earns less than the threshold (1), and both
 * parents work (2, 4) or the applicant is in a service pact (3) in place of work; their child is enrolled (5) with a
 * municipality of the scheme, whose attestation names both parents.
 */
export function nurseryPolicy(start: bigint): RawPolicy {
  const of = (schema: string, party: bigint, more: Partial<RawRequirement> = {}): RawRequirement => ({
    schema,
    issuerScope: ZeroHash,
    party,
    maxAge: 0n,
    claims: [],
    ...more,
  });
  return {
    rules: {
      grounds: GROUNDS,
      requirements: [
        of(SCHEMAS.residence, PARTY.APPLICANT, { claims: [says("region", "Lombardia")] }),
        of(SCHEMAS.income, PARTY.APPLICANT, { maxAge: 365n * DAY, claims: [says("underThreshold", true)] }),
        of(SCHEMAS.work, PARTY.APPLICANT),
        of(SCHEMAS.pact, PARTY.APPLICANT),
        of(SCHEMAS.work, PARTY.PARTNER),
        of(SCHEMAS.childcare, PARTY.CHILD, {
          issuerScope: SCHEME,
          claims: [
            { name: "parent", value: "", party: PARTY.APPLICANT },
            { name: "otherParent", value: "", party: PARTY.PARTNER },
          ],
        }),
      ],
      clauses: [0b110111n, 0b111011n],
    },
    period: { start, length: 365n * DAY },
  };
}

export function nurseryFixture() {
  return load(deployNursery);
}

/** Offices that issue what the nursery benefit asks for, a family, and what it was issued. */
async function deployNursery() {
  const suite = await deploySuite();
  const { attestationRegistry, trustList, decide, signers, connection } = suite;
  const { time } = connection.networkHelpers;
  const people = signers.slice(10, 22);
  const names = ["region", "tax", "welfare", "milan", "outside"] as const;

  const scopesOf: Record<(typeof names)[number], string[]> = {
    region: [SCHEMAS.residence],
    tax: [SCHEMAS.income],
    welfare: [SCHEMAS.work, SCHEMAS.pact],
    milan: [SCHEMAS.childcare, SCHEME],
    outside: [SCHEMAS.childcare, SCHEMAS.work],
  };
  const offices = {} as Record<(typeof names)[number], { body: bigint; key: Signer; head: Signer }>;
  for (const [i, name] of names.entries()) {
    const [head, key] = [people[2 * i]!, people[2 * i + 1]!];
    const body = await registerBody(suite, head);
    const scopes = scopesOf[name];
    for (const scope of scopes) await decide(trustList, "accredit", [scope, 0n, body, 0n, NO_END, 0n, GROUNDS]);
    await authorizeKey(suite, { by: head, body, operator: key, scopes, from: 0n });
    offices[name] = { body, key, head };
  }

  const subjects = { applicant: id("applicant"), partner: id("partner"), child: id("child") };
  type Office = keyof typeof offices;

  /** An office issues an attestation with these claims. */
  const issue = async (
    office: Office,
    schema: string,
    subject: string,
    values: Record<string, Json>,
    fields: Partial<Attestation> = {},
  ) => {
    const claims = saltedClaims(values, `${schema} ${subject} ${JSON.stringify(values)}`);
    const attestation: Attestation = {
      issuer: offices[office].body,
      schema,
      subject,
      commitment: commitmentOf(claims),
      validFrom: 0n,
      expiresAt: NO_END,
      ...fields,
    };
    const by = attestationRegistry.connect(offices[office].key);
    await by.attest(schema, contentOf(attestation), attestation.expiresAt);
    return { attestation, claims };
  };
  type Issued = Awaited<ReturnType<typeof issue>>;

  const residence = await issue("region", SCHEMAS.residence, subjects.applicant, {
    region: "Lombardia",
    municipality: "Milano",
    since: 2019,
  });
  const income = await issue("tax", SCHEMAS.income, subjects.applicant, {
    underThreshold: true,
    amount: "18250.00",
    year: 2025,
  });
  const work = await issue("welfare", SCHEMAS.work, subjects.applicant, { employed: true, employer: "ACME" });
  const pact = await issue("welfare", SCHEMAS.pact, subjects.applicant, { pact: true });
  const partnerWork = await issue("welfare", SCHEMAS.work, subjects.partner, { employed: true, employer: "Other" });
  const childcare = await issue("milan", SCHEMAS.childcare, subjects.child, {
    parent: subjects.applicant,
    otherParent: subjects.partner,
    nursery: "Nido Sole",
  });

  const policy = nurseryPolicy(BigInt(await time.latest()) - 1_000n);
  /** An attestation for a requirement, claims disclosed by name. */
  const show = (requirement: number, { attestation, claims }: Issued, ...disclose: string[]): RawEvidence => ({
    requirement: BigInt(requirement),
    attestation,
    membership: SINGLY,
    disclosure: disclosed(claims, ...disclose),
  });
  /** Evidence of every requirement. */
  const whole = (): RawEvidence[] => [
    show(0, residence, "region"),
    show(1, income, "underThreshold"),
    show(2, work),
    show(3, pact),
    show(4, partnerWork),
    show(5, childcare, "parent", "otherParent"),
  ];

  return {
    ...suite,
    time,
    offices,
    subjects,
    issue,
    show,
    whole,
    policy,
    residence,
    income,
    work,
    pact,
    partnerWork,
    childcare,
    /** The block time that a view sees, read from a contract that counts seconds. */
    viewTime: async () => 1n + (await suite.benefits.currentPeriod({ start: 1n, length: 1n })),
    /** What the contract decides, asked as a node is. */
    judge: async (evidence: RawEvidence[], asked: RawPolicy = policy) => {
      const { eligible, clause, outcomes } = await suite.eligibility.decide(hashOf(asked), asked, evidence, {
        from: ZeroAddress,
      });
      return { eligible, clause, findings: outcomes.map(({ finding }) => finding), outcomes };
    },
  };
}
