import { ZeroAddress } from "ethers";

import { standingOf, type TrustHistory } from "../../trust/history.js";
import { roleScope } from "../../trust/scopes.js";
import type { ConsentStatus } from "./consentState.js";
import type {
  AppointedEvent,
  GrantedEvent,
  GuardianshipEndedEvent,
  ObjectionEvent,
  PatientEvent,
  RevokedEvent,
} from "./patientEvents.js";

/** What is asked of a patient's consents as they stand after some of the events. */
export interface ReplayQuestion {
  grantee: number;
  scope: string;
  /** Number of the purpose. */
  purpose: number;
  /** When, in Unix seconds. */
  time: number;
  /** The trust list, by which it is judged whether a guardian's appointment stands; without it, it is taken to. */
  trust?: TrustHistory;
}

/** How a consent stood. */
export interface ConsentJudgement {
  status: ConsentStatus;
  /** The grant that it went by, where there was one. */
  grant?: GrantedEvent;
}

/** A consent's last change, and how many accesses went by it. */
interface Slot {
  readonly last: GrantedEvent | RevokedEvent;
  taken: number;
}

/**
 * A patient's consents, event by event: each is taken once, and a question costs the same however many were taken, so that a
 * life's accesses are judged in the time of reading them.
 *
 * @example
 * ```ts
 * const replay = new ConsentReplay(history.patient);
 * for (const event of history.events) replay.take(event);
 * const { status } = replay.judge({ grantee: 2, scope: EVERYTHING, purpose: purposeBit("TREAT"), time });
 * ```
 */
export class ConsentReplay {
  readonly #patient: string;
  /** By scope and grantee, as they are: a text of both, made for each event, would cost more than all the rest. */
  readonly #slots = new Map<string, Map<number, Slot>>();
  /** The last change of each guardian. */
  readonly #guardians = new Map<string, AppointedEvent | GuardianshipEndedEvent>();
  #objections: ObjectionEvent | undefined;

  /** @param patient The patient's address. */
  constructor(patient: string) {
    this.#patient = patient.toLowerCase();
  }

  /**
   * Takes the next event, oldest first.
   *
   * @param event As `readPatientEvents` gives it.
   */
  take(event: PatientEvent): void {
    switch (event.what) {
      case "GRANTED":
      case "REVOKED": {
        const { grantee, scope } = event;
        const slots = this.#slots.get(scope) ?? new Map<number, Slot>();
        this.#slots.set(scope, slots.set(grantee, { last: event, taken: 0 }));
        break;
      }
      case "OBJECTIONS_SET":
        this.#objections = event;
        break;
      case "GUARDIAN_APPOINTED":
      case "GUARDIANSHIP_ENDED":
        this.#guardians.set(event.guardian, event);
        break;
      case "ACCESS": {
        const slot = this.#slots.get(event.basis)?.get(event.recipient);
        if (slot?.last.version === event.version) slot.taken++;
      }
    }
  }

  /**
   * How a consent stands after what was taken.
   *
   * @param question Which consent, what for, and when.
   */
  judge({ grantee, scope, purpose, time, trust }: ReplayQuestion): ConsentJudgement {
    const slot = this.#slots.get(scope)?.get(grantee);
    if (slot === undefined) return { status: "NONE" };
    const { last, taken } = slot;
    if (last.what !== "GRANTED") return { status: "REVOKED" };
    const isUsedUp = last.uses !== 0 && taken >= last.uses;
    return { status: isUsedUp ? "USED_UP" : this.#statusOf(last, purpose, time, trust), grant: last };
  }

  #statusOf(grant: GrantedEvent, purpose: number, time: number, trust: TrustHistory | undefined): ConsentStatus {
    const { purposes, from, until, by } = grant;
    if (time < from) return "PENDING";
    if (time >= until) return "EXPIRED";
    if ((purposes & (2 ** purpose)) === 0) return "PURPOSE_NOT_GRANTED";
    const isGuardians = by !== ZeroAddress && by.toLowerCase() !== this.#patient;
    if (isGuardians && !this.#isGuardian(by, time, trust)) return "GUARDIAN_LAPSED";
    return ((this.#objections?.purposes ?? 0) & (2 ** purpose)) === 0 ? "IN_FORCE" : "OBJECTED";
  }

  #isGuardian(guardian: string, time: number, trust: TrustHistory | undefined): boolean {
    const last = this.#guardians.get(guardian);
    if (last?.what !== "GUARDIAN_APPOINTED" || time >= last.until) return false;
    const { court, key, time: appointedAt } = last;
    return trust === undefined || standingOf(trust, roleScope("court"), court, key, appointedAt) === "IN_FORCE";
  }
}
