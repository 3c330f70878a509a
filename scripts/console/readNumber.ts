import { OptionsError } from "./OptionsError.js";

/** Seconds in ten years, which are the longest period. */
const LONGEST = 3_650 * 86_400;

/**
 * A whole number in a range, out of an option.
 *
 * @throws OptionsError
 */
export function readNumber(
  name: string,
  text: string | undefined,
  fallback: number,
  least = 0,
  most = LONGEST,
): number {
  if (text === undefined) return fallback;
  const value = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) {
    throw new OptionsError(`--${name} takes a whole number from ${least} to ${most}, not ${text}`);
  }
  return value;
}
