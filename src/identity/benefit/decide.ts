import { ZeroAddress, ZeroHash } from "ethers";

import { ask } from "../../chain/send.js";
import type { Eligibility, IEligibility } from "../../typechain/contracts/identity/Eligibility.js";
import type { Attestation, Membership } from "../attestation.js";
import type { Disclosure } from "../discloseClaims.js";
import { IdentityError } from "../IdentityError.js";
import { canonicalJson } from "../json.js";
import type { AtBlock } from "../status.js";
import { STATUSES, type Status } from "../verdict.js";
import { hashPolicy, policyStruct, type Policy } from "./policy.js";

/** An attestation that is to meet a requirement of a policy. */
export interface PolicyEvidence {
  /** The requirement's number, from 0. */
  requirement: number;
  /** What its holder presents. */
  attestation: Attestation;
  /** Where it stands in its Merkle batch, if it was issued in one. */
  membership?: Membership;
  /** Its disclosed claims, if there are any. */
  disclosure?: Disclosure;
}

/**
 * What can be found on a requirement: `IEligibility.Finding`, in its order.
 *
 * @example
 * ```ts
 * const finding = FINDINGS[Number(outcome.finding)]; // "STALE"
 * ```
 */
export const FINDINGS = [
  "NO_EVIDENCE",
  "MET",
  "OTHER_SCHEMA",
  "NOT_VALID",
  "ISSUER_OUT_OF_SCOPE",
  "STALE",
  "SUBJECT_MISMATCH",
  "CLAIMS_NOT_PROVEN",
  "CLAIM_MISSING",
  "CLAIM_DIFFERS",
] as const;

/** What was found on a requirement; `IEligibility` says what each means, and in which order they are looked for. */
export type Finding = (typeof FINDINGS)[number];

/** What was found on a requirement, and why. */
export interface Outcome {
  finding: Finding;
  /** How the attestation stands; UNKNOWN where it was not asked. */
  status: Status;
  /** Number of the claim rule that is not met, for CLAIM_MISSING and CLAIM_DIFFERS; else 0. */
  rule: number;
}

/** Whether a policy is met. */
export interface Decision {
  eligible: boolean;
  /** Number of the first clause of which all is met; the number of clauses when there is none. */
  clause: number;
  /** What was found, by requirement. */
  outcomes: Outcome[];
}

/**
 * Evidence as the contract takes it.
 *
 * @param evidence At most one for each requirement, in any order.
 * @throws IdentityError EVIDENCE_DUPLICATE
 * @example
 * ```ts
 * const answer = await eligibility.decide(hash, policyStruct(policy), encodeEvidence(evidence), { from: ZeroAddress });
 * ```
 */
export function encodeEvidence(evidence: readonly PolicyEvidence[]): IEligibility.EvidenceStruct[] {
  const nowhere = { root: ZeroHash, size: 0, bits: 0, index: 0, proof: [] };
  const nothing = { claims: [], proof: [], proofFlags: [] };
  return inOrder(evidence).map(({ requirement, attestation, membership, disclosure }) => ({
    requirement,
    attestation,
    membership: membership ?? nowhere,
    disclosure: disclosure === undefined || disclosure.claims.length === 0 ? nothing : encodeDisclosure(disclosure),
  }));
}

/**
 * Has the chain decide a policy, in a view that a node answers and that leaves nothing on the chain. The node sees what is
 * disclosed: ask one of your own. Whose the evidence is, it does not ask: take it from a presentation made to the decider,
 * by `evidenceOf`, or from an attestation that names the subject of one.
 *
 * @param eligibility The contract, connected to a node.
 * @param policy The policy.
 * @param evidence At most one for each requirement, in any order.
 * @param at The block to ask about.
 * @returns Whether the policy is met, by which clause, and what was found on each requirement.
 * @throws IdentityError POLICY_MALFORMED, EVIDENCE_DUPLICATE, PROVIDER_MISSING; ContractError EvidenceOutOfOrder,
 * LeafNotInBatch
 * @example
 * ```ts
 * const { eligible, outcomes } = await decide(eligibility, policy, evidence);
 * ```
 */
export async function decide(
  eligibility: Eligibility,
  policy: Policy,
  evidence: readonly PolicyEvidence[],
  at: AtBlock = {},
): Promise<Decision> {
  const provider = eligibility.runner?.provider;
  if (provider == null) throw new IdentityError("PROVIDER_MISSING", "a view is answered by a node: connect to one");
  // A signer would name itself as the sender, which the view refuses.
  const { eligible, clause, outcomes } = await ask(() =>
    eligibility
      .connect(provider)
      .decide(hashPolicy(policy), policyStruct(policy), encodeEvidence(evidence), { from: ZeroAddress, ...at }),
  );
  return {
    eligible,
    clause: Number(clause),
    outcomes: outcomes.map(({ finding, status, rule }) => ({
      finding: FINDINGS[Number(finding)]!,
      status: STATUSES[Number(status)]!,
      rule: Number(rule),
    })),
  };
}

/**
 * Evidence in the order of the requirements.
 *
 * @throws IdentityError EVIDENCE_DUPLICATE when there are two for one requirement
 * @example
 * ```ts
 * const sorted = inOrder(evidence);
 * ```
 */
export function inOrder<T extends PolicyEvidence>(evidence: readonly T[]): T[] {
  const sorted = evidence.toSorted((a, b) => a.requirement - b.requirement);
  const twice = sorted.find((one, i) => one.requirement === sorted[i + 1]?.requirement);
  if (twice === undefined) return sorted;
  throw new IdentityError("EVIDENCE_DUPLICATE", `there are two attestations for requirement ${twice.requirement}`);
}

function encodeDisclosure({ claims, proof, proofFlags }: Disclosure): IEligibility.DisclosureStruct {
  const written = claims.map(({ salt, name, value }) => ({ salt, name, value: canonicalJson(value) }));
  return { claims: written, proof, proofFlags };
}
