import { type LogDescription, zeroPadValue } from "ethers";

import { type EventSource, readEvents, type ReadEventsOptions, type RecordedEvent } from "../../chain/readEvents.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import { EMERGENCY_REASONS, type EmergencyReason, type Grant } from "./consentState.js";

/** Where in the chain an event is. */
export interface EventPlace {
  block: number;
  /** Position in the block. */
  index: number;
  /** The block's time, in Unix seconds. */
  time: number;
  transaction: string;
}

/** A consent was granted. */
export interface GrantedEvent extends EventPlace, Grant {
  what: "GRANTED";
  /** The consent's version from then on. */
  version: number;
  /** The patient, a guardian, or zero for delegates. */
  by: string;
}

/** A consent was revoked. */
export interface RevokedEvent extends EventPlace {
  what: "REVOKED";
  grantee: number;
  scope: string;
  /** The consent's version from then on. */
  version: number;
  /** The patient, a guardian, or zero for delegates. */
  by: string;
}

/** A patient's objections changed. */
export interface ObjectionEvent extends EventPlace {
  what: "OBJECTIONS_SET";
  /** Bitmap of all that is barred from then on. */
  purposes: number;
  by: string;
}

/** A patient's delegates changed. */
export interface DelegatesEvent extends EventPlace {
  what: "DELEGATES_SET";
  commitment: string;
}

/** A court appointed a guardian. */
export interface AppointedEvent extends EventPlace {
  what: "GUARDIAN_APPOINTED";
  guardian: string;
  /** The court's body and the number of its key. */
  court: number;
  key: number;
  until: number;
}

/** A guardianship was ended before its time. */
export interface GuardianshipEndedEvent extends EventPlace {
  what: "GUARDIANSHIP_ENDED";
  guardian: string;
  by: string;
}

/** A single access was logged. */
export interface AccessEvent extends EventPlace {
  what: "ACCESS";
  /** The body that accessed the data, and the number of its key that logged it. */
  recipient: number;
  key: number;
  /** Number of the purpose. */
  purpose: number;
  /** The consent's scope; or the id of the use of the break-glass, where the version is 0. */
  basis: string;
  version: number;
  commitment: string;
}

/** A provider broke the glass. */
export interface GlassBrokenEvent extends EventPlace {
  what: "GLASS_BROKEN";
  /** The use. */
  id: string;
  provider: number;
  key: number;
  /** First second at which the window is closed. */
  until: number;
  reason: EmergencyReason;
  commitment: string;
}

/** Any event that is about one patient. */
export type PatientEvent =
  | GrantedEvent
  | RevokedEvent
  | ObjectionEvent
  | DelegatesEvent
  | AppointedEvent
  | GuardianshipEndedEvent
  | AccessEvent
  | GlassBrokenEvent;

const NAMES = [
  ...(["ConsentGranted", "ConsentRevoked", "ObjectionsSet", "DelegatesSet"] as const),
  ...(["GuardianAppointed", "GuardianshipEnded", "AccessLogged"] as const),
] as const;

/** Blocks that a node is asked for at once: a patient's life can have more than it answers. */
const BLOCKS_AT_ONCE = 100;

/** What is read, and how; as `readEvents` takes it. */
export type PatientEventsOptions = ReadEventsOptions & {
  /** GLASS_BROKEN alone, or everything. */
  only?: "GLASS_BROKEN";
};

/**
 * All events of a consent registry that are about one patient, oldest first.
 *
 * @param registry Connected to a node.
 * @param patient The patient's address.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; HealthError PROVIDER_MISSING, EVENT_MISSING when a block of an event is gone
 * @example
 * ```ts
 * const events = await readPatientEvents(registry, patient, { fromBlock: deployedAt });
 * ```
 */
export async function readPatientEvents(
  registry: ConsentRegistry,
  patient: string,
  { only, ...options }: PatientEventsOptions,
): Promise<PatientEvent[]> {
  const provider = registry.runner?.provider;
  if (provider == null) throw new HealthError("PROVIDER_MISSING", "the registry is not connected to a node");
  const address = await registry.getAddress();
  const toBlock = options.toBlock ?? (await provider.getBlockNumber());
  const hashOf = (name: (typeof NAMES)[number] | "GlassBroken") => registry.interface.getEvent(name).topicHash;
  const who = zeroPadValue(patient.toLowerCase(), 32);
  const read = (topics: (string | readonly string[] | null)[]) => {
    return readEvents(provider, { address, topics }, { ...options, toBlock });
  };

  const recorded = await read([hashOf("GlassBroken"), null, who]);
  if (only === undefined) recorded.push(...(await read([NAMES.map(hashOf), who])));
  recorded.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  const times = await timesOf(provider, recorded);
  return recorded.map((event) => {
    const parsed = registry.interface.parseLog(event);
    if (parsed === null) throw new HealthError("EVENT_MISSING", `block ${event.blockNumber} holds an unknown event`);
    const { blockNumber: block, index, transactionHash: transaction } = event;
    return { ...{ block, index, time: times.get(block)!, transaction }, ...contentOf(parsed) } as PatientEvent;
  });
}

/**
 * The times of the blocks that events are in.
 *
 * @param provider Where to ask.
 * @param events The events.
 * @returns Unix seconds, by the blocks' numbers.
 * @throws HealthError EVENT_MISSING when a block is gone
 * @example
 * ```ts
 * const times = await timesOf(provider, events);
 * ```
 */
export async function timesOf(provider: EventSource, events: readonly RecordedEvent[]): Promise<Map<number, number>> {
  const hashes = new Map(events.map(({ blockNumber, blockHash }) => [blockNumber, blockHash]));
  const timeOf = async ([number, hash]: [number, string]) => {
    const block = await provider.getBlock(number);
    if (block?.hash !== hash) throw new HealthError("EVENT_MISSING", `block ${number} of an event is gone`);
    return [number, block.timestamp] as const;
  };
  const blocks = [...hashes];
  const times = new Map<number, number>();
  for (let from = 0; from < blocks.length; from += BLOCKS_AT_ONCE) {
    for (const [number, time] of await Promise.all(blocks.slice(from, from + BLOCKS_AT_ONCE).map(timeOf))) {
      times.set(number, time);
    }
  }
  return times;
}

function contentOf({ name, args }: LogDescription): object {
  const { purposes, from, until, uses, version, grantee, scope, by } = args as unknown as Record<string, unknown>;
  const slot = { grantee: Number(grantee), scope };
  switch (name) {
    case "ConsentGranted":
      return {
        ...{ what: "GRANTED", ...slot, purposes: Number(purposes), from: Number(from), until: Number(until) },
        ...{ uses: Number(uses), version: Number(version), by },
      };
    case "ConsentRevoked":
      return { what: "REVOKED", ...slot, version: Number(version), by };
    case "ObjectionsSet":
      return { what: "OBJECTIONS_SET", purposes: Number(purposes), by };
    case "DelegatesSet":
      return { what: "DELEGATES_SET", commitment: args.commitment as string };
    case "GuardianAppointed":
      return {
        ...{ what: "GUARDIAN_APPOINTED", guardian: args.guardian as string },
        ...{ court: Number(args.court), key: Number(args.key), until: Number(until) },
      };
    case "GuardianshipEnded":
      return { what: "GUARDIANSHIP_ENDED", guardian: args.guardian as string, by };
    case "AccessLogged":
      return {
        ...{ what: "ACCESS", recipient: Number(args.recipient), key: Number(args.key), purpose: Number(args.purpose) },
        ...{ basis: args.basis as string, version: Number(version), commitment: args.commitment as string },
      };
    default:
      return {
        ...{ what: "GLASS_BROKEN", id: args.id as string, provider: Number(args.provider), key: Number(args.key) },
        ...{ until: Number(until), reason: EMERGENCY_REASONS[Number(args.reason)]! },
        ...{ commitment: args.commitment as string },
      };
  }
}
