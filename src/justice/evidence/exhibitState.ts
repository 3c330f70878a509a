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

/**
 * Why an offered exhibit was not taken: `IEvidenceRegistry.Refusal`, in its order.
 *
 * @example
 * ```ts
 * const code = EXHIBIT_REFUSALS.indexOf("DAMAGED"); // 3
 * ```
 */
export const EXHIBIT_REFUSALS = ["NONE", "SEAL_BROKEN", "MISMATCH", "DAMAGED", "NOT_ADDRESSEE", "OTHER"] as const;

/** Why an exhibit is not taken. */
export type ExhibitRefusal = Exclude<(typeof EXHIBIT_REFUSALS)[number], "NONE">;

/**
 * The roles in which a body co-attests, by the short names that their scopes are made of.
 *
 * @example
 * ```ts
 * const scope = id(`diwan.role.${WITNESS_ROLES[0]}`);
 * ```
 */
export const WITNESS_ROLES = ["notary", "certification-authority", "forensic-centre"] as const;

/** The role in which a body co-attests. */
export type WitnessRole = (typeof WITNESS_ROLES)[number];
