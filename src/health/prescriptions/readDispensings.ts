import { readEvents, type EventSource, type ReadEventsOptions, type RecordedEvent } from "../../chain/readEvents.js";
import { IPrescriptionRegistry__factory } from "../../typechain/factories/contracts/health/IPrescriptionRegistry__factory.js";
import { HealthError } from "../HealthError.js";

/** A dispensing, as the events tell of it. */
export interface Dispensing {
  /** The prescription, 32 bytes in hex. */
  prescription: string;
  /** The pharmacy's index in the trust list. */
  pharmacy: number;
  /** The number of the key that dispensed, within the pharmacy. */
  key: number;
  /** How much. */
  quantity: number;
  /** The block in which it was dispensed. */
  block: number;
  /** The block in which the pharmacy took it back; undefined for not. */
  reversed: number | undefined;
}

/** How to read; which dispensings. */
export interface ReadDispensingsOptions extends ReadEventsOptions {
  /** Of this prescription alone. */
  prescription?: string;
  /** By this pharmacy alone: its index in the trust list. */
  pharmacy?: number;
}

const events = IPrescriptionRegistry__factory.createInterface();

interface EventArguments {
  id: string;
  pharmacy: bigint;
  key: bigint;
  quantity: bigint;
}

/**
 * Reads what was dispensed from the contract's events, oldest first: of a prescription, by a pharmacy, or all.
 *
 * @param provider The chain.
 * @param address The registry.
 * @param options Which, and blocks, cache and progress as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; HealthError EVENT_MISSING when one was taken back that is not among the events, as
 * when `fromBlock` is too late.
 * @example
 * ```ts
 * const dispensings = await readDispensings(provider, address, { fromBlock: deployedAt, prescription: id });
 * const given = dispensings.filter(({ reversed }) => reversed === undefined);
 * ```
 */
export async function readDispensings(
  provider: EventSource,
  address: string,
  { prescription, pharmacy, ...options }: ReadDispensingsOptions,
): Promise<Dispensing[]> {
  const names = [events.getEvent("PrescriptionDispensed").topicHash, events.getEvent("DispensingReversed").topicHash];
  const by = pharmacy === undefined ? null : `0x${pharmacy.toString(16).padStart(64, "0")}`;
  const topics = [names, prescription ?? null, by];
  const dispensings: Dispensing[] = [];
  /** The last of each prescription. */
  const last = new Map<string, Dispensing>();
  for (const event of await readEvents(provider, { address, topics }, options)) take(dispensings, last, event);
  return dispensings;
}

function take(dispensings: Dispensing[], lasts: Map<string, Dispensing>, event: RecordedEvent): void {
  const parsed = events.parseLog(event)!;
  const { id, pharmacy, key, quantity } = parsed.args as unknown as EventArguments;
  const one = { prescription: id, pharmacy: Number(pharmacy), quantity: Number(quantity) };
  if (parsed.name === "PrescriptionDispensed") {
    const dispensing = { ...one, key: Number(key), block: event.blockNumber, reversed: undefined };
    dispensings.push(dispensing);
    lasts.set(id, dispensing);
    return;
  }
  // The last of its prescription: what was taken back before is not taken back again.
  const last = lasts.get(id);
  if (last === undefined || last.reversed !== undefined || last.quantity !== one.quantity) {
    throw new HealthError("EVENT_MISSING", `the dispensing of ${id} that was taken back is not here`);
  }
  last.reversed = event.blockNumber;
}
