import type { ReadEventsOptions } from "../../chain/readEvents.js";
import { ask } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import { HealthError } from "../HealthError.js";
import { type EmergencyReason, REVIEW_OUTCOMES, type ReviewOutcome } from "./consentState.js";
import { type GlassBrokenEvent, readPatientEvents } from "./patientEvents.js";

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
  /** Who reviewed it, and when, once somebody did. */
  review?: { reviewer: number; key: number; time: number };
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
  return emergencyUsesOf(registry, events as GlassBrokenEvent[], toBlock);
}

/**
 * The uses of the break-glass that events tell of, as they stand at the end of a block.
 *
 * @param registry Connected to a node that has that block's state.
 * @param events The openings.
 * @param block The block.
 * @throws HealthError EVENT_MISSING when the registry knows no such use
 * @example
 * ```ts
 * const uses = await emergencyUsesOf(registry, history.events.filter(isGlassBroken), history.block);
 * ```
 */
export async function emergencyUsesOf(
  registry: ConsentRegistry,
  events: readonly GlassBrokenEvent[],
  block: number,
): Promise<EmergencyUse[]> {
  const uses: EmergencyUse[] = [];
  for (const event of events) {
    const { id, provider, key, reason, time, commitment, block: openedIn, index, transaction } = event;
    const use = await ask(() => registry.breakGlassOf(id, { blockTag: block }));
    if (Number(use.openedAt) !== time || Number(use.provider) !== provider) {
      throw new HealthError("EVENT_MISSING", `the registry knows no use ${id} of ${time} by body ${provider}`);
    }
    const [reviewer, reviewerKey, reviewedAt] = [use.reviewer, use.reviewerKey, use.reviewedAt].map(Number);
    uses.push({
      ...{ id, provider, key, reason, openedAt: time, until: Number(use.until), commitment },
      outcome: REVIEW_OUTCOMES[Number(use.outcome)]!,
      ...(reviewedAt !== 0 && { review: { reviewer: reviewer!, key: reviewerKey!, time: reviewedAt! } }),
      ...{ block: openedIn, index, transaction },
    });
  }
  return uses;
}
