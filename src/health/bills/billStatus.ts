import { ask } from "../../chain/send.js";
import { STANDINGS, type Standing } from "../../trust/standing.js";
import type { BillRegistry } from "../../typechain/contracts/health/BillRegistry.js";
import { BILL_STATES, type BillState } from "./billState.js";

/** How a bill stands. */
export interface BillStatus {
  state: BillState;
  /** How its provider stood when it submitted: IN_FORCE, or COMPROMISED when its key is known to have been by then. */
  provider: Standing;
  /** The same of who paid; NONE when the bill is not paid. */
  payer: Standing;
}

/**
 * How a bill stands. It is to be paid when its state is SUBMITTED, REJECTED or REFUNDED, and its provider IN_FORCE.
 *
 * @param registry The registry.
 * @param id As `billId` gives it.
 * @param at The block to ask about; the newest one, if left out.
 * @example
 * ```ts
 * const { state, payer } = await billStatus(registry, id);
 * ```
 */
export async function billStatus(
  registry: BillRegistry,
  id: string,
  at: { blockTag?: number } = {},
): Promise<BillStatus> {
  const { state, provider, payer } = await ask(() => registry.statusOf(id, at));
  return {
    state: BILL_STATES[Number(state)]!,
    provider: STANDINGS[Number(provider)]!,
    payer: STANDINGS[Number(payer)]!,
  };
}
