import { DiwanError } from "../errors.js";

/** What can be wrong with a log or a status list, or with a file that says it is one. */
export type LedgerErrorCode =
  | "TREE_EMPTY"
  | "LEAF_OUT_OF_RANGE"
  | "LOG_INDEX_OUT_OF_RANGE"
  | "LOG_SIZE_OUT_OF_RANGE"
  | "LOG_ENTRY_MALFORMED"
  | "LOG_EVENTS_INCOMPLETE"
  | "STATUS_INDEX_OUT_OF_RANGE"
  | "STATUS_VALUE_TOO_LARGE"
  | "STATUS_EVENTS_MALFORMED"
  | "STATUS_LIST_MALFORMED"
  | "STATUS_LIST_TOO_LARGE"
  | "STATUS_LIST_TOO_SHORT";

/**
 * A problem with a log or a status list.
 *
 * @example
 * ```ts
 * if (error instanceof LedgerError && error.code === "STATUS_LIST_MALFORMED") reject(list);
 * ```
 */
export class LedgerError extends DiwanError {
  declare readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
