import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { getBytes, sha256, toUtf8Bytes, Wallet } from "ethers";

import { newSalt } from "../../src/identity/claims.js";
import { commitCase } from "../../src/justice/evidence/commitCase.js";
import { commitJudgment } from "../../src/justice/judgments/commitJudgment.js";
import { decideAppeal } from "../../src/justice/judgments/decideAppeal.js";
import { judgmentStatus } from "../../src/justice/judgments/judgmentStatus.js";
import { JUDGMENT_SCHEMA, type JudgmentStatement } from "../../src/justice/judgments/judgmentStatement.js";
import { lodgeAppeal } from "../../src/justice/judgments/lodgeAppeal.js";
import { readFate } from "../../src/justice/judgments/readFate.js";
import { registerJudgment } from "../../src/justice/judgments/registerJudgment.js";
import { attestPower, revokePower } from "../../src/justice/powers/changePower.js";
import { commitPower } from "../../src/justice/powers/commitPower.js";
import { POWER_SCHEMA } from "../../src/justice/powers/powerStatement.js";
import { powerStatus } from "../../src/justice/powers/powerStatus.js";
import { carryPower, signPowerGrant } from "../../src/justice/powers/signPower.js";
import { acknowledgeDocument } from "../../src/justice/service/acknowledgeDocument.js";
import { carryAcknowledgement, signAcknowledgement } from "../../src/justice/service/acknowledgement.js";
import { commitDocument } from "../../src/justice/service/commitDocument.js";
import { deliverDocument } from "../../src/justice/service/deliverDocument.js";
import { sendDocument } from "../../src/justice/service/sendDocument.js";
import { serviceStatus } from "../../src/justice/service/serviceStatus.js";

import type { Courthouse } from "./courthouse.js";
import { freeAccount } from "./freeAccount.js";
import type { Job } from "./job.js";
import { refusalOf } from "./refusal.js";

/** The case that the job's exhibits and judgments are of, as its court calls it. */
export const CASE_ID = "Example case 1/2026";

const DAY = 86_400;

/** A judgment is registered, appealed and reversed; the decision is served, by an agent whose power is revoked later. */
export async function judgeCase(job: Job, courthouse: Courthouse, caseSalt: Uint8Array): Promise<void> {
  const decision = await appealJudgment(job, courthouse, caseSalt);
  await serveDecision(job, courthouse, decision);
  await empowerAgent(job, courthouse);
}

/** What a court decided: its text, and what the chain keeps of it. */
interface Decision {
  text: string;
  commitment: string;
}

async function appealJudgment(job: Job, courthouse: Courthouse, caseSalt: Uint8Array): Promise<Decision> {
  const { checks } = job;
  const { judgmentRegistry } = job.suite.contracts;
  const { court, appeals } = courthouse;
  const caseCommitment = commitCase(CASE_ID, caseSalt);
  const first = await decide(job, { name: "judgment", body: court.index, text: "The claim is dismissed." });
  const { decidedAt } = first;
  const finalFrom = decidedAt + 30 * DAY;
  const kind = "JUDGMENT";
  const registry = judgmentRegistry.connect(court.key);
  await registerJudgment(registry, { commitment: first.commitment, caseCommitment, kind, decidedAt, finalFrom });
  const status = async () => (await judgmentStatus(judgmentRegistry, first.commitment)).status;
  checks.equal("judgment.registered", "A court registers its judgment", "NOT_FINAL", await status());

  const own = await refusalOf(lodgeAppeal(registry, first.commitment, newSalt()));
  checks.equal("judgment.own", "It cannot hear the appeal itself", "NotAccredited: NONE", own);
  const above = judgmentRegistry.connect(appeals.key);
  await lodgeAppeal(above, first.commitment, newSalt());
  checks.equal("judgment.appealed", "A court of appeal takes an appeal", "UNDER_APPEAL", await status());

  const next = await decide(job, { name: "appeal", body: appeals.index, text: "The claim is allowed." }, first);
  const decision = { commitment: next.commitment, caseCommitment, kind, decidedAt: next.decidedAt } as const;
  await decideAppeal(above, first.commitment, "REVERSED", { ...decision, finalFrom: next.decidedAt });
  const fate = await readFate(judgmentRegistry, first.commitment);
  checks.equal(
    "judgment.reversed",
    "and reverses it: whoever asks of the first is led to the second",
    `REVERSED ${first.commitment}; FINAL ${next.commitment}`,
    fate.map((step) => `${step.status} ${step.commitment}`).join("; "),
  );
  const twice = await refusalOf(lodgeAppeal(above, first.commitment, newSalt()));
  checks.equal("judgment.twice", "The first cannot be appealed again", "JudgmentIsDecidedUpon", twice);
  return next;
}

/** Writes a decision down, and commits to it. */
async function decide(
  job: Job,
  { name, body, text }: { name: string; body: number; text: string },
  upon?: Decision,
): Promise<Decision & { decidedAt: number }> {
  const { options, suite, chain, chainId } = job;
  const decidedAt = await chain.now();
  const salt = newSalt();
  const statement: JudgmentStatement = {
    schema: JUDGMENT_SCHEMA,
    chainId: Number(chainId),
    registry: suite.addresses.judgmentRegistry.toLowerCase(),
    caseId: CASE_ID,
    court: { body, name },
    kind: "JUDGMENT",
    decidedAt,
    text: { algorithm: "sha-256", value: sha256(toUtf8Bytes(text)).slice(2) },
    ...(upon !== undefined && { upon: upon.commitment }),
  };
  const file = join(options.out, "justice", `${name}.json`);
  await writeFile(file, `${JSON.stringify({ text, statement, salt }, null, 1)}\n`);
  return { text, commitment: commitJudgment(statement, getBytes(salt)), decidedAt };
}

async function serveDecision(job: Job, { bailiff }: Courthouse, { text }: Decision): Promise<void> {
  const { checks, chain, cast } = job;
  const { serviceRegistry } = job.suite.contracts;
  const addressee = Wallet.createRandom();
  const document = commitDocument(sha256(toUtf8Bytes(text)), getBytes(newSalt()));
  const registry = serviceRegistry.connect(bailiff.key);
  const until = (await chain.now()) + 14 * DAY;
  await sendDocument(registry, { document, addressee: addressee.address, until, role: "bailiff" });
  const state = async () => (await serviceStatus(serviceRegistry, document, addressee.address)).state;
  const states = [await state()];
  await deliverDocument(registry, document, addressee.address);
  states.push(await state());
  const stranger = await refusalOf(acknowledgeDocument(serviceRegistry.connect(cast.stranger), document));
  checks.equal("service.stranger", "Nobody else acknowledges it", "ServiceUnknown", stranger);
  const signed = await signAcknowledgement(serviceRegistry, addressee, { document, deadline: until });
  await carryAcknowledgement(serviceRegistry.connect(cast.relayer), signed);
  states.push(await state());
  checks.equal(
    "service.states",
    "A bailiff serves the decision; the addressee acknowledges it, by a relay",
    "SENT, DELIVERED, ACKNOWLEDGED",
    states.join(", "),
  );
}

async function empowerAgent(job: Job, { notary }: Courthouse): Promise<void> {
  const { checks, chain, cast, suite, chainId } = job;
  const { powerOfAttorneyRegistry } = suite.contracts;
  const principal = freeAccount(chain);
  const agent = Wallet.createRandom().address;
  const statement = {
    schema: POWER_SCHEMA,
    chainId: Number(chainId),
    registry: suite.addresses.powerOfAttorneyRegistry.toLowerCase(),
    acts: ["receive documents", "tender and challenge exhibits"],
    caseId: CASE_ID,
  } as const;
  const scope = commitPower({ ...statement, acts: [...statement.acts] }, getBytes(newSalt()));
  const from = await chain.now();
  const power = { agent, scope, from, until: from + 365 * DAY };
  const signed = await signPowerGrant(powerOfAttorneyRegistry, principal, power, { deadline: from + DAY });
  const carrier = powerOfAttorneyRegistry.connect(cast.relayer);
  await carryPower(carrier, signed);
  const status = async () => powerStatus(powerOfAttorneyRegistry, principal.address, { agent, scope });
  const { version } = await status();
  await attestPower(powerOfAttorneyRegistry.connect(notary.key), principal.address, { agent, scope, version });
  const attested = await status();
  checks.equal(
    "power.attested",
    "A principal empowers an agent, by a relay, and a notary attests it",
    `IN_FORCE, by notary ${notary.index}, IN_FORCE`,
    `${attested.status}, by notary ${attested.attested?.notary}, ${attested.attested?.standing}`,
  );
  await revokePower(powerOfAttorneyRegistry.connect(principal), power);
  checks.equal("power.revoked", "and revokes it", "REVOKED", (await status()).status);
  const replay = await refusalOf(carryPower(carrier, signed));
  checks.equal("power.replay", "The grant cannot be used again", "PowerVersionMismatch", replay);
}
