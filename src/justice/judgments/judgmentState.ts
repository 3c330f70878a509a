/**
 * How a judgment can stand: `IJudgmentRegistry.Status`, in its order.
 *
 * @example
 * ```ts
 * const status = JUDGMENT_STATUSES[Number(verdict.status)]; // "UNDER_APPEAL"
 * ```
 */
export const JUDGMENT_STATUSES = [
  "UNKNOWN",
  "NOT_FINAL",
  "FINAL",
  "UNDER_APPEAL",
  "SUPERSEDED",
  "REVERSED",
  "ANNULLED",
] as const;

/** How a judgment stands. */
export type JudgmentStatus = (typeof JUDGMENT_STATUSES)[number];

/**
 * What can be decided upon a judgment: `IJudgmentRegistry.Outcome`, in its order.
 *
 * @example
 * ```ts
 * const code = JUDGMENT_OUTCOMES.indexOf("REVERSED"); // 3
 * ```
 */
export const JUDGMENT_OUTCOMES = ["NONE", "AFFIRMED", "SUPERSEDED", "REVERSED", "ANNULLED", "RECTIFIED"] as const;

/** What was decided upon a judgment. */
export type JudgmentOutcome = (typeof JUDGMENT_OUTCOMES)[number];

/**
 * What sorts of decision there are: `IJudgmentRegistry.Kind`, in its order.
 *
 * @example
 * ```ts
 * const code = JUDGMENT_KINDS.indexOf("ORDER"); // 3
 * ```
 */
export const JUDGMENT_KINDS = ["JUDGMENT", "PARTIAL", "INTERIM", "ORDER", "SETTLEMENT"] as const;

/** What sort of decision it is. */
export type JudgmentKind = (typeof JUDGMENT_KINDS)[number];
