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
    byOld.set(versionKey(old, amendment.version - 1), amendment);
    byNext.set(next, amendment);
  }

  // The registry does not find out that a commitment is a batch's member, too: a provider can come back to it as a later
  // version. So the versions' numbers are followed, and not the commitments alone, which would lead round in a circle.
  let first = record.commitment.toLowerCase();
  let number = byNext.get(first)?.version ?? 1;
  for (let before = byNext.get(first); before?.version === number; before = byNext.get(first)) {
    first = before.old;
    number--;
  }
  if (number !== 1) throw missing(`version ${number - 1}`, first);
  const versions: RecordVersionEntry[] = [{ commitment: first, version: number, reason: undefined, block: undefined }];
  let after = byOld.get(versionKey(first, number));
  while (after !== undefined) {
    const { next, version, reason, block } = after;
    versions.push({ commitment: next, version, reason, block });
    after = byOld.get(versionKey(next, version));
  }
  return versions;
}

/** A commitment as one version of a record. */
function versionKey(commitment: string, version: number): string {
  return `${commitment} ${version}`;
}

function missing(what: string, commitment: string): HealthError {
  return new HealthError("EVENT_MISSING", `among the events is not ${what} before ${commitment}`);
}
