import { getBytes, id, zeroPadValue } from "ethers";

import { type EventSource, readEvents, type ReadEventsOptions } from "../chain/readEvents.js";
import { LedgerError } from "./LedgerError.js";
import { LogTree } from "./LogTree.js";

/**
 * Rebuilds a log's tree from the events of the contract that owns it. The tree answers for every size the log had;
 * compare its root with the contract's checkpoint before relying on it, for a node can leave events out.
 *
 * @param provider Where to read.
 * @param address The owning contract.
 * @param log The log's id, 32 bytes in hex.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws LedgerError LOG_EVENTS_INCOMPLETE when an event is missing, LOG_ENTRY_MALFORMED when one cannot be read.
 * @throws ChainError as `readEvents` does.
 * @example
 * ```ts
 * const tree = await readLog(provider, address, logId, { fromBlock: deployedAt, cache });
 * const path = tree.inclusionProof(42);
 * ```
 */
export async function readLog(
  provider: EventSource,
  address: string,
  log: string,
  options: ReadEventsOptions,
): Promise<LogTree> {
  const topics = [id("EntriesAppended(bytes32,uint256,bytes32[])"), zeroPadValue(log, 32)];
  const tree = new LogTree();
  for (const event of await readEvents(provider, { address, topics }, options)) {
    const firstIndex = BigInt(event.topics[2] ?? -1);
    if (firstIndex !== BigInt(tree.size)) {
      throw new LedgerError("LOG_EVENTS_INCOMPLETE", `entries from ${firstIndex} on follow entry ${tree.size - 1}`);
    }
    for (const entry of decodeEntries(getBytes(event.data))) tree.append(entry);
  }
  return tree;
}

/** The ABI encoding of one `bytes32[]`, read as bytes, with no string made for each entry. */
function* decodeEntries(data: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const isHead = data.length >= 64 && view.getBigUint64(24) === 32n;
  if (!isHead || data.length !== 64 + 32 * Number(view.getBigUint64(56))) {
    throw new LedgerError("LOG_ENTRY_MALFORMED", "an event's data is not an array of 32-byte entries");
  }
  for (let at = 64; at < data.length; at += 32) yield data.subarray(at, at + 32);
}
