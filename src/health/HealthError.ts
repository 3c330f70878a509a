import { DiwanError } from "../errors.js";

/** What can be wrong with records, their keys, consents and receipts before any contract is asked. */
export type HealthErrorCode =
  | "BATCH_UNKNOWN"
  | "CERTIFICATE_FOREIGN"
  | "CERTIFICATE_FORGED"
  | "CERTIFICATE_MALFORMED"
  | "COMMITMENT_NOT_TOMBSTONED"
  | "DATABASE_REFUSES"
  | "EVENT_MISSING"
  | "FHIR_DUPLICATE_KEY"
  | "FHIR_ENCODING"
  | "FHIR_MALFORMED"
  | "FHIR_NOT_JSON"
  | "FHIR_TOO_DEEP"
  | "FHIR_TOO_LARGE"
  | "IDENTIFIER_INVALID"
  | "KEY_STORE_BUSY"
  | "KEY_STORE_DAMAGED"
  | "KEY_STORE_EXISTS"
  | "KEY_STORE_MALFORMED"
  | "KEY_STORE_MISSING"
  | "KEY_STORE_PASSWORD"
  | "KEY_STORE_VERSION"
  | "LOG_OUT_OF_STEP"
  | "PACKAGE_ALTERED"
  | "PACKAGE_FOREIGN"
  | "PACKAGE_MALFORMED"
  | "PACKAGE_NOT_IN_BATCH"
  | "PATIENT_UNKNOWN"
  | "PROVIDER_MISSING"
  | "RECORD_KIND_UNKNOWN"
  | "RECORD_MALFORMED"
  | "TABLES_UNFIT";

/**
 * A problem with health records.
 *
 * @example
 * ```ts
 * if (error instanceof HealthError && error.code === "FHIR_DUPLICATE_KEY") refuse(file);
 * ```
 */
export class HealthError extends DiwanError {
  declare readonly code: HealthErrorCode;

  constructor(code: HealthErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
