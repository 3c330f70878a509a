import { canonicalJson } from "../json.js";
import type { Decision, Finding } from "./decide.js";
import type { ClaimRule, Period, Policy, Requirement } from "./policy.js";

/** What schemas, scopes and parties are called. What is not named here is told by its id. */
export interface PolicyNames {
  /** By schema id. */
  schemas?: Readonly<Record<string, string>>;
  /** By scope. */
  scopes?: Readonly<Record<string, string>>;
  /** By number. */
  parties?: Readonly<Record<number, string>>;
}

/**
 * A policy in plain words: a line for each requirement, one on how they combine and one on how often it can be claimed.
 * The words follow the policy itself; only the names are taken on trust, as they are not in its hash.
 *
 * @param policy The policy.
 * @param names What its schemas, scopes and parties are called.
 * @returns The lines, in English.
 * @example
 * ```ts
 * console.log(explainPolicy(policy, { schemas: { [residence]: "residence" }, parties: { 1: "the applicant" } }).join("\n"));
 * ```
 */
export function explainPolicy(policy: Policy, names: PolicyNames = {}): string[] {
  const ways = policy.clauses.map((clause) => listed(clause.map((number) => String(number + 1))));
  return [
    ...policy.requirements.map((requirement, i) => `${i + 1}. ${inWords(requirement, names)}`),
    `Eligible: whoever meets ${ways.join("; or ")}.`,
    often(policy.period),
  ];
}

/**
 * A decision in plain words: what was found on each requirement.
 *
 * @param policy The policy that was decided.
 * @param decision What was decided.
 * @param names What its schemas, scopes and parties are called.
 * @returns A line for each requirement and one for the outcome, in English.
 * @example
 * ```ts
 * const lines = explainDecision(policy, await decide(eligibility, policy, evidence), names);
 * ```
 */
export function explainDecision(policy: Policy, decision: Decision, names: PolicyNames = {}): string[] {
  const lines = policy.requirements.map((requirement, i) => {
    const { finding, status, rule } = decision.outcomes[i]!;
    const claim = requirement.claims?.[rule]?.name ?? "";
    const reason = REASONS[finding].replace("{status}", status).replace("{claim}", claim);
    return `${i + 1}. ${partyOf(requirement.party, names)}, ${schemaOf(requirement, names)}: ${reason}`;
  });
  const met = policy.clauses[decision.clause]?.map((number) => String(number + 1)) ?? [];
  return [...lines, decision.eligible ? `Eligible, by ${listed(met)}.` : "Not eligible."];
}

const REASONS: Readonly<Record<Finding, string>> = {
  NO_EVIDENCE: "nothing was shown.",
  MET: "met.",
  OTHER_SCHEMA: "an attestation of another kind was shown.",
  NOT_VALID: "the attestation does not stand: {status}.",
  ISSUER_OUT_OF_SCOPE: "the issuer is not accredited in the scope that is asked for.",
  STALE: "the attestation is too old.",
  SUBJECT_MISMATCH: "the attestation is about another person than it should be.",
  CLAIMS_NOT_PROVEN: "the disclosed claims are not this attestation's.",
  CLAIM_MISSING: 'the claim "{claim}" was not disclosed.',
  CLAIM_DIFFERS: 'the claim "{claim}" says something else than it must.',
};

function inWords(requirement: Requirement, names: PolicyNames): string {
  const { issuerScope, maxAge = 0, claims = [] } = requirement;
  const parts = [`${partyOf(requirement.party, names)} shows an attestation "${schemaOf(requirement, names)}"`];
  if (issuerScope !== undefined) parts.push(`issued by a body accredited for "${nameIn(names.scopes, issuerScope)}"`);
  if (maxAge !== 0) parts.push(`at most ${lasting(maxAge)} old`);
  if (claims.length > 0) parts.push(`in which ${listed(claims.map((rule) => claimInWords(rule, names)))}`);
  return `${parts.join(", ")}.`;
}

function claimInWords({ name, value, party }: ClaimRule, names: PolicyNames): string {
  const said = value === undefined ? [] : [`is ${canonicalJson(value)}`];
  if (party !== undefined) said.push(`names ${partyOf(party, names)}`);
  return `"${name}" ${said.length === 0 ? "is disclosed" : said.join(" and ")}`;
}

function often({ start, length }: Period): string {
  const since = new Date(start * 1_000).toISOString().replace(".000Z", "Z");
  return length === 0 ? `Once, from ${since} on.` : `Once in every period of ${lasting(length)}, from ${since} on.`;
}

function lasting(seconds: number): string {
  const [unit, count] = seconds % 86_400 === 0 ? ["day", seconds / 86_400] : ["second", seconds];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)!}`;
}

function partyOf(party: number, names: PolicyNames): string {
  return names.parties?.[party] ?? `party ${party}`;
}

function schemaOf({ schema }: Requirement, names: PolicyNames): string {
  return nameIn(names.schemas, schema);
}

function nameIn(names: Readonly<Record<string, string>> | undefined, id: string): string {
  return names?.[id] ?? names?.[id.toLowerCase()] ?? id;
}
