import { MAX_OPTIONS } from "./generators.js";
import { VotingError } from "./VotingError.js";

/** A question of an election, as the contract knows it. */
export interface Question {
  /** Number of options, from 2 to 32. A blank vote is an option of its own. */
  readonly options: number;
  /** How many options a voter chooses; 0 in approval voting. */
  readonly selections: number;
  /** How many ciphertexts the options share: 1 is cheapest, `options` decodes for any electorate. */
  readonly groups: number;
  /** Whether a voter chooses any number of options. */
  readonly approval: boolean;
}

/** What the search for a group's counts may take, in points of the larger of its two tables. */
const SEARCH_LIMIT = 10_000_000n;

/**
 * Checks that a question can be asked.
 *
 * @throws VotingError QUESTION_INVALID
 * @example
 * ```ts
 * checkQuestion({ options: 3, selections: 1, groups: 1, approval: false });
 * ```
 */
export function checkQuestion({ options, selections, groups, approval }: Question): void {
  const isBetween = (value: number, from: number, to: number) => {
    return Number.isInteger(value) && value >= from && value <= to;
  };
  if (!isBetween(options, 2, MAX_OPTIONS)) {
    throw new VotingError("QUESTION_INVALID", `a question has 2 to ${MAX_OPTIONS} options, not ${options}`);
  }
  if (!isBetween(groups, 1, options)) {
    throw new VotingError("QUESTION_INVALID", `${options} options make 1 to ${options} groups, not ${groups}`);
  }
  if (!isBetween(selections, approval ? 0 : 1, approval ? 0 : options)) {
    throw new VotingError("QUESTION_INVALID", `${selections} of ${options} options cannot be chosen in this question`);
  }
}

/**
 * The options of a group: groups are balanced, and none is empty.
 *
 * @param question A valid question.
 * @param group The group, counted from 0.
 * @returns The first option, counted from 0, and the one after the last.
 * @example
 * ```ts
 * const [from, end] = optionsOfGroup({ options: 5, selections: 1, groups: 2, approval: false }, 1); // [2, 5]
 * ```
 */
export function optionsOfGroup({ options, groups }: Question, group: number): [from: number, end: number] {
  return [Math.floor((group * options) / groups), Math.floor(((group + 1) * options) / groups)];
}

/**
 * Proposes into how many groups the options of a question are split: as few as let the result be found, which is so
 * while `W^ceil(u/2)` stays within ten million for the `u` unknown counts of each group. One count less is unknown in the
 * last group where the total is known.
 *
 * @param question The question, its groups left out.
 * @param totalWeight The total weight of the roll (W), not of the expected turnout.
 * @throws VotingError QUESTION_INVALID
 * @example
 * ```ts
 * const groups = proposeGroups({ options: 5, selections: 1, approval: false }, 3_000n); // 1
 * ```
 */
export function proposeGroups(question: Omit<Question, "groups">, totalWeight: bigint): number {
  for (let groups = 1; groups < question.options; groups++) {
    if (largestSearch({ ...question, groups }, totalWeight) <= SEARCH_LIMIT) return groups;
  }
  checkQuestion({ ...question, groups: question.options });
  return question.options;
}

function largestSearch(question: Question, totalWeight: bigint): bigint {
  checkQuestion(question);
  let largest = 0n;
  for (let group = 0; group < question.groups; group++) {
    const [from, end] = optionsOfGroup(question, group);
    const isTotalKnown = !question.approval && group === question.groups - 1;
    const search = totalWeight ** BigInt(Math.ceil((end - from - (isTotalKnown ? 1 : 0)) / 2));
    if (search > largest) largest = search;
  }
  return largest;
}
