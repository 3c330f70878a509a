import type { BaseContract, LogDescription } from "ethers";

import { readEvents, type ReadEventsOptions, type RecordedEvent } from "../chain/readEvents.js";
import { JusticeError } from "./JusticeError.js";
import { nodeOf } from "./placeOf.js";

/** An event of a registry, parsed. */
export interface RegistryEvent {
  name: string;
  args: LogDescription["args"];
  block: number;
  /** The block's time, in Unix seconds. */
  time: number;
  transaction: string;
}

/** Blocks that a node is asked for at once. */
const BLOCKS_AT_ONCE = 100;

/**
 * A registry's events with these topics, oldest first, each with the time of its block.
 *
 * @param registry Connected to a node.
 * @param topics As ethers has them: null for any, an array for one of several.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws ChainError as `readEvents` does; JusticeError PROVIDER_MISSING, EVENT_MISSING when a block of an event is gone,
 * EVENT_FOREIGN when the node answers with an event that was not asked for
 * @example
 * ```ts
 * const events = await readRegistry(services, [null, null, addresseeTopic], { fromBlock: deployedAt });
 * ```
 */
export async function readRegistry(
  registry: BaseContract,
  topics: readonly (string | readonly string[] | null)[],
  options: ReadEventsOptions,
): Promise<RegistryEvent[]> {
  const provider = nodeOf(registry);
  const filter = { address: await registry.getAddress(), topics };
  const recorded = await readEvents(provider, filter, options);
  requireAskedFor(recorded, filter, options.fromBlock);
  const times = await timesOf(registry, recorded);
  return recorded.map((event) => {
    const parsed = registry.interface.parseLog(event);
    if (parsed === null) throw missing(event.blockNumber);
    const { name, args } = parsed;
    return {
      name,
      args,
      block: event.blockNumber,
      time: times.get(event.blockNumber)!,
      transaction: event.transactionHash,
    };
  });
}

/** A node that is wrong, or lies, may answer with another contract's events, with others of this one, or with one of them twice. */
function requireAskedFor(
  events: readonly RecordedEvent[],
  { address, topics }: { address: string; topics: readonly (string | readonly string[] | null)[] },
  fromBlock: number,
): void {
  let [block, index] = [fromBlock, -1];
  for (const event of events) {
    const isOfContract = event.address.toLowerCase() === address.toLowerCase();
    const hasTopics = topics.every((wanted, i) => {
      const allowed = typeof wanted === "string" ? [wanted] : wanted;
      return allowed === null || allowed.some((topic) => topic.toLowerCase() === event.topics[i]?.toLowerCase());
    });
    const isNext = event.blockNumber > block || (event.blockNumber === block && event.index > index);
    if (!isOfContract || !hasTopics || !isNext) {
      const place = `log ${event.index} of block ${event.blockNumber}`;
      throw new JusticeError("EVENT_FOREIGN", `the node answers with ${place}, which was not asked for`);
    }
    [block, index] = [event.blockNumber, event.index];
  }
}

async function timesOf(registry: BaseContract, events: readonly RecordedEvent[]): Promise<Map<number, number>> {
  const provider = nodeOf(registry);
  const blocks = [...new Map(events.map(({ blockNumber, blockHash }) => [blockNumber, blockHash]))];
  const times = new Map<number, number>();
  for (let from = 0; from < blocks.length; from += BLOCKS_AT_ONCE) {
    const some = blocks.slice(from, from + BLOCKS_AT_ONCE);
    const found = await Promise.all(some.map(([number]) => provider.getBlock(number)));
    for (const [i, [number, hash]] of some.entries()) {
      const block = found[i];
      if (block?.hash !== hash) throw missing(number);
      times.set(number, block.timestamp);
    }
  }
  return times;
}

function missing(block: number): JusticeError {
  return new JusticeError("EVENT_MISSING", `block ${block} of an event is gone, or holds an unknown one`);
}
