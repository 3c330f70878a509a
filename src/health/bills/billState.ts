/**
 * How a bill can stand: `IBillRegistry.State`, in its order.
 *
 * @example
 * ```ts
 * const state = BILL_STATES[Number(answer.state)]; // "PAID"
 * ```
 */
export const BILL_STATES = ["UNKNOWN", "SUBMITTED", "PAID", "REJECTED", "REFUNDED", "WITHDRAWN"] as const;

/** How a bill stands. */
export type BillState = (typeof BILL_STATES)[number];

/**
 * Why a payer can reject a bill: `IBillRegistry.RejectReason`, in its order. NONE: it was not rejected.
 *
 * @example
 * ```ts
 * const code = REJECT_REASONS.indexOf("NOT_COVERED"); // 2
 * ```
 */
export const REJECT_REASONS = [
  "NONE",
  "NOT_INSURED_HERE",
  "NOT_COVERED",
  "INFORMATION_MISSING",
  "AMOUNT_WRONG",
  "BILLED_ELSEWHERE",
  "OTHER",
] as const;

/** Why a bill was rejected. */
export type RejectReason = Exclude<(typeof REJECT_REASONS)[number], "NONE">;
