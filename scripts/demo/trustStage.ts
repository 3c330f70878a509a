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
import type { Account } from "./freeAccount.js";
import type { Job } from "./job.js";
import { profileOf, readOrganizations } from "./readFhir.js";
import { DECIDER, TAX_OFFICE } from "./nursery.js";
import { refusalOf } from "./refusal.js";
import { CHILD, groundsOf, INCOME, LICENCE, PERSON, SCHEMAS, VOTER } from "./schemas.js";
import { together } from "./together.js";

/** What the ministry is to the elections. */
const ELECTION_ROLE = roleScope("election-authority");

/** A body of the trust list, as the job knows it. */
export interface Body {
  index: number;
  name: string;
  profile: Json;
  controller: Account;
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
  const others = operations.slice(1).flatMap((operation) => [first, second].map((member) => ({ member, operation })));
  await together(chain, [{ member: first, operation: licences }, ...others], ({ member, operation }) => {
    return approve(member, operation);
  });
  checks.equal("council.alone", "One member of the council cannot decide", "TooFewApprovals", await tryNow());
  await approve(second, licences);
  const tooEarly = job.options.delay === 0 ? "accepted" : "AccessManagerNotScheduled";
  checks.equal("council.unscheduled", "Nor two, before the delay has begun", tooEarly, await tryNow());

  let readyAt = 0;
  if (job.options.delay > 0) {
    const scheduled = await together(chain, operations, (operation) => schedule(first, operation));
    readyAt = Math.max(...scheduled.map(({ executableAt }) => executableAt));
  }
  // With so short a delay that one can wait for it, it may be over by now.
  if (job.options.delay >= 60) {
    checks.equal("council.early", "Nor before it has passed", "AccessManagerNotReady", await tryNow());
  }
  await chain.waitUntil(readyAt);
  await together(chain, operations, (operation) => execute(first, operation));
}

/** The schemas are registered, and all other bodies: anyone may register, and none has any power by it. */
export async function registerBodies(job: Job): Promise<void> {
  const { chain, suite, cast } = job;
  const registrar = suite.contracts.schemaRegistry.connect(cast.controllers.get(MINISTRY));
  const acts = [
    ...SCHEMAS.map(
      ({ definition }) =>
        () =>
          registerSchema(registrar, definition),
    ),
    ...Object.keys(PARTS).map((organization) => () => registerBody(job, organization)),
  ];
  await together<() => Promise<unknown>, unknown>(chain, acts, (act) => act());
}

/** The ministry accredits its bodies, and one of these its own units; all authorise keys. */
export async function accreditBodies(job: Job): Promise<void> {
  const { chain, suite, cast } = job;
  const { trustList } = suite.contracts;
  const from = await chain.now();
  const give = async ([scope, accreditor, organization, levels]: Given) => {
    const { index: parent, controller } = job.body(accreditor);
    const grounds = groundsOf(`${accreditor} accredits ${organization}`);
    const body = job.body(organization).index;
    await accredit(trustList.connect(controller), { scope, parent, body, from, until: NO_END, levels, grounds });
  };
  const given = grantsOf(job);
  // The ministry's are in force when those below it accredit their own.
  await together(
    chain,
    given.filter(([, accreditor]) => accreditor === MINISTRY),
    give,
  );
  await together(
    chain,
    given.filter(([, accreditor]) => accreditor !== MINISTRY),
    give,
  );
  const keys = [
    ...[...cast.operators].map(([organization, key]) => ({ organization, key, scopes: scopesOf(job, organization) })),
    ...[...cast.healthOperators].map(([organization, key]) => {
      return { organization, key, scopes: HEALTH_ROLES[organization]!.map(roleScope) };
    }),
  ];
  await together(chain, keys, ({ organization, key, scopes }) => authorizeKey(job, organization, key, scopes));
}

/** What is accredited: the scope, by whom, who, and with how many levels below. */
type Given = readonly [scope: string, accreditor: string, organization: string, levels: number];

function grantsOf(job: Job): Given[] {
  const parts = Object.entries(PARTS).flatMap(([organization, { role, licencesUnder, levels = 0 }]): Given[] => [
    [roleScope(role), MINISTRY, organization, 0],
    ...(licencesUnder === undefined ? [] : ([[LICENCE, licencesUnder, organization, levels]] as const)),
  ]);
  // The ministry has its own role of health care from the council.
  const health = Object.entries(HEALTH_ROLES).flatMap(([organization, roles]): Given[] => {
    return organization === MINISTRY ? [] : roles.map((role) => [roleScope(role), MINISTRY, organization, 0]);
  });
  return [...parts, [INCOME, MINISTRY, TAX_OFFICE, 0], [hashPolicy(job.policy), MINISTRY, DECIDER, 0], ...health];
}

/** Lets a key sign for a body: the key consents, the body's controller authorises. */
export async function authorizeKey(
  job: Job,
  organization: string,
  operator: Account,
  scopes = scopesOf(job, organization),
): Promise<void> {
  await authorizeKeyOf(job, job.body(organization), operator, scopes);
}

/** The same for a body that is no organization of HL7's. */
export async function authorizeKeyOf(
  job: Job,
  { index, controller }: Pick<Body, "index" | "controller">,
  operator: Account,
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
