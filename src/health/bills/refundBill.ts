import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { BillRegistry } from "../../typechain/contracts/health/BillRegistry.js";

/**
 * Takes a payment back, as when it was made in error; the bill can be paid anew.
 *
 * @param registry Connected to a key of the body that paid, accredited or not.
 * @param id As `billId` gives it.
 * @returns The receipt of the transaction.
 * @throws ContractError BillNotPaid, KeyOfAnotherBody, KeyNotInForce, RoleNotListed
 * @example
 * ```ts
 * await refundBill(registry, id);
 * ```
 */
export async function refundBill(registry: BillRegistry, id: string): Promise<ContractTransactionReceipt> {
  return send(() => registry.refund(id));
}
