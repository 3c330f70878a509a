import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { PrescriptionRegistry } from "../../typechain/contracts/health/PrescriptionRegistry.js";
import { CANCEL_REASONS, type CancelReason } from "./prescriptionState.js";

/**
 * Cancels a prescription for good, whatever was dispensed of it.
 *
 * @param registry Connected to a key of the prescriber's body, accredited or not.
 * @param id As `prescriptionId` gives it.
 * @param reason Why.
 * @returns The receipt of the transaction.
 * @throws ContractError PrescriptionIsCancelled, PrescriptionUnknown, KeyOfAnotherBody, KeyNotInForce, RoleNotListed
 * @example
 * ```ts
 * await cancelPrescription(registry, prescriptionId(opening), "REPLACED");
 * ```
 */
export async function cancelPrescription(
  registry: PrescriptionRegistry,
  id: string,
  reason: CancelReason,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.cancel(id, CANCEL_REASONS.indexOf(reason)));
}
