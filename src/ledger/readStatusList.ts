import { dataLength, id, zeroPadValue } from "ethers";

import { type EventSource, readEvents, type ReadEventsOptions } from "../chain/readEvents.js";
import { bitstringFromWords } from "./bitstringFromWords.js";
import { LedgerError } from "./LedgerError.js";
import type { StatusBits } from "./statusBits.js";

/** Where a status list is, and its shape. */
export interface StatusListPlace {
  /** The owning contract. */
  address: string;
  /** The list's id, 32 bytes in hex. */
  list: string;
  /** Bits an entry. */
  bits: StatusBits;
  /** Entries of the list. */
  length: number;
}

/**
 * Rebuilds a status list from the events of the contract that owns it.
 *
 * @param provider Where to read.
 * @param place The list.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @returns The list's bitstring.
 * @throws LedgerError STATUS_EVENTS_MALFORMED when an event cannot be read, STATUS_INDEX_OUT_OF_RANGE when one lies
 * past the end of the list.
 * @throws ChainError as `readEvents` does.
 * @example
 * ```ts
 * const bitstring = await readStatusList(provider, { address, list, bits: 2, length: 1_024 }, { fromBlock });
 * ```
 */
export async function readStatusList(
  provider: EventSource,
  place: StatusListPlace,
  options: ReadEventsOptions,
): Promise<Uint8Array> {
  const topics = [id("StatusWordChanged(bytes32,uint256,uint256)"), zeroPadValue(place.list, 32)];
  const events = await readEvents(provider, { address: place.address, topics }, options);
  const words = events.map((event): [bigint, bigint] => {
    if (event.topics[2] === undefined || dataLength(event.data) !== 32) {
      throw new LedgerError("STATUS_EVENTS_MALFORMED", "an event does not hold the index and value of a word");
    }
    return [BigInt(event.topics[2]), BigInt(event.data)];
  });
  return bitstringFromWords(words, place.bits, place.length);
}
