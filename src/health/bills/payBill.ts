import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { BillRegistry } from "../../typechain/contracts/health/BillRegistry.js";

/**
 * Pays a bill on the chain. Transfer the money when this went through, not before: of two payers at the same moment one gets
 * BillPaidBefore.
 *
 * @param registry Connected to a key that is accredited as a payer.
 * @param id As `billId` gives it.
 * @returns The receipt of the transaction.
 * @throws ContractError BillPaidBefore, BillIsWithdrawn, BillUnknown, BillProviderNotStanding, NotAccredited, KeyNotInForce,
 * RoleNotListed, WritesAreStopped
 * @example
 * ```ts
 * await payBill(registry, id);
 * ```
 */
export async function payBill(registry: BillRegistry, id: string): Promise<ContractTransactionReceipt> {
  return send(() => registry.pay(id));
}
