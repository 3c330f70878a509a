/**
 * How a service can stand: `IServiceRegistry.State`, in its order.
 *
 * @example
 * ```ts
 * const state = SERVICE_STATES[Number(verdict.state)]; // "DELIVERED"
 * ```
 */
export const SERVICE_STATES = ["UNKNOWN", "SENT", "DELIVERED", "ACKNOWLEDGED", "FAILED", "LAPSED"] as const;

/** How a service stands. */
export type ServiceState = (typeof SERVICE_STATES)[number];

/**
 * Why a service can fail: `IServiceRegistry.Failure`, in its order. NONE: it did not.
 *
 * @example
 * ```ts
 * const code = SERVICE_FAILURES.indexOf("REFUSED"); // 2
 * ```
 */
export const SERVICE_FAILURES = ["NONE", "NOT_FOUND", "REFUSED", "UNREACHABLE", "RECALLED", "OTHER"] as const;

/** Why a service failed. */
export type ServiceFailure = Exclude<(typeof SERVICE_FAILURES)[number], "NONE">;
