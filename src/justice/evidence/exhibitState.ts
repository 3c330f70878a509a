/**
 * How an exhibit can stand: `IEvidenceRegistry.State`, in its order.
 *
 * @example
 * ```ts
 * const state = EXHIBIT_STATES[Number(exhibit.state)]; // "TENDERED"
 * ```
 */
export const EXHIBIT_STATES = [
  "UNKNOWN",
  "DEPOSITED",
  "TENDERED",
  "CHALLENGED",
  "REBUTTED",
  "ADMITTED",
  "EXCLUDED",
  "RETURNED",
  "DESTROYED",
] as const;

/** How an exhibit stands. */
export type ExhibitState = (typeof EXHIBIT_STATES)[number];

/**
 * What can be done with an exhibit: `IEvidenceRegistry.Action`, in its order.
 *
 * @example
 * ```ts
 * const action = EXHIBIT_ACTIONS[Number(next.action)]; // "ADMIT"
 * ```
 */
export const EXHIBIT_ACTIONS = [
  "HAND_OVER",
  "SEAL",
  "UNSEAL",
  "TENDER",
  "CHALLENGE",
  "REBUT",
  "ADMIT",
  "EXCLUDE",
  "RETURN",
  "DESTROY",
  "HOLD",
  "LIFT_HOLD",
] as const;

/** What is done with an exhibit. */
export type ExhibitAction = (typeof EXHIBIT_ACTIONS)[number];
