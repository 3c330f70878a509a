import { type CurvePoint, isCurvePoint, modOrder, Point } from "./curve.js";
import { optionGenerator } from "./generators.js";
import { checkQuestion, optionsOfGroup, type Question } from "./question.js";
import { type CountsSearch, searchCounts } from "./searchCounts.js";
import { VotingError } from "./VotingError.js";

/** What is known of a question's result before its counts. */
export interface CountsRequest {
  readonly question: Question;
  /** For each group the decrypted sum `Σ counts_j·Γ_j`; undefined for infinity. */
  readonly sums: readonly (CurvePoint | undefined)[];
  /** The total weight of the ballots that were summed (W): no count is larger. */
  readonly totalWeight: bigint;
  /** Told how many points of how many were computed, in one search after the other. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Finds the counts in a decrypted result, group by group, by Shanks's baby steps and giant steps over all options of a group at
 * once. Where the total is known the last count follows from the others. The contract checks the counts, and nobody can know two
 * solutions: they would be a relation among the generators.
 *
 * @returns A count an option.
 * @throws VotingError COUNTS_NOT_FOUND when no counts within the bounds make the sums; COUNTS_OUT_OF_REACH when half a
 * group's counts make more than 33 million points; QUESTION_INVALID
 * @example
 * ```ts
 * const counts = decodeCounts({ question, sums, totalWeight: 100_000n });
 * ```
 */
export function decodeCounts(request: CountsRequest): bigint[] {
  const { question, sums, totalWeight } = request;
  checkQuestion(question);
  if (sums.length !== question.groups) {
    throw new VotingError("COUNTS_NOT_FOUND", `${question.groups} groups have ${sums.length} sums`);
  }
  if (totalWeight < 0n || totalWeight * BigInt(question.options) > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new VotingError("COUNTS_OUT_OF_REACH", `counts up to ${totalWeight} cannot be searched`);
  }
  const weight = Number(totalWeight);
  let left = question.approval ? Infinity : weight * question.selections;
  const counts: number[] = [];
  for (const [group, sum] of sums.entries()) {
    const [from, end] = optionsOfGroup(question, group);
    const bases = Array.from({ length: end - from }, (_, j) => optionGenerator(from + j + 1));
    if (sum !== undefined && !isCurvePoint(sum)) {
      throw new VotingError("COUNTS_NOT_FOUND", `the sum of group ${group} is no point of the curve`);
    }
    const target = sum === undefined ? Point.ZERO : Point.fromAffine({ x: sum.x, y: sum.y });
    const isTotalKnown = !question.approval && group === question.groups - 1;
    const task = { target, bases, bound: weight, limit: left, onProgress: request.onProgress };
    const found = isTotalKnown ? searchWithTotal(task) : searchCounts(task);
    if (found === undefined) {
      throw new VotingError("COUNTS_NOT_FOUND", `no counts up to ${totalWeight} make the sum of group ${group}`);
    }
    counts.push(...found);
    left -= sumOf(found);
  }
  return counts.map(BigInt);
}

/** Leaves the last option out: `T·Γ_u` is taken off for the total T, and every other base loses `Γ_u`. */
function searchWithTotal(task: CountsSearch): number[] | undefined {
  const { target, bases, bound, limit: total } = task;
  const last = bases.at(-1)!;
  const others = bases.slice(0, -1).map((base) => base.subtract(last));
  const rest = target.subtract(last.multiplyUnsafe(modOrder(BigInt(total))));
  const found = searchCounts({ ...task, target: rest, bases: others });
  if (found === undefined) return undefined;
  const count = total - sumOf(found);
  return count <= bound ? [...found, count] : undefined;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
