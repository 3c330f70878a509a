import type { RecordState } from "../recordStates.js";

/** Where a finding is. Both are null where nothing in the database names the record any more. */
export interface FoundAt {
  /** The record's id. */
  readonly recordId: string | null;
  readonly version: number | null;
}

/**
 * Something in which a database and the chain differ. Commitments are 32 bytes in hex. In each, `expected` is what the chain says
 * and `found` what the database does.
 */
export type Finding = FoundAt &
  (
    | {
        /** The content is not what was anchored: the body, or the id, version or patient that it is filed under. */
        readonly type: "ALTERED";
        /** What the index says was anchored, as the chain confirms. */
        readonly expected: string;
        /** What the row gives; null where it can give none, as without a body. */
        readonly found: string | null;
      }
    | {
        /** The resource type that the row is filed under is not the one that was anchored. */
        readonly type: "RELABELLED";
        readonly expected: number;
        readonly found: string | null;
      }
    | {
        /** Nothing in the database has the content that was anchored. */
        readonly type: "MISSING";
        readonly expected: string;
        readonly found: null;
        readonly state: RecordState;
      }
    | {
        /** Nobody anchored what the row holds. */
        readonly type: "EXTRA";
        readonly expected: null;
        readonly found: string | null;
      }
    | {
        /** The row is there twice. */
        readonly type: "DUPLICATE";
        readonly expected: string;
        readonly found: string;
      }
    | {
        /** Another provider anchored what the row holds, and this one did not. */
        readonly type: "FOREIGN";
        /** What the index says was anchored, if the chain confirms it. */
        readonly expected: string | null;
        readonly found: string;
      }
    | {
        /** The database gives as current what the chain does not, keeps what was erased, or withholds what is current. */
        readonly type: "STALE";
        readonly expected: RecordState;
        readonly found: "CURRENT" | "NOT_CURRENT";
        readonly commitment: string;
      }
    | {
        /** The patient's key is gone, so that nobody can tell whether the row was altered. */
        readonly type: "UNVERIFIABLE";
        /** What the index says was anchored, if the chain confirms it. */
        readonly expected: string | null;
        readonly found: null;
        /** How that stands: ERASED, where the row was to be deleted. */
        readonly state: RecordState;
      }
    | {
        /** The index does not name what the row gives and the chain holds, or names what is no record's. */
        readonly type: "MISINDEXED";
        /** What the row gives; null where there is no row. */
        readonly expected: string | null;
        /** What the index has, in hex; null where it has nothing. */
        readonly found: string | null;
      }
  );

/** What a finding can be. */
export type FindingType = Finding["type"];

/**
 * All that a finding can be.
 *
 * @example
 * ```ts
 * const counts = FINDING_TYPES.map((type) => `${report.totals[type]} ${type}`);
 * ```
 */
export const FINDING_TYPES = [
  "ALTERED",
  "RELABELLED",
  "MISSING",
  "EXTRA",
  "DUPLICATE",
  "FOREIGN",
  "STALE",
  "UNVERIFIABLE",
  "MISINDEXED",
] as const satisfies readonly FindingType[];
