import { HealthError } from "../HealthError.js";
import type { AccessRun } from "./readAccessLog.js";

/**
 * When an entry of a recipient's log was logged.
 *
 * @param runs All of the log, as `readAccessLog` gives it.
 * @param index The entry's index in the log, as its proof has it.
 * @returns The time of its block, in Unix seconds.
 * @throws HealthError EVENT_MISSING when the runs hold no such entry
 * @example
 * ```ts
 * const runs = await readAccessLog(registry, list.recipient, { fromBlock: deployedAt });
 * const last = loggedAt(runs, list.proofs.at(-1)!.index);
 * ```
 */
export function loggedAt(runs: readonly AccessRun[], index: number): number {
  // The first run that begins behind the entry is at `high`, and its own run, if there is one, just before.
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (runs[middle]!.firstIndex > index) high = middle;
    else low = middle + 1;
  }
  const run = runs[high - 1];
  if (run === undefined || !Number.isInteger(index) || index >= run.firstIndex + run.count) {
    throw new HealthError("EVENT_MISSING", `no event tells of an entry ${index} in the log`);
  }
  return run.time;
}
