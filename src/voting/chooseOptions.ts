import { randomBytes } from "@noble/hashes/utils.js";

import type { RandomSource } from "./hedgedScalars.js";
import { checkQuestion, type Question } from "./question.js";
import { VotingError } from "./VotingError.js";

/**
 * A voter's answer to a question as `prepareBallot` takes it. Choices that the voter leaves open go to blank options, which are
 * drawn: the result names how often each was chosen to whoever reads its transaction, and filled in order they would tell how
 * many voters left how much open.
 *
 * @param question The question, with its blank options.
 * @param blanks How many options at its end are blank, as `readElection` has it.
 * @param chosen The options that the voter chose, counted from 0; none of the blank ones.
 * @param random The system's generator; another only in tests that must repeat themselves.
 * @returns For each option whether it is chosen.
 * @throws VotingError VOTE_INVALID when an option is no one of the question's or chosen twice, or when there are too many or too few
 * @example
 * ```ts
 * const votes = read.questions.map((question, q) => chooseOptions(question, read.blanks[q]!, chosen[q]!));
 * const ballot = prepareBallot({ statement, votes, secret });
 * ```
 */
export function chooseOptions(
  question: Question,
  blanks: number,
  chosen: readonly number[],
  random: RandomSource = randomBytes,
): boolean[] {
  checkQuestion(question);
  const { options, selections, approval } = question;
  const named = options - blanks;
  const vote = Array<boolean>(options).fill(false);
  for (const option of chosen) {
    if (!Number.isInteger(option) || option < 0 || option >= named) {
      throw new VotingError("VOTE_INVALID", `there is no option ${option} among ${named}, counted from 0`);
    }
    if (vote[option] === true) throw new VotingError("VOTE_INVALID", `the option ${option} is chosen twice`);
    vote[option] = true;
  }
  if (approval) return vote;
  const open = selections - chosen.length;
  if (open < 0 || open > blanks) {
    const least = Math.max(0, selections - blanks);
    const wanted = least === selections ? `${selections}` : `${least} to ${selections}`;
    throw new VotingError("VOTE_INVALID", `${chosen.length} options are chosen, not ${wanted}`);
  }
  const left = Array.from({ length: blanks }, (_, i) => named + i);
  for (let i = 0; i < open; i++) vote[left.splice(below(left.length, random), 1)[0]!] = true;
  return vote;
}

/** A whole number from 0 to below an end of at most 32, each as likely as the others. */
function below(end: number, random: RandomSource): number {
  const most = 256 - (256 % end);
  for (;;) {
    const [byte] = random(1);
    if (byte! < most) return byte! % end;
  }
}
