import { HealthError, type HealthErrorCode } from "./HealthError.js";

/** What can be wrong with a record's text. */
export type FhirJsonErrorCode = Extract<HealthErrorCode, `FHIR_${string}`>;

/** Where a text is wrong. */
export interface FhirJsonPlace {
  /** From 0: in bytes where bytes were given, in UTF-16 code units where a string was. */
  offset: number;
  /** From 1; lines end at a line feed. */
  line: number;
  /** From 1, in the units of the offset. */
  column: number;
}

/**
 * A record's text that has no canonical form. Neither the message nor a member holds more of the record than one character,
 * so that a log may keep them.
 *
 * @example
 * ```ts
 * if (error instanceof FhirJsonError) console.error(`${error.line}:${error.column}: ${error.expected} was expected`);
 * ```
 */
export class FhirJsonError extends HealthError {
  declare readonly code: FhirJsonErrorCode;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** What would have been right at this place, in words. */
  readonly expected: string;

  constructor(code: FhirJsonErrorCode, { offset, line, column }: FhirJsonPlace, expected: string, found: string) {
    super(code, `line ${line}, column ${column}: expected ${expected}; found ${found}`);
    this.offset = offset;
    this.line = line;
    this.column = column;
    this.expected = expected;
  }
}
