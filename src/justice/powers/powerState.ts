/**
 * How a power of attorney can stand: `IPowerOfAttorneyRegistry.Status`, in its order.
 *
 * @example
 * ```ts
 * const status = POWER_STATUSES[Number(await powers.statusOf(principal, agent, scope))]; // "IN_FORCE"
 * ```
 */
export const POWER_STATUSES = ["NONE", "IN_FORCE", "PENDING", "EXPIRED", "REVOKED", "RENOUNCED"] as const;

/** How a power of attorney stands. */
export type PowerStatus = (typeof POWER_STATUSES)[number];
