/**
 * How a body, or a record that it signed, stands in a scope: `ITrustList.Standing`, in its order.
 *
 * @example
 * ```ts
 * const standing = STANDINGS[Number(await trustList.standingOf(scope, body, key, time))]; // "IN_FORCE"
 * ```
 */
export const STANDINGS = ["NONE", "IN_FORCE", "PENDING", "EXPIRED", "SUSPENDED", "WITHDRAWN", "COMPROMISED"] as const;

/** How a body, or a record that it signed, stands in a scope. */
export type Standing = (typeof STANDINGS)[number];

/**
 * What an accreditor last decided: `ITrustList.Decision`, in its order.
 *
 * @example
 * ```ts
 * const decision = DECISIONS[Number(accreditation.decision)]; // "ACCREDITED"
 * ```
 */
export const DECISIONS = ["NONE", "ACCREDITED", "SUSPENDED", "WITHDRAWN"] as const;

/** What an accreditor last decided. */
export type Decision = (typeof DECISIONS)[number];
