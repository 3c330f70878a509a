/**
 * How a prescription can stand: `IPrescriptionRegistry.State`, in its order.
 *
 * @example
 * ```ts
 * const state = PRESCRIPTION_STATES[Number(answer.state)]; // "PARTLY_DISPENSED"
 * ```
 */
export const PRESCRIPTION_STATES = [
  "UNKNOWN",
  "ISSUED",
  "PARTLY_DISPENSED",
  "DISPENSED",
  "CANCELLED",
  "EXPIRED",
] as const;

/** How a prescription stands. */
export type PrescriptionState = (typeof PRESCRIPTION_STATES)[number];

/**
 * Why a prescription can be cancelled: `IPrescriptionRegistry.CancelReason`, in its order. NONE: it was not.
 *
 * @example
 * ```ts
 * const code = CANCEL_REASONS.indexOf("REPLACED"); // 2
 * ```
 */
export const CANCEL_REASONS = ["NONE", "IN_ERROR", "REPLACED", "NO_LONGER_NEEDED", "KEY_COMPROMISED", "OTHER"] as const;

/** Why a prescription was cancelled. */
export type CancelReason = Exclude<(typeof CANCEL_REASONS)[number], "NONE">;
