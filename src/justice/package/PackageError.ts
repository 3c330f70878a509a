import { DiwanError } from "../../errors.js";

/** What can be wrong with a package's or a trust anchor's file. */
export type PackageErrorCode =
  "ANCHOR_MALFORMED" | "PACKAGE_MALFORMED" | "PACKAGE_TOO_LARGE" | "SOURCE_INCOMPLETE" | "ZIP_MALFORMED";

/**
 * A file that is no evidence package or no trust anchor, or a node that gave too little to make one.
 *
 * @example
 * ```ts
 * if (error instanceof PackageError && error.part === "statement") askForTheStatementAgain();
 * ```
 */
export class PackageError extends DiwanError {
  declare readonly code: PackageErrorCode;
  /** The part at fault, as a package's members are named; empty for the file as a whole. */
  readonly part: string;

  constructor(code: PackageErrorCode, part: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.part = part;
  }
}
