import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { PrescriptionRegistry } from "../../typechain/contracts/health/PrescriptionRegistry.js";

/** What a prescriber puts on the chain. */
export interface PrescriptionToIssue {
  /** As `prescriptionId` gives it; the opening stays with the patient. */
  id: string;
  /** How much, in units of the prescription, such as packs: 1 to 65,535. */
  quantity: number;
  /** First second at which nothing can be dispensed any more, in Unix seconds. */
  expiresAt: number;
}

/**
 * Issues a prescription.
 *
 * @param registry Connected to a key that is accredited as a prescriber.
 * @param prescription What is issued.
 * @returns The receipt of the transaction.
 * @throws ContractError PrescriptionIssuedBefore, PrescriptionEndInvalid, PrescriptionQuantityMissing, NotAccredited,
 * KeyNotInForce, RoleNotListed, WritesAreStopped
 * @example
 * ```ts
 * const opening = prescriptionOpening(newSalt(), medicationRequest);
 * await issuePrescription(registry, { id: prescriptionId(opening), quantity: 2, expiresAt });
 * ```
 */
export async function issuePrescription(
  registry: PrescriptionRegistry,
  { id, quantity, expiresAt }: PrescriptionToIssue,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.issue(id, quantity, expiresAt));
}
