import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { id, Wallet } from "ethers";

import { commitRecord } from "../../src/health/commitRecord.js";
import type { ErasureRequest } from "../../src/health/eraseKey.js";
import type { HandOutRequest } from "../../src/health/handOut.js";
import { HealthError } from "../../src/health/HealthError.js";
import { createKeyStore, type KeyStore } from "../../src/health/keyStore.js";
import type { RecordVersion } from "../../src/health/recordSalt.js";
import { openDocument } from "../../src/sealing/openDocument.js";
import { readExample } from "./fhirExamples.js";

export const PASSWORD = "correct horse battery staple";
/** Guessing is cheap here, so that tests are quick. */
export const CHEAP = { scryptN: 1_024 };
export const PLACE = { chainId: 31_337, registry: `0x${"ab".repeat(20)}` };
export const NOW = 1_800_000_000;
/** A key of the controller, body 3. */
export const OPERATOR = new Wallet(id("operator"));
export const CONTROLLER = 3;

/** A row of the controller's database: no salt, no key. */
export interface Row extends RecordVersion {
  patient: string;
  text: string;
}

/** Rows of two patients, from HL7's examples. */
export const ROWS: readonly Row[] = [
  ["patient 7", "Observation-f001.json", 1],
  ["patient 7", "Observation-decimal.json", 1],
  ["patient 7", "Observation-decimal.json", 2],
  ["patient 7", "MedicationRequest-medrx0301.json", 1],
  ["patient 8", "Observation-f002.json", 1],
  ["patient 8", "Condition-f001.json", 1],
].map(([patient, file, version]) => {
  const text = readExample(file as string).toString();
  return {
    patient: patient as string,
    id: (file as string).slice(0, -5).replace("-", "/"),
    version: version as number,
    text,
  };
});

/** The commitment of a row, in hex. */
export function commitmentOf(store: KeyStore, row: Row): string {
  return commitRecord(row.text, store.keyOf(row.patient), row).commitment;
}

/** A request to hand out a row. */
export function requestOf(row: Row, change: Partial<HandOutRequest> = {}): HandOutRequest {
  const { patient, id: name, version, text: source } = row;
  return { patient, id: name, version, source, recipient: { body: 9 }, now: NOW, ...PLACE, ...change };
}

/** A request to erase a patient. */
export function erasureOf(store: KeyStore, patient: string, change: Partial<ErasureRequest> = {}): ErasureRequest {
  const tombstoned = ROWS.filter((row) => row.patient === patient).map((row) => commitmentOf(store, row));
  return {
    patient,
    controller: CONTROLLER,
    now: NOW + 1,
    reason: "ERASURE_REQUESTED",
    tombstoned,
    ...PLACE,
    ...change,
  };
}

/** What is in a key store's file, decrypted by what `sealing` offers, not by the store. */
export async function plainDocument(text: string, password = PASSWORD): Promise<string> {
  const kind = {
    name: "key store",
    type: "diwan-patient-keys+json",
    purpose: "diwan patient keys document 1",
    version: 1,
  };
  const { phrase, document } = await openDocument(kind, text, password);
  return JSON.stringify({ phrase, document });
}

/** A folder of its own for each test, and a new store in it. */
export function keyStoreFolder() {
  const made = { folder: "", path: "" };
  beforeEach(async () => {
    made.folder = await mkdtemp(join(tmpdir(), "diwan-keys-"));
    made.path = join(made.folder, "keys.json");
  });
  afterEach(() => rm(made.folder, { recursive: true, force: true }));
  return {
    get folder() {
      return made.folder;
    },
    get path() {
      return made.path;
    },
    /** A store with both patients. */
    filled: async (): Promise<KeyStore> => {
      const store = await createKeyStore(made.path, PASSWORD, CHEAP);
      await store.addPatients(["patient 7", "patient 8"]);
      return store;
    },
  };
}

/** The code of what went wrong, or "none". */
export async function codeOf(run: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof run === "function" ? run() : run);
    return "none";
  } catch (error) {
    if (!(error instanceof HealthError)) throw error;
    return error.code;
  }
}
