import { DiwanError } from "../errors.js";

/** What can be wrong with a sealed file. */
export type SealErrorCode = "DAMAGED" | "MALFORMED" | "PASSWORD" | "VERSION";

/**
 * A problem with a sealed file. Whoever keeps a kind of file gives the codes its own names.
 *
 * @example
 * ```ts
 * if (error instanceof SealError && error.code === "PASSWORD") askAgain();
 * ```
 */
export class SealError extends DiwanError {
  declare readonly code: SealErrorCode;

  constructor(code: SealErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
