import { ask } from "../../chain/send.js";
import type { ReadEventsOptions } from "../../chain/readEvents.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import type { ConsentPlace } from "./consentTypedData.js";
import { type GrantedEvent, type PatientEvent, readPatientEvents, type RevokedEvent } from "./patientEvents.js";
import { placeOf } from "./placeOf.js";

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
 * A node can leave events out: each consent's versions must follow each other without a gap, and end with the one that
 * the registry has. Objections, guardians and consents that are left out whole have no number to be missed by: who must not
 * take a node's word for them asks another one too.
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
  const consents = versionsOf(events);
  const versionAt = async ({ grantee, scope }: ConsentVersions, blockTag: number) => {
    return Number((await ask(() => registry.consentOf(patient, grantee, scope, { blockTag }))).version);
  };
  for (const slot of consents) {
    for (const [i, { version, block: changedIn }] of slot.changes.entries()) {
      const before = slot.changes[i - 1];
      // A revocation goes one further when it ends a grant that was never carried; a grant left out looks the same.
      if (version !== (before?.version ?? 0) + 2 || before?.block === changedIn) continue;
      const was = await versionAt(slot, changedIn - 1);
      if (was !== (before?.version ?? 0)) throw missing(slot, `had version ${was} before it went to ${version}`);
    }
    const [last, version] = [slot.changes.at(-1)!.version, await versionAt(slot, block)];
    if (version !== last) throw missing(slot, `ends with version ${last}, the registry's is ${version}`);
  }
  const time = (await provider.getBlock(block))!.timestamp;
  return { ...place, patient, block, time, consents, events };
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
      throw missing(slot, `goes from version ${before} to ${version}`);
    }
    slot.changes.push(event);
    slots.set(key, slot);
  }
  return [...slots.values()];
}

function missing({ grantee, scope }: ConsentVersions, problem: string): HealthError {
  return new HealthError("EVENT_MISSING", `the consent for body ${grantee} and scope ${scope} ${problem}`);
}
