import { toBeHex } from "ethers";

import { readEvents, type EventSource, type ReadEventsOptions } from "../../chain/readEvents.js";
import { IRecordRegistry__factory } from "../../typechain/factories/contracts/health/IRecordRegistry__factory.js";
import { HealthError } from "../HealthError.js";
import { RECORD_REASONS } from "../recordStates.js";
import type { AmendmentReason } from "./changeRecords.js";

/** A version of a record. */
export interface RecordVersionEntry {
  /** 32 bytes in hex. */
  commitment: string;
  /** From 1. */
  version: number;
  /** Why it took the place of the one before it; undefined for the first. */
  reason: AmendmentReason | undefined;
  /** The block in which it did; undefined for the first. */
  block: number | undefined;
}

interface Amendment {
  old: string;
  next: string;
  version: number;
  reason: AmendmentReason;
  block: number;
}

const registryEvents = IRecordRegistry__factory.createInterface();

/**
 * All versions of a record, from any of them: the amendments that the registry's events tell of, walked both ways. The last
 * is the one to ask `statusOf` about, as it can have ended.
 *
 * @param source Where to read.
 * @param address The registry.
 * @param record The provider's index in the trust list, and any version's commitment.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @returns The versions, oldest first: the given one alone when it was never amended, or is not the provider's.
 * @throws ChainError as `readEvents` does; HealthError EVENT_MISSING when an amendment before one that is told of is not among
 * the events, as when `fromBlock` is too late.
 * @example
 * ```ts
 * const versions = await versionsOf(node, address, { provider, commitment }, { fromBlock: deployedAt, cache });
 * const latest = versions.at(-1);
 * ```
 */
export async function versionsOf(
  source: EventSource,
  address: string,
  record: { provider: number; commitment: string },
  options: ReadEventsOptions,
): Promise<RecordVersionEntry[]> {
  const topics = [registryEvents.getEvent("RecordAmended").topicHash, toBeHex(record.provider, 32)];
  const [byOld, byNext] = [new Map<string, Amendment>(), new Map<string, Amendment>()];
  for (const event of await readEvents(source, { address, topics }, options)) {
    const { args } = registryEvents.parseLog(event)!;
    const { old, next } = args as unknown as { old: string; next: string };
    const reason = RECORD_REASONS[Number(args.reason)] as AmendmentReason;
    const amendment = { old, next, version: Number(args.version), reason, block: event.blockNumber };
    byOld.set(old, amendment);
    byNext.set(next, amendment);
  }

  let first = record.commitment.toLowerCase();
  for (let before = byNext.get(first), left = byNext.size; before !== undefined; before = byNext.get(first)) {
    // A node's events can go in a circle; the chain's versions cannot.
    if (left-- === 0) throw missing("the first version", first);
    first = before.old;
  }
  const versions: RecordVersionEntry[] = [{ commitment: first, version: 1, reason: undefined, block: undefined }];
  for (let after = byOld.get(first); after !== undefined; after = byOld.get(after.next)) {
    const { next, version, reason, block } = after;
    if (version !== versions.length + 1) throw missing(`version ${version - 1}`, next);
    versions.push({ commitment: next, version, reason, block });
  }
  return versions;
}

function missing(what: string, commitment: string): HealthError {
  return new HealthError("EVENT_MISSING", `among the events is not ${what} before ${commitment}`);
}
