import { ZeroHash } from "ethers";

import { standingAt, type TrustHistory } from "../../trust/history.js";
import type { Disclosure } from "../discloseClaims.js";
import { IdentityError } from "../IdentityError.js";
import { canonicalJson } from "../json.js";
import type { AttestationRecord, Status } from "../verdict.js";
import { verifyAttestation } from "../verifyAttestation.js";
import { verifyDisclosure } from "../verifyDisclosure.js";
import { inOrder, type Decision, type Outcome, type PolicyEvidence } from "./decide.js";
import { hashPolicy, type ClaimRule, type Policy, type Requirement } from "./policy.js";

/** An attestation that is to meet a requirement, with what a verdict on it needs from files. */
export interface PolicyEvidenceOnFile extends PolicyEvidence {
  /** The record of the attestation, or of its batch; left out if it has none. */
  record?: AttestationRecord;
  /** The batch's status list, first entry left-most. */
  statusList?: Uint8Array;
}

/** What the files are judged by. */
export interface OnFile {
  /** The trust list, from a snapshot that `verifySnapshot` accepted. */
  trust: TrustHistory;
  /** The time to judge at, in Unix seconds; not before the files were made. */
  time: number;
}

/**
 * Decides a policy from files alone. The decision is that of the contract's `decide` in a block of the given time whose
 * state is that of the files. As there, whose the evidence is, it does not ask: see `evidenceOf`.
 *
 * @param policy The policy.
 * @param evidence At most one for each requirement, in any order.
 * @param files The trust list and the time.
 * @returns Whether the policy is met, by which clause, and what was found on each requirement.
 * @throws IdentityError POLICY_MALFORMED, EVIDENCE_DUPLICATE, REQUIREMENT_UNKNOWN, and as `verifyAttestation` does
 * @example
 * ```ts
 * const { eligible, outcomes } = decideOffChain(policy, evidence, { trust, time: snapshot.time });
 * ```
 */
export function decideOffChain(policy: Policy, evidence: readonly PolicyEvidenceOnFile[], files: OnFile): Decision {
  hashPolicy(policy);
  const shown: Shown = inOrder(evidence).map((one) => {
    const requirement = policy.requirements[one.requirement];
    if (requirement !== undefined) return { one, requirement, isMet: false };
    throw new IdentityError("REQUIREMENT_UNKNOWN", `the policy has no requirement ${one.requirement}`);
  });
  const outcomes: Outcome[] = policy.requirements.map(() => ({ finding: "NO_EVIDENCE", status: "UNKNOWN", rule: 0 }));
  for (const [i, entry] of shown.entries()) {
    const outcome = judge(shown, i, files);
    outcomes[entry.one.requirement] = outcome;
    entry.isMet = outcome.finding === "MET";
  }
  const first = policy.clauses.findIndex((clause) => clause.every((number) => outcomes[number]?.finding === "MET"));
  return { eligible: first >= 0, clause: first >= 0 ? first : policy.clauses.length, outcomes };
}

/** Evidence in order; what was found on it is known as far as it was judged. */
type Shown = { one: PolicyEvidenceOnFile; requirement: Requirement; isMet: boolean }[];

function judge(shown: Shown, i: number, { trust, time }: OnFile): Outcome {
  const { one, requirement } = shown[i]!;
  const { attestation, membership, ...rest } = one;
  const found = (finding: Outcome["finding"], status: Status, rule = 0): Outcome => ({ finding, status, rule });
  if (!sameHex(attestation.schema, requirement.schema)) return found("OTHER_SCHEMA", "UNKNOWN");

  // As on the chain, a membership of size 0 is none, and so is a scope of zeros.
  const isMember = membership !== undefined && membership.size !== 0;
  const { status, since } = verifyAttestation({ ...rest, attestation, ...(isMember && { membership }), trust, time });
  if (status !== "VALID") return found("NOT_VALID", status);
  const { issuerScope = ZeroHash, maxAge = 0 } = requirement;
  const isInScope =
    issuerScope === ZeroHash || standingAt(trust, issuerScope, attestation.issuer, time).standing === "IN_FORCE";
  if (!isInScope) return found("ISSUER_OUT_OF_SCOPE", status);
  if (maxAge !== 0 && time - since > maxAge) return found("STALE", status);
  if (!subjectFits(shown, i)) return found("SUBJECT_MISMATCH", status);

  const { disclosure } = one;
  const isProven =
    disclosure === undefined || disclosure.claims.length === 0 || verifyDisclosure(attestation.commitment, disclosure);
  if (!isProven) return found("CLAIMS_NOT_PROVEN", status);
  for (const [k, rule] of (requirement.claims ?? []).entries()) {
    const finding = judgeClaim(rule, disclosure, shown);
    if (finding !== "MET") return found(finding, status, k);
  }
  return found("MET", status);
}

/** It has the subject of earlier evidence exactly where it has its party. */
function subjectFits(shown: Shown, i: number): boolean {
  const { one, requirement } = shown[i]!;
  return shown.slice(0, i).every((other) => {
    const isSameSubject = sameHex(other.one.attestation.subject, one.attestation.subject);
    return (other.requirement.party === requirement.party) === isSameSubject;
  });
}

function judgeClaim(rule: ClaimRule, disclosure: Disclosure | undefined, shown: Shown): Outcome["finding"] {
  const claim = disclosure?.claims.find(({ name }) => name === rule.name);
  if (claim === undefined) return "CLAIM_MISSING";
  const isSaid = rule.value === undefined || canonicalJson(rule.value) === canonicalJson(claim.value);
  if (!isSaid) return "CLAIM_DIFFERS";
  if (rule.party === undefined) return "MET";
  // What was not found MET lends nobody's name, and nothing is found yet on later evidence.
  const party = shown.find(({ requirement, isMet }) => requirement.party === rule.party && isMet);
  return claim.value === party?.one.attestation.subject.toLowerCase() ? "MET" : "CLAIM_DIFFERS";
}

function sameHex(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
