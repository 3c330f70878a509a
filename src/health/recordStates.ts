/**
 * How a record stands on the chain: `IRecordRegistry.State`, in its order.
 *
 * @example
 * ```ts
 * const state = RECORD_STATES[Number(verdict.state)]; // "CURRENT"
 * ```
 */
export const RECORD_STATES = ["UNKNOWN", "CURRENT", "SUPERSEDED", "ENTERED_IN_ERROR", "ERASED"] as const;

/** How a record stands on the chain. */
export type RecordState = (typeof RECORD_STATES)[number];

/**
 * Why a record's state last changed: `IRecordRegistry.Reason`, in its order.
 *
 * @example
 * ```ts
 * const reason = RECORD_REASONS.indexOf("RETENTION_ENDED"); // 5
 * ```
 */
export const RECORD_REASONS = [
  "NONE",
  "AMENDED",
  "RECTIFIED",
  "ENTERED_IN_ERROR",
  "ERASURE_REQUESTED",
  "RETENTION_ENDED",
  "ORDERED",
] as const;

/** Why a record's state last changed. */
export type RecordReason = (typeof RECORD_REASONS)[number];
