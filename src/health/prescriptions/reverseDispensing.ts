import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { PrescriptionRegistry } from "../../typechain/contracts/health/PrescriptionRegistry.js";

/**
 * Takes the last dispensing of a prescription back, as when it was entered in error.
 *
 * @param registry Connected to a key of the pharmacy that made it, accredited or not.
 * @param id As `prescriptionId` gives it.
 * @returns The receipt of the transaction.
 * @throws ContractError NothingDispensed, PrescriptionUnknown, KeyOfAnotherBody, KeyNotInForce, RoleNotListed
 * @example
 * ```ts
 * await reverseDispensing(registry, prescriptionId(opening));
 * ```
 */
export async function reverseDispensing(
  registry: PrescriptionRegistry,
  id: string,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.reverse(id));
}
