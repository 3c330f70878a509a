import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { BillRegistry } from "../../typechain/contracts/health/BillRegistry.js";

/**
 * Submits a bill, once; again after it was withdrawn.
 *
 * @param registry Connected to a key that is accredited as a health provider.
 * @param commitment As `billCommitment` gives it. The payer is told the bill's id, `billId`.
 * @returns The receipt of the transaction.
 * @throws ContractError BillSubmittedBefore, NotAccredited, KeyNotInForce, RoleNotListed, WritesAreStopped
 * @example
 * ```ts
 * await submitBill(registry, billCommitment(key, "2026/004711"));
 * ```
 */
export async function submitBill(registry: BillRegistry, commitment: string): Promise<ContractTransactionReceipt> {
  return send(() => registry.submit(commitment));
}
