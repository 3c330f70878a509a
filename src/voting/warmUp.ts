import { Point } from "./curve.js";
import { blindingGenerator, keyWithTable, optionGenerator } from "./generators.js";
import { checkQuestion } from "./question.js";
import type { BallotStatement } from "./statement.js";

/**
 * Makes the tables of multiples that an election's ballots need, which else the first ballot makes. A front end calls it while
 * the voter reads: it lets others have their turn after each table.
 *
 * @param election Its questions and its key, as `readElection` gives them.
 * @throws VotingError QUESTION_INVALID
 * @example
 * ```ts
 * const read = await readElection(election, { expected });
 * void warmUp({ questions: read.questions, key: read.frozen!.key });
 * ```
 */
export async function warmUp({ questions, key }: Pick<BallotStatement, "questions" | "key">): Promise<void> {
  for (const question of questions) checkQuestion(question);
  const options = Math.max(0, ...questions.map((question) => question.options));
  const generators = Array.from({ length: options }, (_, j) => () => optionGenerator(j + 1));
  for (const generator of [() => Point.BASE, blindingGenerator, () => keyWithTable(key), ...generators]) {
    const point = generator();
    // Secrets are multiplied with a table of their own; any factor makes it.
    point.multiply(2n);
    point.multiplyUnsafe(2n);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
