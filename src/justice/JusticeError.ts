import { DiwanError } from "../errors.js";

/** What can be wrong with exhibits, judgments, service and powers of attorney before any contract is asked. */
export type JusticeErrorCode =
  | "CASE_MALFORMED"
  | "CERTIFICATE_FONTS_MISSING"
  | "CERTIFICATE_MALFORMED"
  | "CERTIFICATE_PDF_MISSING"
  | "DOCUMENT_MALFORMED"
  | "EVENT_FOREIGN"
  | "EVENT_MISSING"
  | "FATE_ENDLESS"
  | "JUDGMENT_MALFORMED"
  | "POWER_MALFORMED"
  | "PROVIDER_MISSING"
  | "RECEIPT_INEXPRESSIBLE"
  | "RECEIPT_PROOF_INVALID"
  | "RECEIPT_SIGNATURE_MALFORMED"
  | "SALT_MALFORMED"
  | "STATEMENT_MALFORMED"
  | "CUSTODY_RECEIPT_MALFORMED"
  | "EXHIBIT_UNKNOWN"
  | "HAND_OVER_MISMATCH"
  | "LIMITS_TOO_LOW"
  | "LOG_OUT_OF_STEP"
  | "SIGNED_ELSEWHERE";

/**
 * A problem with evidence or with what courts do.
 *
 * @example
 * ```ts
 * if (error instanceof JusticeError && error.code === "STATEMENT_MALFORMED") refuse(file);
 * ```
 */
export class JusticeError extends DiwanError {
  declare readonly code: JusticeErrorCode;

  constructor(code: JusticeErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
