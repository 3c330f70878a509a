import { DiwanError } from "../errors.js";

/** What can be wrong with a snapshot of the trust list, or with a decision of the council. */
export type TrustErrorCode = "COUNCIL_MEMBERS_TOO_FEW" | "EVENT_MISSING" | "SNAPSHOT_MALFORMED";

/**
 * A problem with a snapshot of the trust list, or with a decision of the council.
 *
 * @example
 * ```ts
 * if (error instanceof TrustError && error.code === "COUNCIL_MEMBERS_TOO_FEW") askMoreMembers();
 * ```
 */
export class TrustError extends DiwanError {
  declare readonly code: TrustErrorCode;

  constructor(code: TrustErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
