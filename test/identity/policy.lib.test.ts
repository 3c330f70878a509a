import { expect } from "chai";
import { id } from "ethers";

import type { Decision } from "../../src/identity/benefit/decide.js";
import { explainDecision, explainPolicy } from "../../src/identity/benefit/explainPolicy.js";
import {
  hashPolicy,
  hashRules,
  makePolicy,
  periodAt,
  policyStruct,
  type Condition,
  type Policy,
  type Requirement,
} from "../../src/identity/benefit/policy.js";
import { IdentityError, type IdentityErrorCode } from "../../src/identity/IdentityError.js";
import { hashOf, nurseryCondition, nurseryFixture, nurseryPolicy, PARTY, SCHEMAS, SCHEME } from "../helpers/nursery.js";
import { GROUNDS } from "../helpers/suite.js";

const DAY = 86_400;
const START = 1_788_220_800; // 2026-09-01

const NAMES = {
  schemas: {
    [SCHEMAS.residence]: "residence",
    [SCHEMAS.income]: "income",
    [SCHEMAS.work]: "work",
    [SCHEMAS.pact]: "service pact",
    [SCHEMAS.childcare]: "nursery place",
  },
  scopes: { [SCHEME]: "the nursery scheme" },
  parties: { 1: "the applicant", 2: "the other parent", 3: "the child" },
};

/** The nursery benefit of the helpers, written as a condition. */
function nursery(): Policy {
  return makePolicy({ grounds: GROUNDS, condition: nurseryCondition(), period: { start: START, length: 365 * DAY } });
}

function refuses(code: IdentityErrorCode, act: () => unknown): void {
  expect(act).to.throw(IdentityError).with.property("code", code);
}

describe("policies", () => {
  describe("makePolicy and hashPolicy", () => {
    it("give the nursery benefit the hash that the contract gives it", async () => {
      const policy = nursery();
      expect(policy.clauses).to.deep.equal([
        [0, 1, 2, 4, 5],
        [0, 1, 3, 4, 5],
      ]);
      const expected = nurseryPolicy(BigInt(START));
      expect(expected.rules.requirements[5]?.party).to.equal(PARTY.CHILD);
      expect(hashPolicy(policy)).to.equal(hashOf(expected));
      const { eligibility } = await nurseryFixture();
      expect(hashPolicy(policy)).to.equal(await eligibility.hashOf(policyStruct(policy)));
      // Nothing is lost in a file.
      expect(hashPolicy(JSON.parse(JSON.stringify(policy)) as Policy)).to.equal(hashPolicy(policy));
    });

    it("number equal requirements once and multiply nested ANDs and ORs out", () => {
      const of = (party: number): Requirement => ({ schema: SCHEMAS.work, party });
      const either = (...parties: number[]): Condition => ({ anyOf: parties.map(of) });
      const ways = (condition: Condition) =>
        makePolicy({ grounds: GROUNDS, condition, period: { start: 0, length: 0 } }).clauses;
      expect(ways(of(1))).to.deep.equal([[0]]);
      expect(ways({ allOf: [of(1), of(1)] })).to.deep.equal([[0]]);
      expect(ways({ allOf: [either(1, 2), either(3, 4)] })).to.deep.equal([
        [0, 2],
        [0, 3],
        [1, 2],
        [1, 3],
      ]);
      expect(ways({ anyOf: [{ allOf: [of(1), either(2, 3)] }, of(4)] })).to.deep.equal([[0, 1], [0, 2], [3]]);
    });

    it("refuse a rule on a party of whom its clause asks nothing before", () => {
      const of = (party: number, ...parties: number[]): Requirement => ({
        schema: SCHEMAS.work,
        party,
        claims: parties.map((named) => ({ name: "parent", party: named })),
      });
      const make = (condition: Condition) =>
        makePolicy({ grounds: GROUNDS, condition, period: { start: 0, length: 0 } });
      for (const condition of [
        of(1, 2),
        of(1, 1),
        { allOf: [of(3, 1), of(1)] },
        { allOf: [of(1), of(3, 1, 2), of(2)] },
        // One parent is enough: then the rule on the other hangs in the air.
        { allOf: [{ anyOf: [of(1), of(2)] }, of(3, 1, 2)] },
      ] as Condition[]) {
        refuses("POLICY_MALFORMED", () => make(condition));
      }
      expect(make({ allOf: [of(1), of(2), of(3, 1, 2)] }).clauses).to.deep.equal([[0, 1, 2]]);
      const policy = nursery();
      refuses("POLICY_MALFORMED", () => policyStruct({ ...policy, clauses: [[0, 1, 2, 5]] }));
    });

    it("keep the hash apart from the periods", () => {
      const policy = nursery();
      const next = { ...policy, period: { ...policy.period, start: START + 1 } };
      expect(hashRules(next)).to.equal(hashRules(policy));
      expect(hashPolicy(next)).not.to.equal(hashPolicy(policy));
    });

    it("refuse conditions that nobody or anybody would meet, and what does not fit", () => {
      const work: Requirement = { schema: SCHEMAS.work, party: 1 };
      const make = (condition: Condition, period = { start: 0, length: 1 }, grounds = GROUNDS) =>
        makePolicy({ grounds, condition, period });
      const many = (count: number) => Array.from({ length: count }, (_, i) => ({ ...work, maxAge: i + 1 }));
      for (const condition of [
        { allOf: [] },
        { anyOf: [] },
        { allOf: [work, { anyOf: [] }] },
        { allOf: many(257) },
        { anyOf: many(257) },
        { allOf: many(5).map((one) => ({ anyOf: [one, { ...one, party: 2 }, { ...one, party: 3 }, work] })) },
        { ...work, party: 0 },
        { ...work, party: 256 },
        { ...work, party: 1.5 },
        { ...work, maxAge: -1 },
        { ...work, schema: "0x12" },
        { ...work, issuerScope: "work" },
        { ...work, claims: [{ name: "parent", party: 256 }] },
      ] as Condition[]) {
        refuses("POLICY_MALFORMED", () => make(condition));
      }
      expect(make({ allOf: many(256) }).clauses[0]).to.have.length(256);
      expect(make({ anyOf: many(256) }).clauses).to.have.length(256);
      for (const value of [Number.NaN, Infinity, "\ud800"]) {
        refuses("POLICY_MALFORMED", () => make({ ...work, claims: [{ name: "income", value }] }));
      }
      refuses("POLICY_MALFORMED", () => make({ ...work, maxAge: Number.NaN }));
      refuses("POLICY_MALFORMED", () => make(work, { start: -1, length: 1 }));
      refuses("POLICY_MALFORMED", () => make(work, { start: 0, length: 2 ** 40 }));
      refuses("POLICY_MALFORMED", () => make(work, { start: 0, length: 1 }, "0x12"));
      const policy = make(work);
      for (const clauses of [[], [[]], [[1]], [[-1]]])
        refuses("POLICY_MALFORMED", () => hashPolicy({ ...policy, clauses }));
    });

    it("takes a requirement once, in whatever case its ids are written", () => {
      const work = { schema: SCHEMAS.work, issuerScope: SCHEME, party: 1 };
      const upper = (hex: string) => `0x${hex.slice(2).toUpperCase()}`;
      const twice = { ...work, schema: upper(work.schema), issuerScope: upper(SCHEME) };
      const policy = makePolicy({
        grounds: GROUNDS,
        condition: { allOf: [work, twice] },
        period: { start: 0, length: 0 },
      });
      expect(policy.requirements).to.deep.equal([work]);
      expect(policy.clauses).to.deep.equal([[0]]);
    });
  });

  describe("periodAt", () => {
    it("counts from the start, which belongs to the first", () => {
      const period = { start: 1_000, length: 10 };
      expect([1_000, 1_009, 1_010, 1_999].map((time) => periodAt(period, time))).to.deep.equal([0, 0, 1, 99]);
      expect(periodAt({ start: 1_000, length: 0 }, 2 ** 39)).to.equal(0);
      refuses("PERIOD_NOT_BEGUN", () => periodAt(period, 999));
    });
  });

  describe("explainPolicy and explainDecision", () => {
    it("say it in plain words", () => {
      expect(explainPolicy(nursery(), NAMES)).to.deep.equal([
        '1. the applicant shows an attestation "residence", in which "region" is "Lombardia".',
        '2. the applicant shows an attestation "income", at most 365 days old, in which "underThreshold" is true.',
        '3. the applicant shows an attestation "work".',
        '4. the applicant shows an attestation "service pact".',
        '5. the other parent shows an attestation "work".',
        '6. the child shows an attestation "nursery place", issued by a body accredited for "the nursery scheme", ' +
          'in which "parent" names the applicant and "otherParent" names the other parent.',
        "Eligible: whoever meets 1, 2, 3, 5 and 6; or 1, 2, 4, 5 and 6.",
        "Once in every period of 365 days, from 2026-09-01T00:00:00Z on.",
      ]);
    });

    it("fall back to ids and numbers, and know single periods, seconds and claims of any value", () => {
      const schema = id("x");
      const policy = makePolicy({
        grounds: GROUNDS,
        condition: {
          allOf: [
            { schema, party: 1 },
            {
              schema,
              issuerScope: SCHEME,
              party: 2,
              maxAge: 1,
              claims: [{ name: "a" }, { name: "b", value: 1, party: 1 }],
            },
          ],
        },
        period: { start: 0, length: 0 },
      });
      expect(explainPolicy(policy)).to.deep.equal([
        `1. party 1 shows an attestation "${schema}".`,
        `2. party 2 shows an attestation "${schema}", issued by a body accredited for "${SCHEME}", at most 1 second old, ` +
          'in which "a" is disclosed and "b" is 1 and names party 1.',
        "Eligible: whoever meets 1 and 2.",
        "Once, from 1970-01-01T00:00:00Z on.",
      ]);
    });

    it("say what was found", () => {
      const policy = nursery();
      const met = { finding: "MET", status: "VALID", rule: 0 } as const;
      const none = { finding: "NO_EVIDENCE", status: "UNKNOWN", rule: 0 } as const;
      const yes: Decision = { eligible: true, clause: 1, outcomes: [met, met, none, met, met, met] };
      expect(explainDecision(policy, yes, NAMES).slice(-1)).to.deep.equal(["Eligible, by 1, 2, 4, 5 and 6."]);
      const no: Decision = {
        eligible: false,
        clause: 2,
        outcomes: [
          { finding: "NOT_VALID", status: "SUSPENDED", rule: 0 },
          { finding: "CLAIM_DIFFERS", status: "VALID", rule: 0 },
          none,
          { finding: "SUBJECT_MISMATCH", status: "VALID", rule: 0 },
          { finding: "STALE", status: "VALID", rule: 0 },
          { finding: "CLAIM_MISSING", status: "VALID", rule: 1 },
        ],
      };
      expect(explainDecision(policy, no, NAMES)).to.deep.equal([
        "1. the applicant, residence: the attestation does not stand: SUSPENDED.",
        '2. the applicant, income: the claim "underThreshold" says something else than it must.',
        "3. the applicant, work: nothing was shown.",
        "4. the applicant, service pact: the attestation is about another person than it should be.",
        "5. the other parent, work: the attestation is too old.",
        '6. the child, nursery place: the claim "otherParent" was not disclosed.',
        "Not eligible.",
      ]);
    });
  });
});
