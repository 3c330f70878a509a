import { DiwanError } from "../errors.js";

/** What can be wrong with claims, attestations and batches before any contract is asked. */
export type IdentityErrorCode =
  | "APPLICANT_DIFFERS"
  | "APPLICATION_MALFORMED"
  | "APPLICATION_UNKNOWN"
  | "ANSWER_MALFORMED"
  | "ATTESTATION_MALFORMED"
  | "BATCH_EMPTY"
  | "BATCH_TOO_LARGE"
  | "CHALLENGE_EXPIRED"
  | "CHALLENGE_MISMATCH"
  | "CLAIMS_EMPTY"
  | "CLAIM_DUPLICATE"
  | "CLAIM_MALFORMED"
  | "CLAIM_UNKNOWN"
  | "DID_CHANGE_MALFORMED"
  | "DID_DEACTIVATED"
  | "DID_FROZEN"
  | "DID_MALFORMED"
  | "DISCLOSURE_MISMATCH"
  | "EVENT_MISSING"
  | "EVIDENCE_DUPLICATE"
  | "FILES_TOO_OLD"
  | "GUARDIANS_DELAY"
  | "GUARDIANS_MALFORMED"
  | "KEY_NOT_OF_DID"
  | "JSON_MALFORMED"
  | "LEAF_NOT_IN_BATCH"
  | "LEAF_OUT_OF_RANGE"
  | "PERIOD_NOT_BEGUN"
  | "POLICY_MALFORMED"
  | "PRESENTATION_MALFORMED"
  | "PROVIDER_MISSING"
  | "RECORD_MISMATCH"
  | "REQUIREMENT_UNKNOWN"
  | "SCHEMAS_DIFFER"
  | "SCHEMA_MALFORMED"
  | "STATUS_LIST_MISSING"
  | "SUBJECT_MISMATCH"
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
