import { type ConsentJudgement, ConsentReplay, type ReplayQuestion } from "./ConsentReplay.js";
import type { EventPlace } from "./patientEvents.js";
import type { ConsentHistory } from "./readConsents.js";

/** What is asked of a patient's consents. */
export interface ConsentQuestion extends ReplayQuestion {
  /** Up to which event of the chain; without it all of that second and before it count. */
  before?: Pick<EventPlace, "block" | "index">;
}

/**
 * How a patient's consent stood for a purpose at a time: what `statusOf` answered then, judged from the events alone.
 *
 * Uses are counted by the accesses in the history: of a consent that is good for some uses, each single access before
 * the one asked about took one.
 *
 * @param history As `readConsents` gives it.
 * @param question Which consent, what for, and when.
 * @example
 * ```ts
 * const { status } = judgeConsent(history, { grantee: 2, scope: EVERYTHING, purpose: purposeBit("TREAT"), time });
 * ```
 */
export function judgeConsent(history: ConsentHistory, question: ConsentQuestion): ConsentJudgement {
  const { time, before } = question;
  const replay = new ConsentReplay(history.patient);
  for (const event of history.events) {
    const isPast =
      before === undefined
        ? event.time <= time
        : event.block < before.block || (event.block === before.block && event.index < before.index);
    if (isPast) replay.take(event);
  }
  return replay.judge(question);
}
