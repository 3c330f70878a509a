import { DiwanError } from "../errors.js";

/** What can be wrong with questions, votes, ballots and counts before any contract is asked. */
export type VotingErrorCode =
  | "BALLOT_ADDRESS"
  | "BALLOT_AUDITED"
  | "BALLOT_INVALID"
  | "BALLOT_LENGTH"
  | "BALLOT_POINT"
  | "BALLOT_RECORDED"
  | "BALLOT_REPEATED"
  | "BALLOT_REUSED"
  | "BALLOT_SCALAR"
  | "BALLOT_SIGNED"
  | "BALLOT_SPOILED"
  | "BATCH_MIXED"
  | "BATCH_TOO_LARGE"
  | "CEREMONY_MALFORMED"
  | "CHALLENGE_ZERO"
  | "CHUNK_SIZE"
  | "COUNTS_NOT_FOUND"
  | "COUNTS_OUT_OF_REACH"
  | "DEADLINE_INVALID"
  | "DEALING_INVALID"
  | "DECISION_INCOMPLETE"
  | "DECISION_SIGNATURE"
  | "ELECTION_CONFIGURATION"
  | "ELECTION_NOT_OPEN"
  | "EVENT_MISSING"
  | "GATE_MISSING"
  | "HINT_IMPOSSIBLE"
  | "JOURNAL_MALFORMED"
  | "JOURNAL_NOT_WRITTEN"
  | "NOT_FINAL"
  | "OPTION_OUT_OF_RANGE"
  | "POSSESSION_NOT_PROVEN"
  | "PROMISE_INVALID"
  | "PROMISE_MALFORMED"
  | "PROOF_NUMBER"
  | "PROOF_RANDOMNESS"
  | "PROOF_VOTE"
  | "QUESTION_INVALID"
  | "ROLL_CLASS_TOO_SMALL"
  | "ROLL_ENTRY_UNKNOWN"
  | "ROLL_FILE_MALFORMED"
  | "ROLL_INVALID"
  | "SECRET_TOO_SHORT"
  | "SHARE_INVALID"
  | "SHARE_MISSING"
  | "SHARE_UNREADABLE"
  | "SHARE_WRONG"
  | "SIGNED_BALLOT_MALFORMED"
  | "SIGNER_WRONG"
  | "STATEMENT_MALFORMED"
  | "SUMS_NOT_OPENED"
  | "SUM_DIFFERS"
  | "SUM_INVALID"
  | "SUM_SIGNED_BEFORE"
  | "TEXTS_DIFFER"
  | "TEXTS_INVALID"
  | "TOO_FEW_BALLOTS"
  | "TRUSTEES_INVALID"
  | "TRUSTEE_FILE_BUSY"
  | "TRUSTEE_FILE_DAMAGED"
  | "TRUSTEE_FILE_EXISTS"
  | "TRUSTEE_FILE_MALFORMED"
  | "TRUSTEE_FILE_MISSING"
  | "TRUSTEE_FILE_PASSWORD"
  | "TRUSTEE_FILE_VERSION"
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
