/**
 * How a consent can stand for a purpose: `IConsentRegistry.Status`, in its order.
 *
 * @example
 * ```ts
 * const status = CONSENT_STATUSES[Number(await registry.statusOf(patient, grantee, scope, purposeBit("TREAT")))];
 * ```
 */
export const CONSENT_STATUSES = [
  ...(["NONE", "IN_FORCE", "PENDING", "EXPIRED", "REVOKED", "USED_UP"] as const),
  ...(["PURPOSE_NOT_GRANTED", "OBJECTED", "GUARDIAN_LAPSED"] as const),
] as const;

/** How a consent stands for a purpose. */
export type ConsentStatus = (typeof CONSENT_STATUSES)[number];

/**
 * Why a provider broke the glass: `IBreakGlass.EmergencyReason`, in its order. The contract refuses UNSPECIFIED.
 *
 * @example
 * ```ts
 * await registry.breakGlass(patient, 3_600, EMERGENCY_REASONS.indexOf("LIFE_THREATENING"), commitment);
 * ```
 */
export const EMERGENCY_REASONS = [
  ...(["UNSPECIFIED", "LIFE_THREATENING", "UNABLE_TO_CONSENT"] as const),
  ...(["PUBLIC_HEALTH_EMERGENCY", "CONSENT_UNREACHABLE", "OTHER"] as const),
] as const;

/** Why a provider broke the glass. */
export type EmergencyReason = (typeof EMERGENCY_REASONS)[number];

/**
 * What a review of a broken glass came to: `IBreakGlass.Outcome`, in its order.
 *
 * @example
 * ```ts
 * await registry.review(id, REVIEW_OUTCOMES.indexOf("JUSTIFIED"), findings);
 * ```
 */
export const REVIEW_OUTCOMES = ["PENDING", "JUSTIFIED", "UNJUSTIFIED"] as const;

/** What a review of a broken glass came to. */
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number];

/** What a patient allows a grantee: `IConsentRegistry.Grant`. Plain JSON. */
export interface Grant {
  /** The body that may use the data, by its index in the trust list. */
  grantee: number;
  /** What data, as `scopeOf` gives it, or EVERYTHING: 32 bytes in hex. */
  scope: string;
  /** What for, as `purposesOf` gives it. */
  purposes: number;
  /** First second in force. */
  from: number;
  /** First second no longer in force; NO_END for none. */
  until: number;
  /** How many logged accesses it is good for; 0 for any number. */
  uses: number;
}

/**
 * The scope of a consent for everything.
 *
 * @example
 * ```ts
 * await grantConsent(registry, { grantee, scope: EVERYTHING, purposes, from: now, until: NO_END, uses: 0 });
 * ```
 */
export const EVERYTHING = `0x${"0".repeat(64)}`;

/**
 * The end of what has none, as the contracts write it.
 *
 * @example
 * ```ts
 * const isOpenEnded = grant.until === NO_END;
 * ```
 */
export const NO_END = 2 ** 40 - 1;
