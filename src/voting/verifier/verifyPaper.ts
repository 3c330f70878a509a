import { eventsNamed } from "./electionEvents.js";
import type { Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";

/** Totals of kiosks or paper, which are in none of the sums. */
export interface PaperTotals {
  readonly ballots: bigint;
  /** For each question how often each option was chosen, blank ones apart. */
  readonly counts: readonly (readonly bigint[])[];
  /** The hash of the record of the count. */
  readonly record: string;
}

/**
 * Verifies that totals of paper were recorded once, between the close and the sums, where the terms have paper and only there.
 *
 * @returns What was recorded, where that was lawful.
 * @example
 * ```ts
 * const paper = verifyPaper(replay, beginStep(steps, "order"));
 * ```
 */
export function verifyPaper({ events, terms, questions }: Replay, report: StepReport): PaperTotals | undefined {
  const [fixed] = eventsNamed(events, "TallyFixed");
  const [paper, ...others] = eventsNamed(events, "PaperRecorded");
  report.require(fixed === undefined || !terms.hasPaper || paper !== undefined, "totals of paper are missing");
  if (paper === undefined) return undefined;
  const { ballots, counts, record } = paper.args;
  const options = questions.reduce((sum, question) => sum + question.options, 0);
  const closesAt = eventsNamed(events, "ElectionExtended").at(-1)?.args.closesAt ?? terms.closesAt;
  const isLawful = terms.hasPaper && others.length === 0 && counts.length === options;
  const isInTime = BigInt(paper.log.time) >= closesAt && (fixed === undefined || paper.place < fixed.place);
  const holds = report.require(
    isLawful && isInTime,
    "totals of paper were recorded against the terms, or not between close and sums",
  );
  if (!holds) return undefined;
  let at = 0;
  return { ballots, counts: questions.map((question) => counts.slice(at, (at += question.options))), record };
}
