import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { BillRegistry } from "../../typechain/contracts/health/BillRegistry.js";

/**
 * Withdraws a bill that is not paid; it can be submitted anew.
 *
 * @param registry Connected to a key of the provider's body, accredited or not.
 * @param id As `billId` gives it.
 * @returns The receipt of the transaction.
 * @throws ContractError BillPaidBefore, BillIsWithdrawn, BillUnknown, KeyOfAnotherBody, KeyNotInForce, RoleNotListed
 * @example
 * ```ts
 * await withdrawBill(registry, id);
 * ```
 */
export async function withdrawBill(registry: BillRegistry, id: string): Promise<ContractTransactionReceipt> {
  return send(() => registry.withdraw(id));
}
