import { DiwanError } from "../errors.js";

/** What can go wrong while a chain is read or written. */
export type ChainErrorCode =
  "BLOCK_NOT_FOUND" | "CHAIN_UNSTABLE" | "RANGE_INVALID" | "RELAYED_CALL_REFUSED" | "TRANSACTION_LOST";

/**
 * A chain could not be read as asked.
 *
 * @example
 * ```ts
 * if (error instanceof ChainError && error.code === "CHAIN_UNSTABLE") retryLater();
 * ```
 */
export class ChainError extends DiwanError {
  declare readonly code: ChainErrorCode;

  constructor(code: ChainErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
