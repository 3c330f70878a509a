/**
 * How an election stands, in the order of `IElection.State`.
 *
 * @example
 * ```ts
 * const state = ELECTION_STATES[Number(await election.state())];
 * ```
 */
export const ELECTION_STATES = [
  "SETUP",
  "KEY_CEREMONY",
  "OPEN",
  "CLOSED",
  "TALLYING",
  "FINAL",
  "ANNULLED",
  "FAILED",
] as const;

/** How an election stands. */
export type ElectionState = (typeof ELECTION_STATES)[number];

/**
 * Why a signed ballot was not recorded, in the order of `IElection.SkipReason`.
 *
 * @example
 * ```ts
 * const reason = SKIP_REASONS[Number(event.args.reason)];
 * ```
 */
export const SKIP_REASONS = [
  "SIGNATURE_EXPIRED",
  "SLOT_CHANGED",
  "SIGNATURE_INVALID",
  "NOT_ON_ROLL",
  "BALLOT_SPOILED",
] as const;

/** Why a signed ballot was not recorded. */
export type SkipReason = (typeof SKIP_REASONS)[number];
