import type { ReadEventsOptions } from "../../chain/readEvents.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import type { ConsentPlace } from "./consentTypedData.js";
import { type GrantedEvent, type PatientEvent, readPatientEvents, type RevokedEvent } from "./patientEvents.js";
import { placeOf } from "./placeOf.js";
import { requireWhole } from "./requireWhole.js";

/** A change of a consent. */
export type ConsentChange = GrantedEvent | RevokedEvent;

/** All versions of a patient's consent for one grantee and scope. */
export interface ConsentVersions {
  grantee: number;
  scope: string;
  /** Oldest first; the last is how it stands. */
  changes: ConsentChange[];
}

/** Everything that a registry's events tell of one patient, up to a block. Plain JSON. */
export interface ConsentHistory extends ConsentPlace {
  patient: string;
  /** The last block that was read, and its time in Unix seconds. */
  block: number;
  time: number;
  /** By grantee and scope, in the order of their first change. */
  consents: ConsentVersions[];
  /** All events, oldest first. */
  events: PatientEvent[];
}

/**
 * Reads a patient's consents, with all their versions, from the registry's events.
 *
 * A node can leave events out: what the registry's state tells of their number and of the last of them must be so. A
 * consent or a guardian whose every event is left out has no state to be missed by: who must not take a node's word for
 * that asks another one too.
 *
 * @param registry Connected to a node that still has the state of the last block that is read, and where somebody revoked
 * a consent together with a grant that was never carried (`uncarried`), that of the block before.
 * @param patient The patient's address.
 * @param options Blocks, cache and progress, as `readEvents` takes them. `fromBlock` is that of the deployment.
 * @throws HealthError EVENT_MISSING, PROVIDER_MISSING; ChainError as `readEvents` does
 * @example
 * ```ts
 * const { consents } = await readConsents(registry, patient, { fromBlock: deployedAt });
 * const inForce = consents.filter(({ changes }) => changes.at(-1)!.what === "GRANTED");
 * ```
 */
export async function readConsents(
  registry: ConsentRegistry,
  patient: string,
  options: ReadEventsOptions,
): Promise<ConsentHistory> {
  const place = await placeOf(registry);
  const provider = registry.runner!.provider!;
  const block = options.toBlock ?? (await provider.getBlockNumber());
  const events = await readPatientEvents(registry, patient, { ...options, toBlock: block });
  const time = (await provider.getBlock(block))!.timestamp;
  const history = { ...place, patient, block, time, consents: versionsOf(events), events };
  await requireWhole(registry, history);
  return history;
}

/** A grant makes the next version; a revocation the next, or the one after it: it may end one that was never carried. */
function versionsOf(events: readonly PatientEvent[]): ConsentVersions[] {
  const slots = new Map<string, ConsentVersions>();
  for (const event of events) {
    if (event.what !== "GRANTED" && event.what !== "REVOKED") continue;
    const { grantee, scope, version } = event;
    const key = `${grantee} ${scope}`;
    const slot = slots.get(key) ?? { grantee, scope, changes: [] };
    const before = slot.changes.at(-1)?.version ?? 0;
    if (version <= before || version > before + (event.what === "GRANTED" ? 1 : 2)) {
      const problem = `the consent for body ${grantee} and scope ${scope} goes from version ${before} to ${version}`;
      throw new HealthError("EVENT_MISSING", problem);
    }
    slot.changes.push(event);
    slots.set(key, slot);
  }
  return [...slots.values()];
}
