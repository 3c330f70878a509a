import type { ReadEventsOptions } from "../../chain/readEvents.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import { type EmergencyUse, readEmergencyUses } from "./emergencyUses.js";

/** What a patient's client tells its user of. */
export interface BreakGlassNotice {
  /** OPENED: the glass was broken. REVIEWED: a second body looked at it. */
  what: "OPENED" | "REVIEWED";
  use: EmergencyUse;
}

/** How a client watches. */
export interface WatchBreakGlassOptions extends Omit<ReadEventsOptions, "toBlock"> {
  /** What the user was told before, as the notices gave it: after a restart nothing is told twice. */
  told?: readonly Pick<EmergencyUse, "id" | "outcome">[];
  /** How often the chain is asked, in milliseconds; 5,000, if left out. */
  pollMs?: number;
  /** Ends the watch. */
  signal?: AbortSignal;
}

/**
 * Tells of each use of the break-glass on a patient's data and of its review, old ones first and then as they happen.
 *
 * With a cache, each look reads only the blocks since the last. A notice of a block that a reorganisation took off the
 * chain is not taken back; one that comes back in another block has the same id and is not told again.
 *
 * @param registry Connected to a node.
 * @param patient The patient's address.
 * @param options Where to begin, and what was told before.
 * @throws HealthError PROVIDER_MISSING, EVENT_MISSING; ChainError as `readEvents` does
 * @example
 * ```ts
 * for await (const { what, use } of watchBreakGlass(registry, patient, { fromBlock: deployedAt, cache, told })) {
 *   notify(what, use);
 *   told.push(use);
 * }
 * ```
 */
export async function* watchBreakGlass(
  registry: ConsentRegistry,
  patient: string,
  options: WatchBreakGlassOptions,
): AsyncGenerator<BreakGlassNotice, void> {
  const { told = [], pollMs = 5_000, signal, ...how } = options;
  const provider = registry.runner?.provider;
  if (provider == null) throw new HealthError("PROVIDER_MISSING", "the registry is not connected to a node");
  const known = new Map<string, boolean>();
  for (const { id, outcome } of told) known.set(id, known.get(id) === true || outcome !== "PENDING");

  for (let last = -1; signal?.aborted !== true;) {
    const toBlock = await provider.getBlockNumber();
    if (toBlock !== last && toBlock >= how.fromBlock) {
      for (const use of await readEmergencyUses(registry, patient, { ...how, toBlock })) {
        const isReviewed = use.outcome !== "PENDING";
        const before = known.get(use.id);
        known.set(use.id, isReviewed || before === true);
        if (before === undefined) yield { what: "OPENED", use };
        if (isReviewed && before !== true) yield { what: "REVIEWED", use };
      }
      last = toBlock;
    }
    await pause(pollMs, signal);
  }
}

/** Until some time has passed, or the signal ends the watch. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return;
  let stop: () => void = () => undefined;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop = () => {
      clearTimeout(timer);
      resolve();
    };
    signal?.addEventListener("abort", stop);
  });
  signal?.removeEventListener("abort", stop);
}
