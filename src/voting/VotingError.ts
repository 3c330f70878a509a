import { DiwanError } from "../errors.js";

/** What can be wrong with questions, votes, ballots and counts before any contract is asked. */
export type VotingErrorCode =
  | "BALLOT_ADDRESS"
  | "BALLOT_AUDITED"
  | "BALLOT_LENGTH"
  | "BALLOT_NOT_COMMITTED"
  | "BALLOT_POINT"
  | "BALLOT_RECORDED"
  | "BALLOT_REPEATED"
  | "BALLOT_REUSED"
  | "BALLOT_SCALAR"
  | "BALLOT_SIGNED"
  | "BALLOT_SPOILED"
  | "BATCH_MIXED"
  | "BATCH_TOO_LARGE"
  | "CHALLENGE_ZERO"
  | "CHUNK_SIZE"
  | "COUNTS_NOT_FOUND"
  | "COUNTS_OUT_OF_REACH"
  | "DECISION_INCOMPLETE"
  | "DECISION_SIGNATURE"
  | "ELECTION_CONFIGURATION"
  | "ELECTION_NOT_OPEN"
  | "EVENT_MISSING"
  | "GATE_MISSING"
  | "HINT_IMPOSSIBLE"
  | "OPTION_OUT_OF_RANGE"
  | "PROMISE_INVALID"
  | "PROOF_NUMBER"
  | "PROOF_RANDOMNESS"
  | "PROOF_VOTE"
  | "QUESTION_INVALID"
  | "ROLL_CLASS_TOO_SMALL"
  | "ROLL_ENTRY_UNKNOWN"
  | "ROLL_FILE_MALFORMED"
  | "ROLL_INVALID"
  | "SECRET_TOO_SHORT"
  | "SIGNER_WRONG"
  | "STATEMENT_MALFORMED"
  | "TEXTS_DIFFER"
  | "TEXTS_INVALID"
  | "TRUSTEES_INVALID"
  | "VOTE_INVALID";

/**
 * A problem with a question, a vote, a ballot or a count.
 *
 * @example
 * ```ts
 * if (error instanceof VotingError && error.code === "VOTE_INVALID") askAgain();
 * ```
 */
export class VotingError extends DiwanError {
  declare readonly code: VotingErrorCode;

  constructor(code: VotingErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
