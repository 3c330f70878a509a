import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { PrescriptionRegistry } from "../../typechain/contracts/health/PrescriptionRegistry.js";
import { HealthError } from "../HealthError.js";
import { prescriptionId } from "./prescriptionId.js";
import { prescriptionStatus } from "./prescriptionStatus.js";

/**
 * Dispenses all of a prescription or a part, after asking how it stands: the contract refuses whatever is spent, over or
 * cancelled, and this refuses besides what a prescriber's key issued that is known to have been compromised. Hand the medicine
 * over when it went through, not before: of two pharmacies at the same moment one gets PrescriptionSpent.
 *
 * @param registry Connected to a key that is accredited as a pharmacy, and to a node.
 * @param opening As `prescriptionOpening` gives it from what the patient shows.
 * @param quantity How much, in units of the prescription: 1 to 65,535.
 * @returns The receipt of the transaction.
 * @throws HealthError PRESCRIBER_NOT_IN_FORCE, PRESCRIPTION_MALFORMED; ContractError PrescriptionSpent, PrescriptionExceeded,
 * PrescriptionExpired, PrescriptionIsCancelled, PrescriptionUnknown, NotAccredited, KeyNotInForce, …
 * @example
 * ```ts
 * await dispensePrescription(registry, prescriptionOpening(salt, medicationRequest), 1);
 * ```
 */
export async function dispensePrescription(
  registry: PrescriptionRegistry,
  opening: string,
  quantity: number,
): Promise<ContractTransactionReceipt> {
  const id = prescriptionId(opening);
  const { prescriber } = await prescriptionStatus(registry, id);
  // Of one that was never issued the contract says so.
  if (prescriber !== "IN_FORCE" && prescriber !== "NONE") {
    throw new HealthError(
      "PRESCRIBER_NOT_IN_FORCE",
      `the prescriber of ${id} stood at ${prescriber} when it was issued`,
    );
  }
  return send(() => registry.dispense(opening, quantity));
}
