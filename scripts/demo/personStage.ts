import { type Attestation, itemOf, NO_END, uidOf } from "../../src/identity/attestation.js";
import { buildBatch, membershipOf } from "../../src/identity/buildBatch.js";
import { commitmentOf, newSalt, saltClaims, subjectOf } from "../../src/identity/claims.js";
import {
  type Application,
  applicationCommitment,
  newApplication,
  requestIdOf,
} from "../../src/identity/enrolment/application.js";
import { confirm, confirmationData, reject } from "../../src/identity/enrolment/clerk.js";
import { requestStatus } from "../../src/identity/enrolment/requestStatus.js";
import { issueBatch } from "../../src/identity/issue.js";
import type { Json } from "../../src/identity/json.js";
import { statusOf } from "../../src/identity/status.js";

import { MINISTRY } from "./cast.js";
import { type Citizen, KEY, keyOf, WHO } from "./citizens.js";
import type { Job } from "./job.js";
import type { Licence } from "./licence.js";
import { personClaims } from "./readFhir.js";
import { refusalOf } from "./refusal.js";
import { relay } from "./relay.js";
import { PERSON } from "./schemas.js";

/** Makes what an office attests of a citizen; nothing is issued yet. */
export function makeAttested(
  job: Job,
  name: string,
  organization: string,
  schema: string,
  {
    citizen,
    subjectSalt = newSalt(),
    claims: values,
  }: { citizen: Citizen; subjectSalt?: string; claims: Record<string, Json> },
): Licence {
  const claims = saltClaims(values);
  const attestation: Attestation = {
    issuer: job.body(organization).index,
    schema,
    subject: subjectOf(subjectSalt, citizen.did),
    commitment: commitmentOf(claims),
    validFrom: 0,
    expiresAt: NO_END,
  };
  return { name, source: citizen.source, attestation, claims, subjectSalt, uid: uidOf(attestation) };
}

/** Gives a citizen what was attested, for their wallet. */
function handOver({ wallet, did }: Citizen, { attestation, claims, subjectSalt, membership }: Licence): void {
  wallet.attestations.push({ attestation, claims, did, subjectSalt, ...(membership && { membership }) });
}

/** The population register attests all citizens but those who come to the counter, in one Merkle batch. */
export async function registerCitizens(job: Job): Promise<void> {
  const atCounter: readonly string[] = [WHO.confirmed, WHO.lapses, WHO.rejected];
  const registered = [...job.citizens].filter(([id]) => !atCounter.includes(id));
  const licences = registered.map(([id, citizen]) => {
    const claims = personClaims(citizen.fhir, job.today, newSalt());
    return job.keep(makeAttested(job, `person.${id}`, MINISTRY, PERSON, { citizen, claims }));
  });
  const built = await buildBatch(
    licences.map(({ attestation }) => itemOf(attestation)),
    2,
  );
  const { uid, issuer } = await issueBatch(job.registry(MINISTRY), { schema: PERSON, ...built });
  for (const [index, licence] of licences.entries()) {
    licence.membership = membershipOf(built, index);
    licence.uid = uid;
    handOver(registered[index]![1], licence);
  }
  const { root, size, bits } = built;
  job.batches.set("persons", { name: "persons", uid, issuer, schema: PERSON, root, size, bits, built, licences });
}

/** Three citizens request; a clerk confirms one of them at the counter, and rejects another. */
export async function enrol(job: Job): Promise<void> {
  const { checks, suite } = job;
  const { enrolment } = suite.contracts;
  const office = job.body(MINISTRY).index;
  const whole = [WHO.confirmed, WHO.lapses, WHO.rejected].map((id) => {
    const citizen = job.citizen(id);
    const signer = keyOf(job, citizen, KEY.counter);
    const details = { form: "entry in the population register", applicant: citizen.source };
    const application = newApplication({ applicant: signer.address, office, schema: PERSON, details });
    job.applications.set(citizen.source, application);
    return { signer, args: [office, PERSON, applicationCommitment(application)] };
  });
  await relay(
    job,
    whole.map(({ signer, args }) => ({ signer, contract: enrolment, method: "request", args })),
  );
  checks.equal("enrolment.requested", "A citizen requests", "REQUESTED", await stateOf(job, WHO.confirmed));

  await refuseOthers(job);
  const citizen = job.citizen(WHO.confirmed);
  const person = job.keep(
    makeAttested(job, "person.counter", MINISTRY, PERSON, {
      citizen,
      claims: personClaims(citizen.fhir, job.today, newSalt()),
    }),
  );
  const { attestation, uid } = await confirm(
    job.registry(MINISTRY),
    enrolment,
    application(job, WHO.confirmed),
    person.attestation,
  );
  job.sawIssued([{ attestation, uid }]);
  handOver(citizen, person);
  checks.equal(
    "enrolment.confirmed",
    "A clerk confirms at the counter",
    "CONFIRMED",
    await stateOf(job, WHO.confirmed),
  );
  const { status } = await statusOf(suite.contracts.attestationRegistry, person.attestation);
  checks.equal("enrolment.attested", "and the office attests in the same transaction", "VALID", status);
  checks.equal(
    "enrolment.twice",
    "What was confirmed cannot be confirmed again",
    "EnrolmentNotPending",
    await refusalOf(
      tryToConfirm(job, MINISTRY, application(job, WHO.confirmed), { ...person.attestation, validFrom: 1 }),
    ),
  );

  await reject(enrolment.connect(job.operator(MINISTRY)), application(job, WHO.rejected), "DOCUMENTS_MISSING");
  checks.equal("enrolment.rejected", "A clerk rejects, with a reason", "REJECTED", await stateOf(job, WHO.rejected));
}

/** Long after: nobody acted on the third request. */
export async function lookAtLapse(job: Job): Promise<void> {
  const citizen = job.citizen(WHO.lapses);
  const lapsing = application(job, WHO.lapses);
  const { lapsesAt } = await requestStatus(job.suite.contracts.enrolment, requestIdOf(lapsing));
  await job.chain.waitUntil(lapsesAt + 1);
  job.checks.equal("enrolment.lapsed", "A request lapses when nobody acts", "LAPSED", await stateOf(job, WHO.lapses));
  const late = makeAttested(job, "late", MINISTRY, PERSON, {
    citizen,
    claims: personClaims(citizen.fhir, job.today, newSalt()),
  });
  job.checks.equal(
    "enrolment.late",
    "and cannot be confirmed any more",
    "EnrolmentNotPending",
    await refusalOf(tryToConfirm(job, MINISTRY, lapsing, late.attestation)),
  );
}

/** Those who may not confirm are told why. */
async function refuseOthers(job: Job): Promise<void> {
  const whole = application(job, WHO.confirmed);
  const never = { citizen: job.citizen(WHO.confirmed), claims: { never: true } };
  const { attestation } = makeAttested(job, "never", MINISTRY, PERSON, never);
  job.checks.equal(
    "enrolment.elsewhere",
    "A hospital's key cannot confirm what was requested of the register",
    "RoleNotListed",
    await refusalOf(tryToConfirm(job, "f201", whole, attestation)),
  );
  job.checks.equal(
    "enrolment.altered",
    "Nor can a clerk confirm an application that was altered",
    "EnrolmentUnknown",
    await refusalOf(tryToConfirm(job, MINISTRY, { ...whole, details: "another" }, attestation)),
  );
}

/** What `confirm` would send; nothing is sent. */
function tryToConfirm(job: Job, organization: string, whole: Application, attestation: Attestation): Promise<unknown> {
  const { content, expiresAt } = itemOf(attestation);
  const { attestAndCall } = job.registry(organization);
  return attestAndCall.staticCall(PERSON, content, expiresAt, job.suite.addresses.enrolment, confirmationData(whole));
}

function application(job: Job, who: string): Application {
  const found = job.applications.get(job.citizen(who).source);
  if (found === undefined) throw new Error(`${who} requested nothing`);
  return found;
}

async function stateOf(job: Job, who: string): Promise<string> {
  return (await requestStatus(job.suite.contracts.enrolment, requestIdOf(application(job, who)))).state;
}
