import { DiwanError } from "../errors.js";

/** What can go wrong with a consortium chain, its nodes, or what is written to it. */
export type NetworkErrorCode =
  | "VALIDATORS_INVALID"
  | "GENESIS_INVALID"
  | "NODE_UNREADABLE"
  | "MANIFEST_INVALID"
  | "CHAIN_IS_OTHER"
  | "SIGNED_BYTES_WRONG"
  | "EXPIRATION_INVALID";

/**
 * A network is not as it was described, or cannot be described so.
 *
 * @example
 * ```ts
 * if (error instanceof NetworkError && error.code === "VALIDATORS_INVALID") askAgain();
 * ```
 */
export class NetworkError extends DiwanError {
  declare readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
