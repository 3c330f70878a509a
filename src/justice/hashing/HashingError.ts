import { DiwanError } from "../../errors.js";

/** What can be wrong with what is hashed, or with a manifest. */
export type HashingErrorCode =
  | "ALGORITHM_UNKNOWN"
  | "ENTRY_REFUSED"
  | "MANIFEST_MALFORMED"
  | "NAMES_COLLIDE"
  | "NAME_REFUSED"
  | "SOURCE_CHANGED"
  | "SOURCE_MALFORMED"
  | "SOURCE_UNREADABLE";

/**
 * A problem with a file, a directory or a manifest; the message names the path.
 *
 * @example
 * ```ts
 * if (error instanceof HashingError && error.code === "SOURCE_CHANGED") askToCloseOtherPrograms(error.message);
 * ```
 */
export class HashingError extends DiwanError {
  declare readonly code: HashingErrorCode;

  constructor(code: HashingErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
