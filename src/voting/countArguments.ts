import { type CountsOfQuestion, countHints } from "./countHints.js";
import { VotingError } from "./VotingError.js";

/** A question's result as the contract takes it: arrays may be written, as typechain wants them. */
export interface CountArguments {
  /** How often each option was chosen, weighted. */
  readonly counts: bigint[];
  /** The trustees' partial decryptions, in ascending order. */
  readonly partials: { readonly index: number; readonly partials: bigint[] }[];
  /** For each group the coordinates of the sums of C1 and C2. */
  readonly sums: bigint[];
  /** What the multiplications yield. */
  readonly hints: bigint[];
}

/**
 * Makes what `finalize` takes of a question's counts, once they are found.
 *
 * @throws VotingError COUNTS_NOT_FOUND when the counts are not what the sums decrypt to; what countHints throws
 * @example
 * ```ts
 * await election.finalize([countArguments({ question, counts, partials, sums })]);
 * ```
 */
export function countArguments(result: CountsOfQuestion): CountArguments {
  const partials = result.partials
    .map(({ index, partials: words }) => ({ index, partials: [...words] }))
    .sort((one, other) => one.index - other.index);
  const { hints, closes } = countHints({ ...result, partials });
  if (!closes) throw new VotingError("COUNTS_NOT_FOUND", "the counts are not what the sums decrypt to");
  const words = (point: { readonly x: bigint; readonly y: bigint } | undefined) => [point?.x ?? 0n, point?.y ?? 0n];
  const sums = result.sums.c1.flatMap((c1, group) => [...words(c1), ...words(result.sums.c2[group])]);
  return { counts: [...result.counts], partials, sums, hints };
}
