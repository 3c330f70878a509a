import { DiwanError } from "../errors.js";

/** What can be wrong with claims, attestations and batches before any contract is asked. */
export type IdentityErrorCode =
  | "ATTESTATION_MALFORMED"
  | "BATCH_EMPTY"
  | "BATCH_TOO_LARGE"
  | "CLAIM_DUPLICATE"
  | "CLAIM_MALFORMED"
  | "CLAIM_UNKNOWN"
  | "CLAIMS_EMPTY"
  | "EVENT_MISSING"
  | "LEAF_NOT_IN_BATCH"
  | "LEAF_OUT_OF_RANGE"
  | "RECORD_MISMATCH"
  | "SCHEMA_MALFORMED"
  | "SCHEMAS_DIFFER"
  | "STATUS_LIST_MISSING"
  | "WALLET_DAMAGED"
  | "WALLET_MALFORMED"
  | "WALLET_MISSING"
  | "WALLET_PASSWORD"
  | "WALLET_VERSION";

/**
 * A problem with claims, attestations or batches.
 *
 * @example
 * ```ts
 * if (error instanceof IdentityError && error.code === "LEAF_NOT_IN_BATCH") reject(file);
 * ```
 */
export class IdentityError extends DiwanError {
  declare readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
