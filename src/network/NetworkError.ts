import { DiwanError } from "../errors.js";

/** What can go wrong with a consortium chain, its nodes, or what is written to it. */
export type NetworkErrorCode =
  | "VALIDATORS_INVALID"
  | "GENESIS_INVALID"
  | "RPC_UNREACHABLE"
  | "RPC_WRONG_CHAIN"
  | "SIGNER_WRONG"
  | "OUTBOX_CALL_INVALID"
  | "OUTBOX_CLOSED"
  | "OUTBOX_ID_TAKEN"
  | "OUTBOX_LOCKED"
  | "OUTBOX_NONCE_TAKEN"
  | "OUTBOX_REFUSED"
  | "OUTBOX_STORE_BEHIND"
  | "OUTBOX_STORE_REFUSES"
  | "OUTBOX_UNKNOWN_ID"
  | "OUTBOX_WRONG_CHAIN"
  | "NODE_UNREADABLE"
  | "MANIFEST_INVALID"
  | "GAS_MODEL_MISSING"
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
