import { VotingError } from "../VotingError.js";
import type { BallotUse } from "./memoryJournal.js";

/**
 * Refuses to use a ballot otherwise than it was used before: one that is opened must not be cast, and one that was cast or signed
 * over one value not again over another, which would let the ballot between them be replayed.
 *
 * @param earlier What the journal has.
 * @param use What the ballot is to be used for now.
 * @throws VotingError BALLOT_AUDITED, BALLOT_SIGNED, BALLOT_REUSED
 * @example
 * ```ts
 * checkUse(uses.get(ballotHash), { kind: "audited" });
 * ```
 */
export function checkUse(earlier: BallotUse | undefined, use: BallotUse): void {
  if (earlier === undefined) return;
  if (earlier.kind === "audited") {
    if (use.kind === "audited") return;
    throw new VotingError("BALLOT_AUDITED", "the ballot was given to an audit; make a new one");
  }
  if (use.kind === "audited")
    throw new VotingError("BALLOT_SIGNED", "the ballot was signed or cast; audit another one");
  if (earlier.replaces === use.replaces) return;
  throw new VotingError(
    "BALLOT_REUSED",
    `the ballot was used over ${earlier.replaces}, not ${use.replaces}; make a new one`,
  );
}
