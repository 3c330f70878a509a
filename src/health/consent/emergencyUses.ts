import { readEvents, type ReadEventsOptions } from "../../chain/readEvents.js";
import { ask } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import { type EmergencyReason, REVIEW_OUTCOMES, type ReviewOutcome } from "./consentState.js";
import { type EventPlace, type GlassBrokenEvent, readPatientEvents, timesOf } from "./patientEvents.js";

/** A review of a use of the break-glass. */
export interface EmergencyReview extends EventPlace {
  /** The body that reviewed it, and the number of its key that did. */
  reviewer: number;
  key: number;
  /** Salted hash of what the reviewer wrote down. */
  findings: string;
}

/** A use of the break-glass on a patient's data. Plain JSON. */
export interface EmergencyUse {
  id: string;
  /** The body that broke the glass, and the number of its key that did. */
  provider: number;
  key: number;
  reason: EmergencyReason;
  /** When, in Unix seconds. */
  openedAt: number;
  /** First second at which the window is closed: its end, or an earlier review that found the use unjustified. */
  until: number;
  /** Salted hash of what the provider wrote down about it. */
  commitment: string;
  /** What the review came to. */
  outcome: ReviewOutcome;
  /** Who reviewed it, once somebody did. */
  review?: EmergencyReview;
  /** Where the event of its opening is. */
  block: number;
  index: number;
  transaction: string;
}

/**
 * Every use of the break-glass on a patient's data, oldest first, with what its review came to.
 *
 * @param registry Connected to a node that still has the state of the last block that is read.
 * @param patient The patient's address.
 * @param options Blocks, cache and progress, as `readEvents` takes them.
 * @throws HealthError PROVIDER_MISSING, EVENT_MISSING; ChainError as `readEvents` does
 * @example
 * ```ts
 * const uses = await readEmergencyUses(registry, patient, { fromBlock: deployedAt });
 * const waiting = uses.filter(({ outcome }) => outcome === "PENDING");
 * ```
 */
export async function readEmergencyUses(
  registry: ConsentRegistry,
  patient: string,
  options: ReadEventsOptions,
): Promise<EmergencyUse[]> {
  const provider = registry.runner?.provider;
  if (provider == null) throw new HealthError("PROVIDER_MISSING", "the registry is not connected to a node");
  const toBlock = options.toBlock ?? (await provider.getBlockNumber());
  const events = await readPatientEvents(registry, patient, { ...options, toBlock, only: "GLASS_BROKEN" });
  return emergencyUsesOf(registry, events as GlassBrokenEvent[], { ...options, toBlock });
}

/**
 * The uses of the break-glass that events tell of, as they stand at the end of a block.
 *
 * @param registry Connected to a node that has that block's state.
 * @param events The openings.
 * @param options Blocks, cache and progress, as `readEvents` takes them, with the block.
 * @throws HealthError EVENT_MISSING when the registry knows no such use, or a review that no event tells of
 * @example
 * ```ts
 * const uses = await emergencyUsesOf(registry, openings, { fromBlock: deployedAt, toBlock: history.block });
 * ```
 */
export async function emergencyUsesOf(
  registry: ConsentRegistry,
  events: readonly GlassBrokenEvent[],
  options: ReadEventsOptions & { toBlock: number },
): Promise<EmergencyUse[]> {
  const reviews = await readReviews(registry, events, options);
  const uses: EmergencyUse[] = [];
  for (const event of events) {
    const { id, provider, key, reason, time, commitment, block, index, transaction } = event;
    const use = await ask(() => registry.breakGlassOf(id, { blockTag: options.toBlock }));
    if (Number(use.openedAt) !== time || Number(use.provider) !== provider) {
      throw new HealthError("EVENT_MISSING", `the registry knows no use ${id} of ${time} by body ${provider}`);
    }
    const [outcome, review] = [REVIEW_OUTCOMES[Number(use.outcome)]!, reviews.get(id)];
    if ((review === undefined) !== (outcome === "PENDING")) {
      throw new HealthError("EVENT_MISSING", `the events and the registry differ over a review of the use ${id}`);
    }
    uses.push({
      ...{ id, provider, key, reason, openedAt: time, until: Number(use.until), commitment, outcome },
      ...(review && { review }),
      ...{ block, index, transaction },
    });
  }
  return uses;
}

async function readReviews(
  registry: ConsentRegistry,
  uses: readonly GlassBrokenEvent[],
  options: ReadEventsOptions,
): Promise<Map<string, EmergencyReview>> {
  const provider = registry.runner!.provider!;
  const topics = [registry.interface.getEvent("BreakGlassReviewed").topicHash, uses.map(({ id }) => id)];
  const filter = { address: await registry.getAddress(), topics };
  const recorded = uses.length === 0 ? [] : await readEvents(provider, filter, options);
  const times = await timesOf(provider, recorded);
  const reviews = recorded.map((event) => {
    const { id, reviewer, key, findings } = registry.interface.parseLog(event)!.args as unknown as {
      id: string;
      reviewer: bigint;
      key: bigint;
      findings: string;
    };
    const { blockNumber: block, index, transactionHash: transaction } = event;
    const place = { block, index, time: times.get(block)!, transaction };
    return [id, { reviewer: Number(reviewer), key: Number(key), findings, ...place }] as const;
  });
  return new Map(reviews);
}
