import { DiwanError } from "../../errors.js";
import type { PackageProblem } from "./PackageReport.js";

/** Takes down what is wrong, and in which part of a package. */
export type Fail = (part: PackageProblem["part"], code: string, message: string) => void;

/** What is found wrong while a package is checked. */
export interface ProblemsFound {
  /** In the order in which they were found. */
  readonly problems: PackageProblem[];
  readonly fail: Fail;
  /** What a check gives; nothing when it throws, and its error is taken down as a problem of the part. */
  readonly attempt: <T>(part: PackageProblem["part"], check: () => T) => T | undefined;
}

/**
 * Takes down problems one after the other, so that what fails does not stop the rest.
 *
 * @example
 * ```ts
 * const { problems, attempt } = collectProblems();
 * const header = attempt("header", () => decodeHeader(found.header));
 * ```
 */
export function collectProblems(): ProblemsFound {
  const problems: PackageProblem[] = [];
  const fail: Fail = (part, code, message) => {
    problems.push({ part, code, message });
  };
  const attempt = <T>(part: PackageProblem["part"], check: () => T): T | undefined => {
    try {
      return check();
    } catch (error) {
      fail(part, problemCode(error, "MALFORMED"), (error as Error).message);
      return undefined;
    }
  };
  return { problems, fail, attempt };
}

/**
 * The code of an error, or another for an error that has none.
 *
 * @example
 * ```ts
 * fail("custody", problemCode(error, "CUSTODY_BROKEN"), (error as Error).message);
 * ```
 */
export function problemCode(error: unknown, otherwise: string): string {
  return error instanceof DiwanError ? error.code : otherwise;
}
