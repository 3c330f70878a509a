/**
 * Why a claim can be revoked: `IBenefits.Reason`, in its order.
 *
 * @example
 * ```ts
 * const code = BENEFIT_REASONS.indexOf("GIVEN_UP"); // 2
 * ```
 */
export const BENEFIT_REASONS = [
  "UNSPECIFIED",
  "DECIDED_IN_ERROR",
  "GIVEN_UP",
  "OBTAINED_FALSELY",
  "KEY_COMPROMISE",
] as const;

/** Why a claim was revoked. */
export type BenefitReason = (typeof BENEFIT_REASONS)[number];

/**
 * How a claim can stand: `IBenefits.Status`, in its order.
 *
 * @example
 * ```ts
 * const status = BENEFIT_STATUSES[Number(answer.status)]; // "CLAIMED"
 * ```
 */
export const BENEFIT_STATUSES = ["NONE", "CLAIMED", "REVOKED"] as const;

/** How a claim stands. */
export type BenefitStatus = (typeof BENEFIT_STATUSES)[number];
