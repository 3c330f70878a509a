import { type ElectionEventArguments, eventsNamed } from "./electionEvents.js";
import { hasFailed } from "./hasFailed.js";
import type { Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";

/** How an election ended, as far as the transcript goes. */
export type ElectionOutcome = "FINAL" | "ANNULLED" | "FAILED" | "UNFINISHED";

/** What may come after an election was annulled: nothing that changes it. The trustees' ceremony knows nothing of it. */
const NEVER_AFTER_ANNULMENT: readonly (keyof ElectionEventArguments)[] = [
  ...([
    "RollPublished",
    "RollObjected",
    "ElectionOpened",
    "BallotCast",
    "BallotSkipped",
    "BallotCommitted",
    "BallotSpoiled",
    "ElectionExtended",
  ] as const),
  ...(["ElectionAnnulled", "PaperRecorded", "BallotsAccumulated", "TallyFixed", "DecryptionStarted"] as const),
  ...(["PartialDecryptionPosted", "ResultPublished", "ElectionFinalized"] as const),
];

/** What an election that failed refuses, where nothing else tells that it came too late. */
const NEVER_AFTER_FAILURE: readonly (keyof ElectionEventArguments)[] = [
  ...(["RollPublished", "ElectionAnnulled", "PaperRecorded", "BallotsAccumulated", "TallyFixed"] as const),
  ...(["ResultPublished", "ElectionFinalized"] as const),
];

/**
 * Verifies the order of what happened where no other step does: annulment, failure, partial decryptions and results.
 *
 * @example
 * ```ts
 * const outcome = verifyOrder(replay, beginStep(steps, "order"));
 * ```
 */
export function verifyOrder(replay: Replay, report: StepReport): ElectionOutcome {
  const { events, questions, trustees, transcript } = replay;
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

  for (const event of events) {
    if (!NEVER_AFTER_FAILURE.includes(event.name)) continue;
    const isAlive = !hasFailed(replay, event.place, BigInt(event.log.time));
    report.require(isAlive, `${event.name} after the election had failed`);
  }
  const accumulated = eventsNamed(events, "BallotsAccumulated");
  const isSummedOnce = accumulated.every(({ place }) => fixed === undefined || place < fixed.place);
  report.require(isSummedOnce, "ballots were summed up after the sums were fixed");

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
  const ended = hasFailed(replay, Infinity, BigInt(transcript.time)) ? "FAILED" : "UNFINISHED";
  const outcome = annulled !== undefined ? "ANNULLED" : finalized !== undefined ? "FINAL" : ended;
  report.conclude(`${events.length} events in a lawful order, outcome ${outcome}`);
  return outcome;
}
