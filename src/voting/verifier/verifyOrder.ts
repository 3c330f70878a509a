import { type ElectionEventArguments, eventsNamed } from "./electionEvents.js";
import type { Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";

/** How an election ended, as far as the transcript goes. */
export type ElectionOutcome = "FINAL" | "ANNULLED" | "UNFINISHED";

/** What may come after an election was annulled: nothing that changes it. The trustees' ceremony knows nothing of it. */
const NEVER_AFTER_ANNULMENT: readonly (keyof ElectionEventArguments)[] = [
  ...([
    "RollPublished",
    "ElectionOpened",
    "BallotCast",
    "BallotCommitted",
    "BallotSpoiled",
    "ElectionExtended",
  ] as const),
  ...(["ElectionAnnulled", "PaperRecorded", "BallotsAccumulated", "TallyFixed", "DecryptionStarted"] as const),
  ...(["PartialDecryptionPosted", "ResultPublished", "ElectionFinalized"] as const),
];

/**
 * Verifies the order of what happened where no other step does: annulment, paper totals, partial decryptions and results.
 *
 * @example
 * ```ts
 * const outcome = verifyOrder(replay, beginStep(steps, "order"));
 * ```
 */
export function verifyOrder(replay: Replay, report: StepReport): ElectionOutcome {
  const { events, terms, questions, trustees } = replay;
  const [annulled] = eventsNamed(events, "ElectionAnnulled");
  const [fixed] = eventsNamed(events, "TallyFixed");
  const [finalized, ...again] = eventsNamed(events, "ElectionFinalized");
  const partials = eventsNamed(events, "PartialDecryptionPosted");
  const results = eventsNamed(events, "ResultPublished");
  const isStoppedOnce = eventsNamed(events, "DecryptionStopped").length === (annulled === undefined ? 0 : 1);
  report.require(isStoppedOnce, "decryption was stopped without an annulment, or an annulment did not stop it");
  if (annulled !== undefined) {
    const late = events.find(({ name, place }) => place > annulled.place && NEVER_AFTER_ANNULMENT.includes(name));
    report.require(late === undefined, `${late?.name} after the election was annulled`);
    const isBlind = partials.every(({ place }) => place > annulled.place);
    report.require(
      isBlind,
      "the election was annulled after a partial decryption, when its result may have been known",
    );
  }
  const early = [...partials, ...results].find(({ place }) => fixed === undefined || place < fixed.place);
  report.require(early === undefined, `${early?.name} before the sums were fixed`);

  const papers = eventsNamed(events, "PaperRecorded");
  const [paper] = papers;
  const options = questions.reduce((sum, question) => sum + question.options, 0);
  const closesAt = eventsNamed(events, "ElectionExtended").at(-1)?.args.closesAt ?? terms.closesAt;
  if (paper !== undefined) {
    const isLawful = terms.hasPaper && papers.length === 1 && paper.args.counts.length === options;
    const isInTime = BigInt(paper.log.time) >= closesAt && (fixed === undefined || paper.place < fixed.place);
    report.require(
      isLawful && isInTime,
      "totals of paper were recorded against the terms, or not between close and sums",
    );
  }
  report.require(fixed === undefined || !terms.hasPaper || paper !== undefined, "totals of paper are missing");

  for (const result of results) {
    const isOpened = questions.every((_, q) => {
      const own = partials.filter(({ args, place }) => Number(args.question) === q && place < result.place);
      return own.length >= trustees.threshold;
    });
    report.require(isOpened, `the result of question ${result.args.question} came before enough partial decryptions`);
  }
  if (finalized !== undefined) {
    const isLast = again.length === 0 && results.every(({ place }) => place < finalized.place);
    report.require(isLast, "the election became final twice, or before its last result");
  }
  const apart = paper === undefined ? "" : `; ${paper.args.ballots} ballots of paper apart, in none of the sums`;
  const outcome = annulled !== undefined ? "ANNULLED" : finalized !== undefined ? "FINAL" : "UNFINISHED";
  report.conclude(`${events.length} events in a lawful order, outcome ${outcome}${apart}`);
  return outcome;
}
