import { checkBallot } from "./checkBallot.js";
import { type BallotOfVoter, computeHints } from "./computeHints.js";
import { VotingError } from "./VotingError.js";

/** A batch without its wrong ballots. */
export interface FilteredBatch {
  /** The hints of the ballots that were accepted, in their order; empty where none was. */
  readonly hints: Uint8Array;
  /** The indices of the ballots that were accepted. */
  readonly accepted: readonly number[];
  /** The others, and what is wrong with each. */
  readonly refused: readonly { readonly index: number; readonly error: VotingError }[];
}

/**
 * Computes the hints for one ballot or a batch. A batch is checked as a whole, and one wrong proof would revert all of it: so
 * each ballot is checked alone first, and only the right ones are folded.
 *
 * @param ballots Ballots of one election.
 * @throws VotingError BATCH_MIXED when keys differ; STATEMENT_MALFORMED or QUESTION_INVALID for what the caller brings itself.
 * @example
 * ```ts
 * const { hints, accepted } = foldHints(signed.map((one) => ({ statement: statementOf(one), bytes: one.ballot })));
 * await election.castBatch({ x: key.x, parity: key.y & 1n }, accepted.map((index) => signed[index]!), hints);
 * ```
 */
export function foldHints(ballots: readonly BallotOfVoter[]): FilteredBatch {
  const accepted: number[] = [];
  const refused: { index: number; error: VotingError }[] = [];
  for (const [index, ballot] of ballots.entries()) {
    try {
      checkBallot(ballot);
      accepted.push(index);
    } catch (error) {
      if (!(error instanceof VotingError) || isOfCaller(error)) throw error;
      refused.push({ index, error });
    }
  }
  if (accepted.length === 0) return { hints: new Uint8Array(), accepted, refused };
  return { hints: computeHints(accepted.map((index) => ballots[index]!)).hints, accepted, refused };
}

/** A statement comes from the election and the roll, not from the voter. */
function isOfCaller({ code }: VotingError): boolean {
  return code === "STATEMENT_MALFORMED" || code === "QUESTION_INVALID";
}
