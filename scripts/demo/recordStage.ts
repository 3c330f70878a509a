import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

import { hexlify, randomBytes, toBeHex } from "ethers";

import { createKeyStore } from "../../src/health/keyStore.js";
import { anchorBatch, anchorRecord, logRecords } from "../../src/health/records/anchorRecords.js";
import { amendRecord, markInError } from "../../src/health/records/changeRecords.js";
import { statusOf, statusOfMember } from "../../src/health/records/status.js";
import { readLog } from "../../src/ledger/readLog.js";

import { Hospital, type HospitalRecord, PATIENT, readBundle, readPatientRecords } from "./hospital.js";
import type { Job } from "./job.js";
import { refusalOf } from "./refusal.js";
import { together } from "./together.js";

/** Whose records are anchored, and who only reads them. */
export const HOSPITAL = "f001";
const READER = "f201";

/** How the resource types of the bundle are anchored that are not anchored one by one. */
const IN_LOG = ["Observation"];
const IN_BATCH = ["Claim", "ExplanationOfBenefit", "Immunization"];

/** How costly guessing the key store's password is made here: the password is thrown away. */
const SEAL = { scryptN: 1_024 };

/** The hospital anchors a patient's whole bundle, resource by resource, in its log and in batches, and others' records. */
export async function anchorHealthRecords(job: Job): Promise<Hospital> {
  const { checks, options } = job;
  const folder = join(options.out, "health");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const store = await createKeyStore(join(folder, "keys.json"), hexlify(randomBytes(16)), SEAL);
  const hospital = await Hospital.open(store);

  const others = readPatientRecords();
  await store.addPatients([PATIENT, ...others.map(({ patient }) => patient)]);
  for (const { patient, id, source } of [...readBundle().map((one) => ({ ...one, patient: PATIENT })), ...others]) {
    await hospital.keep(source, patient, id);
    // What else goes on is not kept waiting for all of them.
    await setImmediate();
  }

  const registry = registryOf(job, HOSPITAL);
  const ofPatient = hospital.recordsOf(PATIENT);
  const single = ofPatient.filter(({ resourceType }) => ![...IN_LOG, ...IN_BATCH].includes(resourceType));
  await together(job.chain, single, ({ commitment, kind }) => anchorRecord(registry, commitment, kind));
  for (const resourceType of IN_LOG) {
    const { commitments, kind } = sameKind(ofPatient, resourceType);
    const { fromBlock, addresses } = job.suite;
    const log = toBeHex(job.body(HOSPITAL).index, 32);
    const tree = await readLog(job.chain.provider, addresses.recordRegistry, log, { fromBlock });
    hospital.place((await logRecords(registry, tree, commitments, kind)).members);
  }
  await together(job.chain, [...IN_BATCH, "Patient"], async (resourceType) => {
    const { commitments, kind } = sameKind(
      hospital.recordsOf().filter((record) => !single.includes(record)),
      resourceType,
    );
    hospital.place((await anchorBatch(registry, commitments, kind)).members);
    hospital.batches.push(commitments);
  });

  const standing = async (records: readonly HospitalRecord[]) => {
    const all = await Promise.all(records.map((record) => standingOf(job, record)));
    return `${records.length} ${[...new Set(all)].join("; ")}`;
  };
  const inGroups = hospital.recordsOf().filter(({ member }) => member !== undefined);
  const [logged, batched] = [true, false].map((inLog) => {
    return inGroups.filter(({ member }) => member!.membership.inLog === inLog);
  }) as [HospitalRecord[], HospitalRecord[]];
  for (const [name, title, number, records] of [
    ["single", "Resources of a patient's bundle, anchored one by one", 49, single],
    ["logged", "her observations, in the hospital's log", 97, logged],
    ["batched", "and more of hers, and others', in batches", 99, batched],
  ] as const) {
    checks.equal(`record.${name}`, title, `${number} CURRENT version 1, IN_FORCE`, await standing(records));
  }

  const twice = await refusalOf(anchorRecord(registry, single[0]!.commitment, single[0]!.kind));
  checks.equal("record.twice", "Nothing is anchored twice", "RecordExists", twice);
  const unlicensed = await refusalOf(anchorRecord(registryOf(job, READER), hexlify(randomBytes(32)), 1));
  checks.equal("record.unlicensed", "nor by a hospital that is accredited to read alone", "RoleNotListed", unlicensed);
  await changeRecords(job, hospital);
  return hospital;
}

/** A condition is amended, an observation of the log rectified, another record was a mistake. */
async function changeRecords(job: Job, hospital: Hospital): Promise<void> {
  const registry = registryOf(job, HOSPITAL);
  for (const [what, resourceType, reason] of [
    ["amended", "Condition", "AMENDED"],
    ["rectified", "Observation", "RECTIFIED"],
  ] as const) {
    const old = hospital.firstOf(resourceType);
    const source = new TextDecoder().decode(old.body).replace('"resourceType"', '"language":"en","resourceType"');
    const next = await hospital.keep(source, PATIENT, old.recordId, 2);
    await amendRecord(registry, old.member ?? old.commitment, next.commitment, reason);
    await hospital.retire(old);
    job.checks.equal(
      `record.${what}`,
      `A ${resourceType} is ${what}: its versions`,
      "SUPERSEDED version 1, IN_FORCE; CURRENT version 2, IN_FORCE",
      [await standingOf(job, old), await standingOf(job, next)].join("; "),
    );
  }
  const wrong = hospital.firstOf("CarePlan");
  await markInError(registry, wrong.commitment);
  await hospital.retire(wrong);
  job.checks.equal(
    "record.error",
    "A record was entered in error",
    "ENTERED_IN_ERROR version 1, IN_FORCE",
    await standingOf(job, wrong),
  );
}

/** How a record stands on the chain, in words. */
async function standingOf(job: Job, { commitment, member }: HospitalRecord): Promise<string> {
  const { recordRegistry } = job.suite.contracts;
  const status = await (member === undefined
    ? statusOf(recordRegistry, commitment)
    : statusOfMember(recordRegistry, member));
  return `${status.state} version ${status.version}, ${status.standing}`;
}

/** The registry of records, as a body's key calls it. */
export function registryOf(job: Job, organization: string) {
  return job.suite.contracts.recordRegistry.connect(job.healthOperator(organization));
}

function sameKind(records: readonly HospitalRecord[], resourceType: string): { commitments: string[]; kind: number } {
  const chosen = records.filter((record) => record.resourceType === resourceType);
  return { commitments: chosen.map(({ commitment }) => commitment), kind: chosen[0]!.kind };
}
