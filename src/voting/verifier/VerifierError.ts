import { DiwanError } from "../../errors.js";

/** What keeps an election from being verified at all. */
export type VerifierErrorCode = "ELECTION_NOT_FOUND" | "ROLL_MALFORMED" | "TRANSCRIPT_MALFORMED";

/**
 * A problem with what is to be verified, before anything is.
 *
 * @example
 * ```ts
 * if (error instanceof VerifierError && error.code === "TRANSCRIPT_MALFORMED") askForAnotherFile();
 * ```
 */
export class VerifierError extends DiwanError {
  declare readonly code: VerifierErrorCode;

  constructor(code: VerifierErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
