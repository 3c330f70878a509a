import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { ZeroHash } from "ethers";

import { STATUS } from "./issuer.js";
import { FINDING, type nurseryFixture, type RawEvidence, type RawPolicy } from "./nursery.js";

type Fixture = Awaited<ReturnType<typeof nurseryFixture>>;
type Disclosure = RawEvidence["disclosure"];

/** What a policy comes to: by requirement what was found and the rule that failed, and the clauses that are met. */
export interface Plain {
  findings: bigint[];
  rules: bigint[];
  clause: bigint;
  eligible: boolean;
}

/**
 * Decides a policy slowly, from the text of `IEligibility` alone: the registry and the trust list are asked one question
 * after another, and OpenZeppelin's own library checks the claims.
 */
export async function plainDecide(f: Fixture, policy: RawPolicy, evidence: RawEvidence[]): Promise<Plain> {
  const { requirements, clauses } = policy.rules;
  const findings = requirements.map((): bigint => FINDING.NO_EVIDENCE);
  const rules = requirements.map(() => 0n);
  const now = await f.viewTime();
  const partyOf = (e: RawEvidence) => requirements[Number(e.requirement)]!.party;
  // Evidence of which nothing was found yet has no finding, so that it is earlier evidence alone that names anybody.
  const provenOf = (party: bigint) =>
    evidence.find((e) => partyOf(e) === party && findings[Number(e.requirement)] === FINDING.MET)?.attestation.subject;

  for (const [i, e] of evidence.entries()) {
    const requirement = requirements[Number(e.requirement)]!;
    const verdict =
      e.membership.size === 0n
        ? await f.attestationRegistry.statusOf(e.attestation)
        : await f.attestationRegistry.statusOfLeaf(e.attestation, e.membership);
    const inScope =
      requirement.issuerScope === ZeroHash ||
      (await f.trustList.isAccreditedAt(requirement.issuerScope, e.attestation.issuer, now));
    const mixed = evidence.slice(0, i).some((other) => {
      if (partyOf(other) === partyOf(e)) return other.attestation.subject !== e.attestation.subject;
      return other.attestation.subject === e.attestation.subject;
    });
    const values = new Map(e.disclosure.claims.map(({ name, value }) => [name, value]));
    const broken = requirement.claims.findIndex(({ name, value, party }) => {
      const said = values.get(name);
      if (said === undefined || (value !== "" && said !== value)) return true;
      return party !== 0n && said !== JSON.stringify(provenOf(party));
    });

    // In the order of the enumeration, so that the last of these to be written is the first that applies.
    let finding: bigint = FINDING.MET;
    if (broken >= 0) {
      const isMissing = !values.has(requirement.claims[broken]!.name);
      finding = isMissing ? FINDING.CLAIM_MISSING : FINDING.CLAIM_DIFFERS;
    }
    if (!isProven(e.attestation.commitment, e.disclosure)) finding = FINDING.CLAIMS_NOT_PROVEN;
    if (mixed) finding = FINDING.SUBJECT_MISMATCH;
    if (requirement.maxAge !== 0n && now > verdict.since + requirement.maxAge) finding = FINDING.STALE;
    if (!inScope) finding = FINDING.ISSUER_OUT_OF_SCOPE;
    if (verdict.status !== STATUS.VALID) finding = FINDING.NOT_VALID;
    if (e.attestation.schema !== requirement.schema) finding = FINDING.OTHER_SCHEMA;
    findings[Number(e.requirement)] = finding;
    if (finding >= FINDING.CLAIM_MISSING) rules[Number(e.requirement)] = BigInt(broken);
  }

  const isMet = (clause: bigint) => {
    const numbers = Array.from({ length: 256 }, (_, n) => n).filter((n) => (clause >> BigInt(n)) & 1n);
    return numbers.length > 0 && numbers.every((n) => findings[n] === FINDING.MET);
  };
  const first = clauses.findIndex(isMet);
  return { findings, rules, clause: BigInt(first < 0 ? clauses.length : first), eligible: first >= 0 };
}

function isProven(commitment: string, { claims, proof, proofFlags }: Disclosure): boolean {
  if (claims.length === 0) return true;
  if (new Set(claims.map(({ name }) => name)).size < claims.length) return false;
  const leaves = claims.map(({ salt, name, value }) => [salt, name, value]);
  try {
    const types = ["bytes32", "string", "string"];
    return StandardMerkleTree.verifyMultiProof(commitment, types, { leaves, proof, proofFlags });
  } catch {
    return false;
  }
}
