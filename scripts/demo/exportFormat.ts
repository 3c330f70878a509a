import type { Attestation, Batch, Membership } from "../../src/identity/attestation.js";
import type { Claim } from "../../src/identity/claims.js";
import type { Json } from "../../src/identity/json.js";
import type { RegisterChange } from "../../src/identity/readRegister.js";
import type { DidKeys } from "../../src/identity/did/did.js";
import type { AttestationRecord, Verdict } from "../../src/identity/verdict.js";
import type { TrustSnapshot } from "../../src/trust/snapshot.js";
import type { Standing } from "../../src/trust/standing.js";

/** The names of the public files that are there whatever was issued. */
export const FILES = {
  manifest: "manifest.json",
  schemas: "schemas.json",
  bodies: "bodies.json",
  trustList: "trust-list.json",
  records: "records.json",
  verdicts: "verdicts.json",
  dids: "dids.json",
  sums: "SHA256SUMS",
} as const;

/** The folders of what anyone may have, of what holders have, of their wallets, and of what they showed to whom. */
export const FOLDERS = { public: "public", private: "private", wallets: "wallets", shown: "shown" } as const;

/** The file in the private folder. */
export const HOLDERS = "holders.json";

/** `dids.json`: how each DID stands that was ever changed. */
export type DidsFile = DidKeys[];

/** What the files are about: `manifest.json`. */
export interface ManifestFile {
  format: "diwan-export-1";
  chainId: number;
  /** The contracts, by their names in the suite. */
  addresses: Record<string, string>;
  /** Block from which the contracts' events are read. */
  fromBlock: number;
  /** The block that everything was read at. */
  block: { number: number; hash: string; time: number };
  council: { members: string[]; threshold: number; delay: number };
  recovery: { members: string[]; threshold: number; delay: number };
}

/** `schemas.json` */
export type SchemasFile = { id: string; definition: Json }[];

/** `bodies.json`: the public profiles whose digests the trust list keeps. */
export type BodiesFile = { body: number; profile: Json }[];

/** A state that the trust list's log had. */
export interface CheckpointJson {
  size: number;
  root: string;
}

/** `trust-list.json`: every change, the log's checkpoint, and the proof that an earlier state was only added to. */
export interface TrustListFile {
  checkpoint: CheckpointJson;
  earlier: CheckpointJson & { consistency: string[] };
  snapshot: TrustSnapshot;
}

/** A record as the registry keeps it, and what happened to it. */
export interface RecordEntry {
  record: AttestationRecord;
  schema: string;
  changes: RegisterChange[];
  /** The files of a Merkle batch. */
  batch?: { leaves: string; bitstring: string; token: string };
}

/** `records.json` */
export type RecordsFile = RecordEntry[];

/** `batch-<name>.json`: the leaves, from which every proof follows. */
export interface BatchFile extends Batch {
  uid: string;
  leaves: string[];
}

/** A verdict of the chain on an attestation, named by its record and, in a batch, its leaf. */
interface VerdictEntry extends Verdict {
  uid: string;
  index?: number;
}

/** `verdicts.json`: what the chain answered at the manifest's block. */
export interface VerdictsFile {
  attestations: VerdictEntry[];
  standings: { scope: string; body: number; standing: Standing; decidedBy: number }[];
}

/** `holders.json`, private: what each holder has, and may show. */
export type HoldersFile = {
  source: string;
  uid: string;
  attestation: Attestation;
  membership?: Membership;
  subjectSalt: string;
  claims: Claim[];
}[];
