import { eventsNamed } from "./electionEvents.js";
import type { Replay } from "./Replay.js";

/**
 * Whether an election had failed by some time: it was not opened, fewer ballots than the minimum were cast, or its sums were not
 * fixed or not opened in time. Nothing records that; it follows from what was not done.
 *
 * @param place Events from this place on do not count.
 * @param time Unix seconds.
 * @example
 * ```ts
 * const isFailed = hasFailed(replay, Infinity, BigInt(transcript.time));
 * ```
 */
export function hasFailed({ events, terms, questions, trustees }: Replay, place: number, time: bigint): boolean {
  if (time < terms.opensAt) return false;
  const before = events.filter((event) => event.place < place);
  if (eventsNamed(before, "ElectionOpened").length === 0) return true;
  const closesAt = eventsNamed(before, "ElectionExtended").at(-1)?.args.closesAt ?? terms.closesAt;
  if (time < closesAt) return false;
  const slots = new Set(eventsNamed(before, "BallotCast").map(({ args }) => args.slotKey));
  if (BigInt(slots.size) < terms.minimumBallots) return true;
  if (time <= closesAt + terms.tallyPeriod) return false;
  // Without sums nothing could be opened either.
  const partials = eventsNamed(before, "PartialDecryptionPosted");
  return !questions.every((_, q) => {
    return partials.filter(({ args }) => Number(args.question) === q).length >= trustees.threshold;
  });
}
