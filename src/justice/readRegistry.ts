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
 * @throws ChainError as `readEvents` does; JusticeError PROVIDER_MISSING, EVENT_MISSING when a block of an event is gone
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
  const recorded = await readEvents(provider, { address: await registry.getAddress(), topics }, options);
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
