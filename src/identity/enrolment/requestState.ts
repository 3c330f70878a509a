/**
 * How a request can stand, in the contract's order.
 *
 * @example
 * ```ts
 * const state = REQUEST_STATES[Number(request.state)];
 * ```
 */
export const REQUEST_STATES = ["NONE", "REQUESTED", "CONFIRMED", "REJECTED", "WITHDRAWN", "LAPSED"] as const;

/** How a request stands. */
export type RequestState = (typeof REQUEST_STATES)[number];

/**
 * Why a clerk can reject a request, in the contract's order.
 *
 * @example
 * ```ts
 * const code = REJECTION_GROUNDS.indexOf("DOCUMENTS_MISSING"); // 2
 * ```
 */
export const REJECTION_GROUNDS = [
  "UNSPECIFIED",
  "IDENTITY_NOT_PROVEN",
  "DOCUMENTS_MISSING",
  "DOCUMENTS_NOT_ACCEPTED",
  "APPLICATION_DIFFERS",
  "NOT_ENTITLED",
  "ENROLLED_ALREADY",
] as const;

/** Why a clerk rejected a request. */
export type RejectionGrounds = (typeof REJECTION_GROUNDS)[number];
