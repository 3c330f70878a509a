import { ask } from "../../chain/send.js";
import { STANDINGS, type Standing } from "../../trust/standing.js";
import type { PrescriptionRegistry } from "../../typechain/contracts/health/PrescriptionRegistry.js";
import { PRESCRIPTION_STATES, type PrescriptionState } from "./prescriptionState.js";

/** How a prescription stands. */
export interface PrescriptionStatus {
  state: PrescriptionState;
  /** How much of it is left, whatever its state. */
  remaining: number;
  /** How its prescriber stood at the issue: IN_FORCE, or COMPROMISED when its key is known to have been by then. */
  prescriber: Standing;
}

/**
 * How a prescription stands. Dispense of it only when its state is ISSUED or PARTLY_DISPENSED, and its prescriber IN_FORCE.
 *
 * @param registry The registry.
 * @param id As `prescriptionId` gives it.
 * @param at The block to ask about; the newest one, if left out.
 * @example
 * ```ts
 * const { state, remaining } = await prescriptionStatus(registry, prescriptionId(opening));
 * ```
 */
export async function prescriptionStatus(
  registry: PrescriptionRegistry,
  id: string,
  at: { blockTag?: number } = {},
): Promise<PrescriptionStatus> {
  const { state, remaining, prescriber } = await ask(() => registry.statusOf(id, at));
  return {
    state: PRESCRIPTION_STATES[Number(state)]!,
    remaining: Number(remaining),
    prescriber: STANDINGS[Number(prescriber)]!,
  };
}
