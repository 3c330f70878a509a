import { computeHmac, concat, toBeHex, ZeroAddress, ZeroHash } from "ethers";

import { send } from "../../src/chain/send.js";
import { discloseClaims } from "../../src/identity/discloseClaims.js";
import { issue } from "../../src/identity/issue.js";
import { canonicalJson } from "../../src/identity/json.js";
import type { IBenefits } from "../../src/typechain/contracts/identity/Benefits.js";
import type { IEligibility } from "../../src/typechain/contracts/identity/Eligibility.js";

import { MINISTRY } from "./cast.js";
import { saltedCommitment, WHO } from "./citizens.js";
import type { Job } from "./job.js";
import type { Licence } from "./licence.js";
import { DECIDER, nurseryHash, rulesHash, TAX_OFFICE } from "./nursery.js";
import { makeAttested } from "./personStage.js";
import { refusalOf } from "./refusal.js";
import { CHILD, INCOME } from "./schemas.js";

const FINDINGS = [
  ...["NO_EVIDENCE", "MET", "OTHER_SCHEMA", "NOT_VALID", "ISSUER_OUT_OF_SCOPE", "STALE", "SUBJECT_MISMATCH"],
  ...["CLAIMS_NOT_PROVEN", "CLAIM_MISSING", "CLAIM_DIFFERS"],
];
const STATUSES = ["NONE", "CLAIMED", "REVOKED"];
const SINGLY = { root: ZeroHash, size: 0, bits: 0, index: 0, proof: [] };

/** A mother of twins gets the nursery benefit, and cannot get it again in the same period. */
export async function claimBenefit(job: Job): Promise<void> {
  const { checks, suite } = job;
  const { eligibility, benefits } = suite.contracts;
  const { policy } = job;
  const hash = nurseryHash(policy);
  checks.equal("benefit.policy", "The policy's hash is the contract's", hash, await eligibility.hashOf(policy));

  // What the holder shows to the decider, and to nobody else: a node answers, and no transaction carries it.
  const { person, income, child } = await attestFamily(job);
  const whole = [
    evidence(0, person, ["over18"]),
    evidence(1, income, ["underThreshold"]),
    evidence(2, child, ["parent"]),
  ];
  const decide = async (shown: IEligibility.EvidenceStruct[]) => {
    const told = await eligibility.decide(hash, policy, shown, { from: ZeroAddress });
    const findings = told.outcomes.map(({ finding }) => FINDINGS[Number(finding)]!).join(", ");
    return `${told.eligible ? "yes" : "no"}: ${findings}`;
  };
  checks.equal(
    "benefit.decided",
    "The nursery benefit is decided, no document shown",
    "yes: MET, MET, MET",
    await decide(whole),
  );
  checks.equal(
    "benefit.undisclosed",
    "and refused while the income is not shown",
    "no: MET, CLAIM_MISSING, MET",
    await decide([whole[0]!, evidence(1, income, []), whole[2]!]),
  );
  const otherChild = job.licence("person.infant-twin-2");
  checks.equal(
    "benefit.other",
    "or another attestation stands in the place of the child's",
    "no: MET, MET, OTHER_SCHEMA",
    await decide([whole[0]!, whole[1]!, evidence(2, otherChild, [])]),
  );
  checks.equal(
    "benefit.inCall",
    "A transaction that carries a claim would be refused",
    "OnlyInCall",
    await refusalOf(eligibility.connect(job.cast.relayer).decide.staticCall(hash, policy, whole)),
  );

  const decided = await answer(job, person);
  const carried = benefits.connect(job.cast.relayer);
  await send(() => carried.claim(...decided));
  const [{ number, nullifier }] = decided;
  job.nullifier = nullifier as string;
  const [status] = await benefits.statusOf(hash, number, nullifier);
  checks.equal(
    "benefit.claimed",
    "A relayer claims it on the decider's signed answer",
    "CLAIMED",
    STATUSES[Number(status)]!,
  );

  const again = await answer(job, person);
  checks.equal(
    "benefit.twice",
    "A second claim in the period is refused",
    "BenefitAlreadyClaimed",
    await refusalOf(carried.claim.staticCall(...again)),
  );
  const next = await answer(job, person, 1);
  checks.equal(
    "benefit.early",
    "and one for the next period",
    "PeriodNotCurrent",
    await refusalOf(carried.claim.staticCall(...next)),
  );
  const [, , signature] = decided;
  const asStranger = job.cast.stranger.address;
  checks.equal(
    "benefit.decider",
    "as is an answer of somebody who is not the decider",
    "refused",
    (await refusalOf(carried.claim.staticCall(next[0], asStranger, signature))) === "accepted" ? "accepted" : "refused",
  );
}

/** The register attests a child and whose it is, the tax office an income: a yes or no, and no amount. */
async function attestFamily(job: Job): Promise<Record<"person" | "income" | "child", Licence>> {
  const parent = job.citizen(WHO.parent);
  const person = job.licence(`person.${WHO.parent}`);
  const { subjectSalt } = person;
  const income = makeAttested(job, "income", TAX_OFFICE, INCOME, {
    ...{ citizen: parent, subjectSalt },
    claims: { underThreshold: true, year: 2_025 },
  });
  const child = makeAttested(job, "child", MINISTRY, CHILD, {
    citizen: job.citizen(WHO.child),
    claims: { parent: person.attestation.subject, born: job.citizen(WHO.child).fhir.birthDate ?? "" },
  });
  for (const [organization, licence] of [
    [TAX_OFFICE, income],
    [MINISTRY, child],
  ] as const) {
    job.sawIssued([await issue(job.registry(organization), job.keep(licence).attestation)]);
  }
  return { person, income, child };
}

function evidence(requirement: number, { attestation, membership, claims }: Licence, names: string[]) {
  const disclosure = discloseClaims(claims, names);
  const shown = disclosure.claims.map(({ salt, name, value }) => ({ salt, name, value: canonicalJson(value) }));
  const none = { claims: [], proof: [], proofFlags: [] };
  return {
    requirement,
    attestation,
    membership: membership ?? SINGLY,
    disclosure: names.length === 0 ? none : { ...disclosure, claims: shown },
  };
}

/**
 * The decider signs yes. The nullifier comes of the decider's own secret and of the person that the register knows, not
 * of a DID: another DID gives the same.
 */
async function answer(job: Job, person: Licence, number = 0): Promise<[IBenefits.AnswerStruct, string, string]> {
  const decider = job.operator(DECIDER);
  const policy = nurseryHash(job.policy);
  const pseudonym = person.claims.find(({ name }) => name === "pseudonym");
  if (typeof pseudonym?.value !== "string") throw new Error("the register gave no pseudonym");
  const nullifier = computeHmac("sha256", job.deciderSecret, concat([pseudonym.value, policy, toBeHex(number, 32)]));
  const deadline = (await job.chain.now()) + 86_400;
  const { commitment } = saltedCommitment(`decided for ${person.source}`);
  const { period } = job.policy;
  const message = { policy, number, nullifier, commitment, deadline, decider: decider.address };
  const verifyingContract = job.suite.addresses.benefits;
  const domain = { name: "Diwan Benefits", version: "1", chainId: job.chainId, verifyingContract };
  const signature = await decider.signTypedData(domain, ANSWER, message);
  const rules = rulesHash(job.policy);
  return [{ rules, period, number, nullifier, commitment, deadline }, decider.address, signature];
}

const ANSWER = {
  Answer: [
    "bytes32 policy",
    "uint40 number",
    "bytes32 nullifier",
    "bytes32 commitment",
    "uint40 deadline",
    "address decider",
  ].map((field) => ({ type: field.split(" ")[0]!, name: field.split(" ")[1]! })),
};
