import type { RecordPlace } from "./erasureCertificate.js";
import type { RecordVersion } from "./recordSalt.js";

/** Where a record stands in a batch: `IRecordRegistry.Membership`; plain JSON. */
export interface RecordMembership {
  /** The provider's index in the trust list. */
  readonly provider: number;
  /** Whether the batch is in the provider's log. */
  readonly inLog: boolean;
  /** The tree's root, 32 bytes in hex. */
  readonly root: string;
  /** The tree's entries. */
  readonly size: number;
  /** The record's index in the tree, from 0. */
  readonly index: number;
  /** Siblings from the leaf up, 32 bytes in hex each. */
  readonly path: readonly string[];
}

/** A record as it is handed out, with all that proves it; plain JSON, and as secret as the record. */
export interface RecordPackage extends RecordPlace, RecordVersion {
  readonly format: "diwan-record-1";
  /** The record in its canonical form. */
  readonly record: string;
  /** The number of its resource type. */
  readonly kind: number;
  /** 32 bytes in hex. */
  readonly salt: string;
  /** What is anchored: 32 bytes in hex. */
  readonly commitment: string;
  /** Where it stands in a batch, if it was not anchored alone. */
  readonly membership?: RecordMembership;
}
