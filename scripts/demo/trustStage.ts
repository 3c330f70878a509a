import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { sha256, toUtf8Bytes } from "ethers";

import { NO_END } from "../../src/identity/attestation.js";
import { registerSchema } from "../../src/identity/issue.js";
import { canonicalJson, type Json } from "../../src/identity/json.js";
import { hashPolicy } from "../../src/identity/benefit/policy.js";
import {
  accredit,
  accreditArguments,
  authorizeKey as authorize,
  type Grant,
  registerBody as register,
} from "../../src/trust/bodies.js";
import { approve, execute, type Operation, operationOf, schedule } from "../../src/trust/council.js";
import { signKeyConsent } from "../../src/trust/keyConsent.js";
import { roleScope } from "../../src/trust/scopes.js";

import { HEALTH_ROLES, JUSTICE_ROLES, MINISTRY, PARTS } from "./cast.js";
import type { Job } from "./job.js";
import { profileOf, readOrganizations } from "./readFhir.js";
import { DECIDER, TAX_OFFICE } from "./nursery.js";
import { refusalOf } from "./refusal.js";
import { CHILD, groundsOf, INCOME, LICENCE, PERSON, SCHEMAS, VOTER } from "./schemas.js";

/** What the ministry is to the elections. */
const ELECTION_ROLE = roleScope("election-authority");

/** A body of the trust list, as the job knows it. */
export interface Body {
  index: number;
  name: string;
  profile: Json;
  controller: HardhatEthersSigner;
}

/** The council accredits the ministry; one member alone, or too early, cannot. */
export async function accreditMinistry(job: Job): Promise<void> {
  const { chain, suite, cast, checks } = job;
  const { trustList, council } = suite.contracts;
  const ministry = await registerBody(job, MINISTRY);

  const from = await chain.now();
  const roles = new Set([
    ...Object.values(PARTS).map((part) => part.role),
    ...Object.values(HEALTH_ROLES).flat(),
    ...Object.values(JUSTICE_ROLES).flatMap((body) => body.roles),
  ]);
  const scopes = [
    { scope: LICENCE, levels: 2 },
    ...[PERSON, CHILD, INCOME, hashPolicy(job.policy)].map((scope) => ({ scope, levels: 1 })),
    ...[VOTER, ELECTION_ROLE].map((scope) => ({ scope, levels: 0 })),
    ...[...roles].map((role) => ({ scope: roleScope(role), levels: 1 })),
  ];
  const operations = await Promise.all(
    scopes.map(({ scope, levels }) => {
      const grounds = groundsOf("council: the ministry accredits bodies");
      const grant: Grant = { scope, parent: 0, body: ministry.index, from, until: NO_END, levels, grounds };
      return operationOf(trustList, "accredit", accreditArguments(grant));
    }),
  );

  const [first, second] = cast.members.map((member) => council.connect(member)) as [typeof council, typeof council];
  const [licences] = operations as [Operation];
  const tryNow = () => refusalOf(first.execute.staticCall(licences.target, licences.data, licences.salt));
  await approve(first, licences);
  checks.equal("council.alone", "One member of the council cannot decide", "TooFewApprovals", await tryNow());
  await approve(second, licences);
  const tooEarly = job.options.delay === 0 ? "accepted" : "AccessManagerNotScheduled";
  checks.equal("council.unscheduled", "Nor two, before the delay has begun", tooEarly, await tryNow());

  for (const operation of operations.slice(1)) {
    await approve(first, operation);
    await approve(second, operation);
  }
  let readyAt = 0;
  if (job.options.delay > 0) {
    for (const operation of operations) readyAt = (await schedule(first, operation)).executableAt;
  }
  // With so short a delay that one can wait for it, it may be over by now.
  if (job.options.delay >= 60) {
    checks.equal("council.early", "Nor before it has passed", "AccessManagerNotReady", await tryNow());
  }
  await chain.waitUntil(readyAt);
  for (const operation of operations) await execute(first, operation);
}

/** The ministry registers the schema of licences and accredits its bodies, and one of these its own units. */
export async function accreditBodies(job: Job): Promise<void> {
  const { trustList, schemaRegistry } = job.suite.contracts;
  for (const { definition } of SCHEMAS) {
    await registerSchema(schemaRegistry.connect(job.body(MINISTRY).controller), definition);
  }

  for (const organization of Object.keys(PARTS)) await registerBody(job, organization);
  const from = await job.chain.now();
  const give = async (scope: string, accreditor: string, organization: string, levels: number) => {
    const { index: parent, controller } = job.body(accreditor);
    const grounds = groundsOf(`${accreditor} accredits ${organization}`);
    const body = job.body(organization).index;
    await accredit(trustList.connect(controller), { scope, parent, body, from, until: NO_END, levels, grounds });
  };
  // Parents stand before their units in the table, so each accreditor is in force when its turn comes.
  for (const [organization, { role, licencesUnder, levels = 0 }] of Object.entries(PARTS)) {
    await give(roleScope(role), MINISTRY, organization, 0);
    if (licencesUnder !== undefined) await give(LICENCE, licencesUnder, organization, levels);
  }
  await give(INCOME, MINISTRY, TAX_OFFICE, 0);
  await give(hashPolicy(job.policy), MINISTRY, DECIDER, 0);
  for (const [organization, roles] of Object.entries(HEALTH_ROLES)) {
    // The ministry has its own role from the council.
    if (organization !== MINISTRY) for (const role of roles) await give(roleScope(role), MINISTRY, organization, 0);
  }
  for (const [organization, operator] of job.cast.operators) await authorizeKey(job, organization, operator);
  for (const [organization, operator] of job.cast.healthOperators) {
    await authorizeKey(job, organization, operator, HEALTH_ROLES[organization]!.map(roleScope));
  }
}

/** Lets a key sign for a body: the key consents, the body's controller authorises. */
export async function authorizeKey(
  job: Job,
  organization: string,
  operator: HardhatEthersSigner,
  scopes = scopesOf(job, organization),
): Promise<void> {
  await authorizeKeyOf(job, job.body(organization), operator, scopes);
}

/** The same for a body that is no organization of HL7's. */
export async function authorizeKeyOf(
  job: Job,
  { index, controller }: Pick<Body, "index" | "controller">,
  operator: HardhatEthersSigner,
  scopes: readonly string[],
): Promise<void> {
  const { trustList } = job.suite.contracts;
  const from = await job.chain.now();
  const consent = await signKeyConsent(trustList, operator, index, BigInt(from + 86_400));
  await authorize(trustList.connect(controller), {
    ...consent,
    scopes,
    from,
    until: NO_END,
  });
}

/** What a body's key signs: licences where the body issues them, its role and what else is its office otherwise. */
function scopesOf(job: Job, organization: string): string[] {
  if (organization === MINISTRY) return [PERSON, CHILD, VOTER, ELECTION_ROLE];
  const { role, licencesUnder } = PARTS[organization]!;
  if (licencesUnder !== undefined) return [LICENCE];
  const more: Readonly<Record<string, string>> = { [TAX_OFFICE]: INCOME, [DECIDER]: hashPolicy(job.policy) };
  return [roleScope(role), ...(more[organization] === undefined ? [] : [more[organization]])];
}

async function registerBody(job: Job, organization: string): Promise<Body> {
  const fhir = readOrganizations().get(organization);
  const controller = job.cast.controllers.get(organization);
  if (fhir === undefined || controller === undefined) throw new Error(`there is no Organization/${organization}`);
  const profile = profileOf(fhir);
  const trustList = job.suite.contracts.trustList.connect(controller);
  const { body: index } = await register(trustList, controller.address, profileDigest(profile));
  const body: Body = { index, name: fhir.name, profile, controller };
  job.bodies.set(organization, body);
  return body;
}

/** What the trust list keeps of a body's public profile: SHA-256 of its RFC 8785 form. */
export function profileDigest(profile: Json): string {
  return sha256(toUtf8Bytes(canonicalJson(profile)));
}
