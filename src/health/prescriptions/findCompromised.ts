import { readEvents, type EventSource, type ReadEventsOptions } from "../../chain/readEvents.js";
import type { PrescriptionRegistry } from "../../typechain/contracts/health/PrescriptionRegistry.js";
import { prescriptionStatus } from "./prescriptionStatus.js";

/**
 * Finds the prescriptions of a prescriber whose key is known to have been compromised when they were issued, and that are not
 * cancelled yet: what `annulPrescriptions` puts an end to.
 *
 * @param registry Connected to a node.
 * @param provider The chain.
 * @param prescriber The prescriber's index in the trust list.
 * @param options Blocks, cache and progress as `readEvents` takes them.
 * @returns Their ids, oldest first.
 * @throws ChainError as `readEvents` does
 * @example
 * ```ts
 * const ids = await findCompromised(registry, provider, 7, { fromBlock: deployedAt });
 * await annulPrescriptions(registry, ids);
 * ```
 */
export async function findCompromised(
  registry: PrescriptionRegistry,
  provider: EventSource,
  prescriber: number,
  options: ReadEventsOptions,
): Promise<string[]> {
  const topics = [
    registry.interface.getEvent("PrescriptionIssued").topicHash,
    null,
    `0x${prescriber.toString(16).padStart(64, "0")}`,
  ];
  const found: string[] = [];
  for (const event of await readEvents(provider, { address: await registry.getAddress(), topics }, options)) {
    const id = event.topics[1]!;
    const { state, prescriber: standing } = await prescriptionStatus(registry, id);
    if (standing === "COMPROMISED" && state !== "CANCELLED") found.push(id);
  }
  return found;
}
