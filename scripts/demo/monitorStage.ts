import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { eraseKey } from "../../src/health/eraseKey.js";
import { monitorRecords, type MonitorReport } from "../../src/health/monitor/monitorRecords.js";
import { pgliteDatabase } from "../../src/health/monitor/pgliteDatabase.js";
import type { RecordPackage } from "../../src/health/recordPackage.js";
import { tombstoneRecords } from "../../src/health/records/changeRecords.js";
import { readRecords } from "../../src/health/records/readRecords.js";
import { verifyPackageOnChain } from "../../src/health/verifyPackageOnChain.js";

import { type Hospital, type HospitalRecord, PATIENT, TABLES } from "./hospital.js";
import type { Job } from "./job.js";
import { HOSPITAL, registryOf } from "./recordStage.js";

/** The monitor compares database and chain, and finds an altered and a deleted row. */
export async function monitorDatabase(job: Job, hospital: Hospital): Promise<void> {
  const { checks } = job;
  const clean = await compare(job, hospital);
  const rows = hospital.records.size;
  checks.equal(
    "monitor.clean",
    "The hospital's database is what was anchored",
    `${rows} of ${rows} intact, nothing found`,
    summaryOf(clean),
  );

  const { database } = hospital;
  const [altered, deleted] = [hospital.firstOf("Procedure"), hospital.firstOf("MedicationRequest")];
  const status = (body: Uint8Array) =>
    new TextDecoder().decode(body).replace('"status":"completed"', '"status":"not-done"');
  await setBody(hospital, altered, new TextEncoder().encode(status(altered.body)));
  await database.query("DELETE FROM health_record WHERE record_id = $1", [deleted.recordId]);
  await database.query("DELETE FROM anchor WHERE record_id = $1", [deleted.recordId]);
  const found = await compare(job, hospital);
  const named = found.findings.map(({ type, recordId, expected }) => {
    if (recordId === altered.recordId) return `${type} the altered one`;
    return expected === deleted.commitment ? `${type} the deleted one` : `${type} another`;
  });
  checks.equal(
    "monitor.tampered",
    "Somebody alters a row, and deletes another with its index: both are found",
    "ALTERED the altered one; MISSING the deleted one",
    named.join("; "),
  );
  await setBody(hospital, altered, altered.body);
  const { recordId, version, patient, resourceType, body } = deleted;
  await database.query("INSERT INTO health_record VALUES ($1, $2, $3, $4, $5)", [
    recordId,
    version,
    patient,
    resourceType,
    body,
  ]);
  await database.query("INSERT INTO anchor VALUES ($1, $2, decode($3, 'hex'))", [
    recordId,
    version,
    deleted.commitment.slice(2),
  ]);
  checks.equal(
    "monitor.mended",
    "Put back from a copy, all is well again",
    summaryOf(clean),
    summaryOf(await compare(job, hospital)),
  );
}

/** A patient's key is destroyed: the hospital's copies stop verifying, what was handed out goes on. */
export async function erasePatient(job: Job, hospital: Hospital, handed: RecordPackage): Promise<void> {
  const { checks, suite, chainId } = job;
  const at = { chainId: Number(chainId), registry: suite.addresses.recordRegistry };
  const records = hospital.recordsOf(PATIENT);
  await tombstoneRecords(
    registryOf(job, HOSPITAL),
    records.map(({ commitment, member }) => member ?? commitment),
    "ERASURE_REQUESTED",
  );
  const certificate = await eraseKey(
    hospital.store,
    {
      ...at,
      ...{
        patient: PATIENT,
        controller: job.body(HOSPITAL).index,
        now: await job.chain.now(),
        reason: "ERASURE_REQUESTED",
      },
      tombstoned: records.map(({ commitment }) => commitment),
    },
    job.healthOperator(HOSPITAL),
    async (own) => {
      await writeFile(join(job.options.out, "health", "erasure-certificate.json"), `${JSON.stringify(own, null, 1)}\n`);
    },
  );
  const rest = hospital.records.size - records.length;
  const after = await compare(job, hospital);
  checks.equal(
    "erasure.unverifiable",
    "Her key is destroyed: none of her rows can be verified any more",
    `${records.length} UNVERIFIABLE, ${rest} intact`,
    `${after.totals.UNVERIFIABLE} UNVERIFIABLE, ${after.totals.intact} intact`,
  );
  const { state } = await verifyPackageOnChain(suite.contracts.recordRegistry, handed, at);
  const told = certificate.handOuts.map(({ recipient, id }) => `${JSON.stringify(recipient)} ${id}`).join("; ");
  checks.equal(
    "erasure.handed",
    "What was handed out verifies still, as erased, and her certificate says who has it",
    `ERASED; ${JSON.stringify({ body: job.body("f201").index })} ${handed.id}`,
    `${state}; ${told}`,
  );
  await hospital.database.query("DELETE FROM health_record WHERE patient = $1", [PATIENT]);
  await hospital.database.query("DELETE FROM anchor WHERE record_id NOT IN (SELECT record_id FROM health_record)");
  checks.equal(
    "erasure.deleted",
    "Her rows are deleted: nothing is missed",
    `${rest} of ${rest} intact, nothing found`,
    summaryOf(await compare(job, hospital)),
  );
  await hospital.close();
}

function compare(job: Job, hospital: Hospital): Promise<MonitorReport> {
  const provider = job.body(HOSPITAL).index;
  const { fromBlock, addresses } = job.suite;
  const { batches } = hospital;
  return monitorRecords({
    ...{ database: pgliteDatabase(hospital.database), provider, tables: TABLES, keepsVersions: true },
    chain: () => readRecords(job.chain.provider, addresses.recordRegistry, provider, { fromBlock, batches }),
    keyOf: (patient) => hospital.store.state.patients.get(patient)?.key,
  });
}

function summaryOf({ totals, isClean, findings }: MonitorReport): string {
  return `${totals.intact} of ${totals.rows} intact, ${isClean ? "nothing" : findings.length} found`;
}

async function setBody(hospital: Hospital, { recordId, version }: HospitalRecord, body: Uint8Array): Promise<void> {
  await hospital.database.query("UPDATE health_record SET body = $3 WHERE record_id = $1 AND version = $2", [
    recordId,
    version,
    body,
  ]);
}
