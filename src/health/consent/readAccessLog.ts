import { toBeHex } from "ethers";

import { readEvents, type ReadEventsOptions } from "../../chain/readEvents.js";
import { ask } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import { type EventPlace, timesOf } from "./patientEvents.js";
import { placeOf } from "./placeOf.js";

/** Entries that a recipient logged in one go. Plain JSON; its `time` is that of the block, in Unix seconds. */
export interface AccessRun extends EventPlace {
  /** Index of the first of them in the recipient's log. */
  firstIndex: number;
  /** How many they are. */
  count: number;
  /** The number of the recipient's key that logged them. */
  key: number;
}

/**
 * Reads when each entry of a recipient's log was logged, and by which of its keys, from the registry's events.
 *
 * The runs must follow each other without a gap up to the size that the registry has the log at. Where one ends and the
 * next begins, and a block's time, are the node's word: who must not take it asks another node too.
 *
 * @param registry Connected to a node that still has the state of the last block that is read.
 * @param recipient The body that logged.
 * @param options Blocks, cache and progress, as `readEvents` takes them. `fromBlock` is that of the deployment.
 * @returns The runs by ascending `firstIndex`, which is the order they were logged in.
 * @throws HealthError EVENT_MISSING when a run is missing, altered or added, or its block is gone; PROVIDER_MISSING;
 * ChainError as `readEvents` does
 * @example
 * ```ts
 * const runs = await readAccessLog(registry, list.recipient, { fromBlock: deployedAt, cache });
 * const times = list.proofs.map(({ index }) => loggedAt(runs, index));
 * ```
 */
export async function readAccessLog(
  registry: ConsentRegistry,
  recipient: number,
  options: ReadEventsOptions,
): Promise<AccessRun[]> {
  const { registry: address } = await placeOf(registry);
  const provider = registry.runner!.provider!;
  const toBlock = options.toBlock ?? (await provider.getBlockNumber());
  const topics = [registry.interface.getEvent("AccessesLogged").topicHash, toBeHex(recipient, 32)];
  const recorded = await readEvents(provider, { address, topics }, { ...options, toBlock });
  recorded.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index);
  const times = await timesOf(provider, recorded);

  const runs: AccessRun[] = [];
  let size = 0;
  for (const event of recorded) {
    const { blockNumber: block, index, transactionHash: transaction } = event;
    const parsed = registry.interface.parseLog(event);
    if (parsed?.name !== "AccessesLogged" || Number(parsed.args.recipient) !== recipient) {
      throw new HealthError("EVENT_MISSING", `block ${block} holds no run of the log of body ${recipient}`);
    }
    const [firstIndex, count] = [Number(parsed.args.firstIndex), Number(parsed.args.count)];
    if (firstIndex !== size || count === 0) {
      const problem = `${count} entries from ${firstIndex} on follow the first ${size} of the log of body ${recipient}`;
      throw new HealthError("EVENT_MISSING", problem);
    }
    const place = { block, index, time: times.get(block)!, transaction };
    runs.push({ firstIndex, count, key: Number(parsed.args.key), ...place });
    size += count;
  }

  const [known] = await ask(() => registry.accessCheckpoint(recipient, { blockTag: toBlock }));
  if (Number(known) !== size) {
    const problem = `the events tell of ${size} entries in the log of body ${recipient}, the registry of ${known}`;
    throw new HealthError("EVENT_MISSING", problem);
  }
  return runs;
}
