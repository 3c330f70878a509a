import { keccak256 } from "ethers";

import { type BenefitAnswer, commitDecision, nullifierOf, signAnswer } from "../../src/identity/benefit/answer.js";
import { benefitStatus, claimBenefit as claim } from "../../src/identity/benefit/benefits.js";
import { newSalt } from "../../src/identity/claims.js";
import { decide, encodeEvidence, type PolicyEvidence } from "../../src/identity/benefit/decide.js";
import { evidenceOf } from "../../src/identity/benefit/evidenceOf.js";
import { discloseClaims } from "../../src/identity/discloseClaims.js";
import { explainDecision } from "../../src/identity/benefit/explainPolicy.js";
import { issue } from "../../src/identity/issue.js";
import { hashPolicy, policyStruct } from "../../src/identity/benefit/policy.js";
import { makePresentation } from "../../src/identity/presentation.js";
import { verifyPresentation } from "../../src/identity/verifyPresentation.js";
import { walletKey } from "../../src/identity/wallet.js";

import { MINISTRY } from "./cast.js";
import { KEY, WHO } from "./citizens.js";
import type { Job } from "./job.js";
import type { Licence } from "./licence.js";
import { DECIDER, NAMES, TAX_OFFICE } from "./nursery.js";
import { makeAttested } from "./personStage.js";
import { expectedOf } from "./presentStage.js";
import { refusalOf } from "./refusal.js";
import { CHILD, INCOME } from "./schemas.js";

/** Who asks the mother to show her attestations. */
const DECIDING = "https://nursery.test";

/** A mother of twins gets the nursery benefit, and cannot get it again in the same period. */
export async function claimBenefit(job: Job): Promise<void> {
  const { checks, suite, policy } = job;
  const hash = hashPolicy(policy);
  const onChain = await suite.contracts.eligibility.hashOf(policyStruct(policy));
  checks.equal("benefit.policy", "The policy's hash is the contract's", hash, onChain);

  // What the holder shows to the decider, and to nobody else: a node answers, and no transaction carries it.
  const { person, income, child } = await attestFamily(job);
  const related = ofChild(child, ["parent", "pseudonym"]);
  const [ofAge, needy] = [await shown(job, 0, person, ["over18"]), await shown(job, 1, income, ["underThreshold"])];
  const decided = async (name: string, title: string, expected: string, shown: PolicyEvidence[]) => {
    const decision = await decide(suite.contracts.eligibility, policy, shown);
    const findings = decision.outcomes.map(({ finding }) => finding).join(", ");
    checks.equal(`benefit.${name}`, title, expected, `${decision.eligible ? "yes" : "no"}: ${findings}`);
    return explainDecision(policy, decision, NAMES);
  };
  await decided("decided", "The nursery benefit is decided, no document shown", "yes: MET, MET, MET", [
    ...[ofAge, needy, related],
  ]);
  job.explained = await decided(
    "undisclosed",
    "and refused while the income is not shown",
    "no: MET, CLAIM_MISSING, MET",
    [ofAge, await shown(job, 1, income, []), related],
  );
  const otherChild = ofChild(job.licence("person.infant-twin-2"), []);
  await decided("other", "or another attestation stands in the place of the child's", "no: MET, MET, OTHER_SCHEMA", [
    ...[ofAge, needy, otherChild],
  ]);

  const { benefits, eligibility } = suite.contracts;
  const inTransaction = eligibility
    .connect(job.cast.relayer)
    .decide.staticCall(hash, policyStruct(policy), encodeEvidence([ofAge, needy, related]));
  checks.equal(
    "benefit.inCall",
    "A transaction that carries a claim would be refused",
    "OnlyInCall",
    await refusalOf(inTransaction),
  );
  const carried = benefits.connect(job.cast.relayer);
  const answer = answerOf(job, related, 0);
  const { nullifier } = answer;
  const signed = await signAnswer(benefits, job.operator(DECIDER), answer);
  await claim(carried, signed);
  job.nullifier = nullifier;
  const { status } = await benefitStatus(benefits, { policy: hash, number: 0, nullifier });
  checks.equal("benefit.claimed", "A relayer claims it on the decider's signed answer", "CLAIMED", status);

  const again = await signAnswer(benefits, job.operator(DECIDER), answerOf(job, related, 0));
  checks.equal(
    "benefit.twice",
    "A second claim in the period is refused, by a new answer too",
    "BenefitAlreadyClaimed",
    await refusalOf(claim(carried, again)),
  );
  const next = await signAnswer(benefits, job.operator(DECIDER), answerOf(job, related, 1));
  checks.equal(
    "benefit.early",
    "and one for the next period",
    "PeriodNotCurrent",
    await refusalOf(claim(carried, next)),
  );
  const forged = await signAnswer(benefits, job.operator(TAX_OFFICE), { ...answer, nullifier: keccak256(nullifier) });
  checks.equal(
    "benefit.decider",
    "as is an answer of an office that does not decide on this policy",
    "NotAccredited: NONE",
    await refusalOf(claim(carried, forged)),
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
    claims: {
      pseudonym: job.licence(`person.${WHO.child}`).claims.find(({ name }) => name === "pseudonym")!.value,
      parent: person.attestation.subject,
      born: job.citizen(WHO.child).fhir.birthDate ?? "",
    },
  });
  for (const [organization, licence] of [
    [TAX_OFFICE, income],
    [MINISTRY, child],
  ] as const) {
    job.sawIssued([await issue(job.registry(organization), job.keep(licence).attestation)]);
  }
  return { person, income, child };
}

/** The mother shows an attestation to the decider, in answer to its own challenge. */
async function shown(job: Job, requirement: number, licence: Licence, names: string[]): Promise<PolicyEvidence> {
  const { wallet, did } = job.citizen(WHO.parent);
  const expected = await expectedOf(job, DECIDING);
  const held = { did, ...licence };
  const presentation = await makePresentation(held, names, expected.challenge, expected, walletKey(wallet, KEY.did));
  return evidenceOf(
    requirement,
    await verifyPresentation(presentation, expected, job.suite.contracts.attestationRegistry),
  );
}

/** A child signs nothing: its attestation counts with the mother's, whom it names. */
function ofChild({ attestation, membership, claims }: Licence, names: string[]): PolicyEvidence {
  const disclosure = discloseClaims(claims, names);
  return { requirement: 2, attestation, ...(membership && { membership }), disclosure };
}

/**
 * The decider says yes. The nullifier comes of the decider's own key and of the child that the register knows, by what was
 * disclosed: another DID, and another parent, give the same.
 */
function answerOf(job: Job, child: PolicyEvidence, number: number): BenefitAnswer {
  const { policy, deciderKey } = job;
  const pseudonym = child.disclosure?.claims.find(({ name }) => name === "pseudonym")?.value;
  if (typeof pseudonym !== "string") throw new Error("no pseudonym was shown");
  const nullifier = nullifierOf(deciderKey, { pseudonym, policy: hashPolicy(policy), number });
  const salt = newSalt();
  job.decisionSalts.push(salt);
  const commitment = commitDecision(salt, { decided: "yes", by: job.body(DECIDER).index });
  return { policy, number, nullifier, commitment, deadline: policy.period.start + (number + 1) * policy.period.length };
}
