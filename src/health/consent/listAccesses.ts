import { ask } from "../../chain/send.js";
import type { ReadEventsOptions } from "../../chain/readEvents.js";
import type { TrustHistory } from "../../trust/history.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import { type Purpose, PURPOSES } from "../purposes.js";
import { accessCommitment, type AccessOpening } from "./accessCommitment.js";
import { type ConsentJudgement, ConsentReplay } from "./ConsentReplay.js";
import type { ConsentStatus } from "./consentState.js";
import { type EmergencyUse, emergencyUsesOf } from "./emergencyUses.js";
import { nextAccessHead } from "./nextAccessHead.js";
import type { AccessEvent, GlassBrokenEvent } from "./patientEvents.js";
import { type ConsentHistory, readConsents } from "./readConsents.js";

/**
 * How an access is covered: by a consent, by a use of the break-glass (BREAK_GLASS), or not at all. BREAK_GLASS_CLOSED:
 * the use that it names was not open. USES_LIMITED: an entry of a batch, which takes no use, went by a consent that
 * is good for some uses only. DATED_LATER, LOGGED_LATE: an entry of a batch is said to be of a time after it was logged, or
 * too long before; no consent was asked about.
 */
export type AccessStatus =
  ConsentStatus | "BREAK_GLASS" | "BREAK_GLASS_CLOSED" | "USES_LIMITED" | "DATED_LATER" | "LOGGED_LATE";

/** An access to a patient's data. Plain JSON. */
export interface ListedAccess extends Omit<AccessEvent, "what" | "purpose"> {
  purpose: Purpose;
  /** Whether a consent or an open use of the break-glass covered it. */
  isCovered: boolean;
  status: AccessStatus;
  /** The grant that it went by, where there was one. */
  grant?: ConsentJudgement["grant"];
  /** The use of the break-glass that it went by. */
  emergency?: EmergencyUse;
  /** Who it was and what was accessed, where the provider showed it. */
  opening?: AccessOpening;
}

/** All single accesses to a patient's data, up to a block. Plain JSON. */
export interface AccessList {
  /** Oldest first. */
  accesses: ListedAccess[];
  /** The head of the chain that they make, as the registry has it: a `uint224` in decimal. */
  head: string;
  /** What they were judged by. */
  history: ConsentHistory;
  /** Every use of the break-glass, oldest first, whether anything was accessed or not. */
  emergencies: EmergencyUse[];
}

/** How accesses are listed. */
export interface ListAccessesOptions extends ReadEventsOptions {
  /** Details that providers showed the patient. */
  openings?: readonly AccessOpening[];
  /** The trust list, by which guardians are judged. */
  trust?: TrustHistory;
}

/**
 * Lists every single access to a patient's data: who, when, why, on what basis, and whether that covered it.
 *
 * The accesses are hash-linked, and the chain that their events make must end in the head that the registry has: an event
 * that the node left out, added or altered is found. Each is judged anew by the history of the consents.
 *
 * @param registry Connected to a node that still has the state of the last block that is read.
 * @param patient The patient's address.
 * @param options Blocks, cache and progress, as `readEvents` takes them; `fromBlock` is that of the deployment.
 * @throws HealthError ACCESS_LOG_INCOMPLETE when the events are not those that were logged, OPENING_MISMATCH for an opening
 * of no access in the list, EVENT_MISSING, PROVIDER_MISSING; ChainError as `readEvents` does
 * @example
 * ```ts
 * const { accesses } = await listAccesses(registry, patient, { fromBlock: deployedAt, cache });
 * for (const { recipient, time, purpose, status } of accesses) console.log(recipient, time, purpose, status);
 * ```
 */
export async function listAccesses(
  registry: ConsentRegistry,
  patient: string,
  { openings = [], trust, ...options }: ListAccessesOptions,
): Promise<AccessList> {
  const history = await readConsents(registry, patient, options);
  const events = history.events.filter((event): event is AccessEvent => event.what === "ACCESS");
  const head = await ask(() => registry.accessHeadOf(patient, { blockTag: history.block }));
  if (events.reduce(nextAccessHead, 0n) !== head) {
    const problem = `the ${events.length} accesses in the events are not those that the registry's head stands for`;
    throw new HealthError("ACCESS_LOG_INCOMPLETE", problem);
  }

  const broken = history.events.filter((event): event is GlassBrokenEvent => event.what === "GLASS_BROKEN");
  const emergencies = await emergencyUsesOf(registry, broken, { ...options, toBlock: history.block });
  const opened = openingsByCommitment(openings);
  const accesses = judgeAccesses(history, emergencies, trust).map(({ event, judgement }): ListedAccess => {
    const opening = opened.get(event.commitment);
    const { recipient, key, basis, version, commitment, time, block, index, transaction } = event;
    return {
      ...{ recipient, key, purpose: PURPOSES[event.purpose]!, basis, version, commitment },
      ...{ time, block, index, transaction, ...judgement },
      isCovered: judgement.status === "IN_FORCE" || judgement.status === "BREAK_GLASS",
      ...(opening && { opening }),
    };
  });
  const listed = new Set(events.map(({ commitment }) => commitment));
  const strange = [...opened.keys()].find((commitment) => !listed.has(commitment));
  if (strange !== undefined)
    throw new HealthError("OPENING_MISMATCH", `no access in the list has the commitment ${strange}`);
  return { accesses, head: String(head), history, emergencies };
}

function openingsByCommitment(openings: readonly AccessOpening[]): Map<string, AccessOpening> {
  return new Map(openings.map((opening) => [accessCommitment(opening), opening]));
}

/** No consent has the version 0. */
function isEmergency({ version }: Pick<AccessEvent, "version">): boolean {
  return version === 0;
}

type Judgement = Pick<ListedAccess, "status" | "grant" | "emergency">;

/** Each access by what the chain had before it; in one pass, as there can be a great many. */
function judgeAccesses(
  { patient, events }: ConsentHistory,
  emergencies: readonly EmergencyUse[],
  trust: TrustHistory | undefined,
): { event: AccessEvent; judgement: Judgement }[] {
  const replay = new ConsentReplay(patient);
  const uses = new Map(emergencies.map((use) => [use.id, use]));
  const granted = new Set<string>();
  const judged: { event: AccessEvent; judgement: Judgement }[] = [];
  for (const event of events) {
    if (event.what === "GRANTED") granted.add(`${event.grantee} ${event.scope} ${event.version}`);
    if (event.what === "ACCESS") {
      const { recipient: grantee, basis: scope, purpose, time, version } = event;
      if (isEmergency(event)) {
        judged.push({ event, judgement: judgeEmergency(uses.get(scope), event) });
      } else if (granted.has(`${grantee} ${scope} ${version}`)) {
        judged.push({ event, judgement: replay.judge({ grantee, scope, purpose, time, ...(trust && { trust }) }) });
      } else {
        const problem = `an access went by version ${version} of a consent that the events know nothing of`;
        throw new HealthError("EVENT_MISSING", problem);
      }
    }
    replay.take(event);
  }
  return judged;
}

/** A review that closes a window closes it from its own second on, but not to who came in before it in that second. */
function judgeEmergency(use: EmergencyUse | undefined, access: AccessEvent): Judgement {
  const { basis, recipient, time, block, index } = access;
  if (use?.provider !== recipient) {
    throw new HealthError(
      "EVENT_MISSING",
      `an access went by the broken glass ${basis}, that the events know nothing of`,
    );
  }
  const { openedAt, until, review } = use;
  const isBeforeReview =
    review !== undefined &&
    time === review.time &&
    (block < review.block || (block === review.block && index < review.index));
  const isOpen = time >= openedAt && (time < until || isBeforeReview);
  return { status: isOpen ? "BREAK_GLASS" : "BREAK_GLASS_CLOSED", emergency: use };
}
