import type { Question } from "../question.js";

/**
 * The questions of an election from the word that its contract packs them in: 16 bits each, the first in the lowest. From the
 * lowest: options less one in 5 bits, groups less one in 5, selections in 6; approval voting is what has no selections.
 *
 * @param packed `terms.questions`
 * @example
 * ```ts
 * const questions = unpackQuestions((await election.terms()).questions);
 * ```
 */
export function unpackQuestions(packed: bigint): Question[] {
  const questions: Question[] = [];
  for (let left = packed; left !== 0n; left >>= 16n) {
    const selections = Number((left >> 10n) & 63n);
    questions.push({
      options: Number(left & 31n) + 1,
      groups: Number((left >> 5n) & 31n) + 1,
      selections,
      approval: selections === 0,
    });
  }
  return questions;
}
