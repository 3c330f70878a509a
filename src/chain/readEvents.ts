import { id, type Provider } from "ethers";

import { ChainError } from "./ChainError.js";

/** One event as the chain recorded it, in plain JSON. `contract.interface.parseLog` reads it. */
export interface RecordedEvent {
  address: string;
  topics: string[];
  data: string;
  blockNumber: number;
  blockHash: string;
  transactionHash: string;
  /** Position in the block. */
  index: number;
}

/** The events of a range of blocks, and the hash of its last block, by which a changed chain is noticed. */
export interface EventSegment {
  fromBlock: number;
  toBlock: number;
  toBlockHash: string;
  events: RecordedEvent[];
}

/** Keeps what was read. Segments of one key follow each other without a gap. */
export interface EventCache {
  /** The segments of a key, in order; none if the key is new. */
  load(key: string): Promise<EventSegment[]>;
  /** Adds a segment behind the others. */
  append(key: string, segment: EventSegment): Promise<void>;
  /** Keeps the first `count` segments only. */
  truncate(key: string, count: number): Promise<void>;
}

/** Which events: of one contract, with topics as ethers has them (null for any, an array for one of several). */
export interface EventFilter {
  address: string;
  topics: readonly (string | readonly string[] | null)[];
}

/** How to read. */
export interface ReadEventsOptions {
  /** First block, such as that of the contract's deployment. */
  fromBlock: number;
  /** Last block; the newest one, if left out. */
  toBlock?: number;
  /** Blocks a query; 5,000, which live nodes allow, if left out. */
  range?: number;
  /** Where what was read is kept, so that the next reading goes on from there. */
  cache?: EventCache;
  /** Called after each query. */
  onProgress?: (progress: { block: number; toBlock: number; events: number }) => void;
}

/** The part of a provider that reading events needs. */
export type EventSource = Pick<Provider, "getBlock" | "getBlockNumber" | "getLogs" | "getNetwork">;

const MOST_REWINDS = 10;

/**
 * Reads a contract's events over any number of blocks, some thousand blocks a query, and resumes from a cache.
 * What was read before is trusted only if its last block is still on the chain: after a reorganisation the segments that
 * fell off are read again, and a cache of another chain is read anew.
 *
 * @returns The events, oldest first.
 * @throws ChainError RANGE_INVALID; BLOCK_NOT_FOUND when `toBlock` does not exist; CHAIN_UNSTABLE when the chain kept
 * changing under the reading.
 * @example
 * ```ts
 * const topics = await contract.filters.EntriesAppended(logId).getTopicFilter();
 * const events = await readEvents(provider, { address, topics }, { fromBlock: deployedAt, cache });
 * ```
 */
export async function readEvents(
  provider: EventSource,
  filter: EventFilter,
  options: ReadEventsOptions,
): Promise<RecordedEvent[]> {
  const { fromBlock, range = 5_000, cache, onProgress } = options;
  const toBlock = options.toBlock ?? (await provider.getBlockNumber());
  if (!Number.isSafeInteger(fromBlock) || fromBlock < 0 || !Number.isSafeInteger(range) || range < 1) {
    throw new ChainError("RANGE_INVALID", `cannot read from block ${fromBlock}, ${range} blocks a query`);
  }

  const key = await cacheKey(provider, filter, fromBlock);
  const segments = (await cache?.load(key)) ?? [];
  let events = segments.reduce((sum, segment) => sum + segment.events.length, 0);
  for (let rewinds = 0; ;) {
    const kept = await countCanonical(provider, segments);
    if (kept < segments.length) {
      if (++rewinds > MOST_REWINDS) {
        throw new ChainError("CHAIN_UNSTABLE", `the chain changed ${rewinds} times while its events were read`);
      }
      events -= segments.splice(kept).reduce((sum, segment) => sum + segment.events.length, 0);
      await cache?.truncate(key, kept);
    }

    const next = (segments.at(-1)?.toBlock ?? fromBlock - 1) + 1;
    if (next > toBlock) break;
    const segment = await readSegment(provider, filter, next, Math.min(next + range - 1, toBlock));
    segments.push(segment);
    await cache?.append(key, segment);
    events += segment.events.length;
    onProgress?.({ block: segment.toBlock, toBlock, events });
  }
  return segments.flatMap((segment) => segment.events).filter((event) => event.blockNumber <= toBlock);
}

/** The same for every reading of the same events of the same contract from the same block; fit for a file's name. */
async function cacheKey(provider: EventSource, filter: EventFilter, fromBlock: number): Promise<string> {
  const { chainId } = await provider.getNetwork();
  const topics = id(JSON.stringify(filter.topics)).slice(2, 18);
  return `${chainId}-${filter.address.toLowerCase()}-${fromBlock}-${topics}`;
}

/** How many of the segments end in a block that is still on the chain. All before the last such one do too. */
async function countCanonical(provider: EventSource, segments: readonly EventSegment[]): Promise<number> {
  let count = segments.length;
  for (const { toBlock, toBlockHash } of segments.toReversed()) {
    if ((await provider.getBlock(toBlock))?.hash === toBlockHash) break;
    count--;
  }
  return count;
}

/** The block's hash is taken before its logs: a chain that changes in between is noticed when it is taken again. */
async function readSegment(
  provider: EventSource,
  filter: EventFilter,
  fromBlock: number,
  toBlock: number,
): Promise<EventSegment> {
  const toBlockHash = (await provider.getBlock(toBlock))?.hash;
  if (toBlockHash == null) throw new ChainError("BLOCK_NOT_FOUND", `the chain has no block ${toBlock}`);

  const topics = filter.topics.map((topic) => (topic === null || typeof topic === "string" ? topic : [...topic]));
  const logs = await provider.getLogs({ address: filter.address, topics, fromBlock, toBlock });
  const events = logs.map(({ address, topics, data, blockNumber, blockHash, transactionHash, index }) => {
    return { address, topics: [...topics], data, blockNumber, blockHash, transactionHash, index };
  });
  return { fromBlock, toBlock, toBlockHash, events };
}
