import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { BillRegistry } from "../../typechain/contracts/health/BillRegistry.js";
import { REJECT_REASONS, type RejectReason } from "./billState.js";

/**
 * Rejects a bill that is not paid. It binds nobody else, and not even who rejects.
 *
 * @param registry Connected to a key that is accredited as a payer.
 * @param id As `billId` gives it.
 * @param reason Why.
 * @returns The receipt of the transaction.
 * @throws ContractError BillPaidBefore, BillIsWithdrawn, BillUnknown, NotAccredited, KeyNotInForce, RoleNotListed
 * @example
 * ```ts
 * await rejectBill(registry, id, "NOT_COVERED");
 * ```
 */
export async function rejectBill(
  registry: BillRegistry,
  id: string,
  reason: RejectReason,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.reject(id, REJECT_REASONS.indexOf(reason)));
}
