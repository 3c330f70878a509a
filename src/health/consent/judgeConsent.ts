import { ZeroAddress } from "ethers";

import { standingOf, type TrustHistory } from "../../trust/history.js";
import { roleScope } from "../../trust/scopes.js";
import type { ConsentStatus } from "./consentState.js";
import type {
  AppointedEvent,
  EventPlace,
  GrantedEvent,
  GuardianshipEndedEvent,
  PatientEvent,
} from "./patientEvents.js";
import type { ConsentHistory } from "./readConsents.js";

/** What is asked of a patient's consents. */
export interface ConsentQuestion {
  grantee: number;
  scope: string;
  /** Number of the purpose. */
  purpose: number;
  /** When, in Unix seconds. */
  time: number;
  /** Up to which event of the chain; without it all of that second and before it count. */
  before?: Pick<EventPlace, "block" | "index">;
  /** The trust list, by which it is judged whether a guardian's appointment stands; without it, it is taken to. */
  trust?: TrustHistory;
}

/** How a consent stood. */
export interface ConsentJudgement {
  status: ConsentStatus;
  /** The grant that it went by, where there was one. */
  grant?: GrantedEvent;
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
  const { grantee, scope, purpose, time, before, trust } = question;
  const past = history.events.filter((event) => {
    if (before === undefined) return event.time <= time;
    return event.block < before.block || (event.block === before.block && event.index < before.index);
  });
  const last = past.findLast((event) => {
    return (event.what === "GRANTED" || event.what === "REVOKED") && event.grantee === grantee && event.scope === scope;
  });
  if (last === undefined) return { status: "NONE" };
  if (last.what !== "GRANTED") return { status: "REVOKED" };

  const status = (): ConsentStatus => {
    if (last.uses !== 0 && usesOf(past, last) >= last.uses) return "USED_UP";
    if (time < last.from) return "PENDING";
    if (time >= last.until) return "EXPIRED";
    if ((last.purposes & (2 ** purpose)) === 0) return "PURPOSE_NOT_GRANTED";
    const isGuardians = last.by !== ZeroAddress && last.by.toLowerCase() !== history.patient.toLowerCase();
    if (isGuardians && !isGuardian(past, last.by, time, trust)) return "GUARDIAN_LAPSED";
    const objections = past.findLast((event) => event.what === "OBJECTIONS_SET");
    return ((objections?.purposes ?? 0) & (2 ** purpose)) === 0 ? "IN_FORCE" : "OBJECTED";
  };
  return { status: status(), grant: last };
}

function usesOf(past: readonly PatientEvent[], { grantee, scope, version }: GrantedEvent): number {
  return past.filter((event) => {
    return event.what === "ACCESS" && event.recipient === grantee && event.basis === scope && event.version === version;
  }).length;
}

function isGuardian(
  past: readonly PatientEvent[],
  guardian: string,
  time: number,
  trust: TrustHistory | undefined,
): boolean {
  const last = past.findLast((event): event is AppointedEvent | GuardianshipEndedEvent => {
    return (event.what === "GUARDIAN_APPOINTED" || event.what === "GUARDIANSHIP_ENDED") && event.guardian === guardian;
  });
  if (last?.what !== "GUARDIAN_APPOINTED" || time >= last.until) return false;
  const { court, key, time: appointedAt } = last;
  return trust === undefined || standingOf(trust, roleScope("court"), court, key, appointedAt) === "IN_FORCE";
}
