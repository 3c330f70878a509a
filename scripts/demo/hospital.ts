import { readdirSync, readFileSync } from "node:fs";

import { PGlite } from "@electric-sql/pglite";
import { getBytes, type HDNodeWallet } from "ethers";

import { commitRecord } from "../../src/health/commitRecord.js";
import type { KeyStore } from "../../src/health/keyStore.js";
import { RECORD_TABLES, type RecordTables } from "../../src/health/monitor/recordTables.js";
import { type BundledResource, splitBundle } from "../../src/health/splitBundle.js";
import type { RecordMember } from "../../src/health/verifyPackageOnChain.js";
import { type HolderWallet, newWallet, walletKey } from "../../src/identity/wallet.js";

import { readPatients } from "./readFhir.js";

const BUNDLES = new URL("vendor/synthea-r4/", import.meta.url);

/** The patient whose whole record the job follows, as the hospital calls her. */
export const PATIENT = "patient 1";

/** A patient's keys: another one for each body that she meets, so that none of them can follow her to another. */
export const PATIENT_KEY = { hospital: 11 } as const;

/** The hospital's tables, as the monitor is told of them. */
export const TABLES: RecordTables = {
  ...RECORD_TABLES,
  records: { ...RECORD_TABLES.records, current: "is_current" },
};

/** A version of a record in the hospital's database, and where its commitment stands on the chain. */
export interface HospitalRecord {
  recordId: string;
  version: number;
  /** The hospital's own name for the patient. */
  patient: string;
  resourceType: string;
  kind: number;
  /** The canonical bytes. */
  body: Uint8Array;
  /** 32 bytes in hex. */
  commitment: string;
  /** Its proof, where it was anchored with others. */
  member?: RecordMember;
}

/** A hospital: its patients' keys, and its database. The chain has none of it. */
export class Hospital {
  /** By id and version. */
  readonly records = new Map<string, HospitalRecord>();
  /** The commitments of each batch that was anchored under a root: the chain does not name them. */
  readonly batches: string[][] = [];
  readonly patient: HolderWallet = newWallet();

  private constructor(
    readonly store: KeyStore,
    readonly database: PGlite,
  ) {}

  /** A hospital with an empty database, which is gone when the job ends. */
  static async open(store: KeyStore): Promise<Hospital> {
    const database = await PGlite.create();
    await database.exec(`
      CREATE TABLE health_record (
        record_id text, version int, patient text NOT NULL, kind text NOT NULL, body bytea NOT NULL,
        is_current boolean NOT NULL DEFAULT true, PRIMARY KEY (record_id, version)
      );
      CREATE TABLE anchor (
        record_id text, version int, commitment bytea NOT NULL,
        PRIMARY KEY (record_id, version)
      )`);
    return new Hospital(store, database);
  }

  /** The key that a patient has for this hospital; it pays nothing, others carry what it signs. */
  patientKey(): HDNodeWallet {
    return walletKey(this.patient, PATIENT_KEY.hospital);
  }

  /** Commits to a version of a record and writes it down. */
  async keep(source: string, patient: string, recordId: string, version = 1): Promise<HospitalRecord> {
    const made = commitRecord(source, this.store.keyOf(patient), { id: recordId, version });
    const { resourceType } = JSON.parse(source) as { resourceType: string };
    const { canonical: body, kind } = made;
    const record = { recordId, version, patient, resourceType, kind, body, commitment: made.commitment };
    const values = [recordId, version, patient, resourceType, body];
    await this.database.query("INSERT INTO health_record VALUES ($1, $2, $3, $4, $5)", values);
    const anchor = [recordId, version, getBytes(record.commitment)];
    await this.database.query("INSERT INTO anchor VALUES ($1, $2, $3)", anchor);
    this.records.set(`${recordId} ${version}`, record);
    return record;
  }

  /** Notes that a version is not, or no longer, what the record says. */
  async retire({ recordId, version }: HospitalRecord): Promise<void> {
    const update = "UPDATE health_record SET is_current = false WHERE record_id = $1 AND version = $2";
    await this.database.query(update, [recordId, version]);
  }

  /** Remembers where records that were anchored together stand. */
  place(members: readonly RecordMember[]): void {
    const byCommitment = new Map([...this.records.values()].map((record) => [record.commitment, record]));
    for (const member of members) byCommitment.get(member.commitment)!.member = member;
  }

  /** A record. */
  record(recordId: string, version = 1): HospitalRecord {
    const record = this.records.get(`${recordId} ${version}`);
    if (record === undefined) throw new Error(`there is no version ${version} of ${recordId}`);
    return record;
  }

  /** The first record of a resource type. */
  firstOf(resourceType: string): HospitalRecord {
    const record = [...this.records.values()].find((one) => one.resourceType === resourceType);
    if (record === undefined) throw new Error(`there is no ${resourceType}`);
    return record;
  }

  /** Ends the database; the key store is left behind as a file. */
  async close(): Promise<void> {
    await this.database.close();
    await this.store.close();
  }

  /** A patient's records, or those of all. */
  recordsOf(patient?: string): HospitalRecord[] {
    return [...this.records.values()].filter((record) => patient === undefined || record.patient === patient);
  }
}

/** The resources of the synthetic patient's bundle. */
export function readBundle(): BundledResource[] {
  const [file] = readdirSync(BUNDLES).filter((name) => name.endsWith(".json"));
  return splitBundle(readFileSync(new URL(file!, BUNDLES)));
}

/** HL7's example patients, each a record of its own patient. */
export function readPatientRecords(): { patient: string; id: string; source: string }[] {
  return [...readPatients()].map(([id], i) => ({
    patient: `patient ${i + 2}`,
    id: `Patient/${id}`,
    source: readFileSync(new URL(`vendor/hl7-r4-examples/Patient-${id}.json`, import.meta.url), "utf8"),
  }));
}
