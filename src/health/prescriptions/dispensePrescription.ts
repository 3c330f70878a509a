import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { PrescriptionRegistry } from "../../typechain/contracts/health/PrescriptionRegistry.js";
import { HealthError } from "../HealthError.js";
import { prescriptionId } from "./prescriptionId.js";
import { prescriptionRecord } from "./prescriptionRecord.js";
import { prescriptionStatus } from "./prescriptionStatus.js";

/** What a pharmacy dispenses of. */
export interface Dispense {
  /** As `prescriptionOpening` gives it from what the patient shows. */
  opening: string;
  /** How much, in units of the prescription: 1 to 65,535. */
  quantity: number;
  /** The index in the trust list of the body that the prescription says it is from. */
  prescriber: number;
}

/**
 * Dispenses all of a prescription or a part, after asking how it stands. The contract refuses whatever is spent, over or
 * cancelled; this refuses besides what is another prescriber's than it says, and what a key issued that is known to have been
 * compromised. Hand the medicine over when it went through, not before: of two pharmacies at the same moment one gets
 * PrescriptionSpent.
 *
 * @param registry Connected to a key that is accredited as a pharmacy, and to a node.
 * @param dispense What is dispensed.
 * @returns The receipt of the transaction.
 * @throws HealthError PRESCRIBER_DIFFERS, PRESCRIBER_NOT_IN_FORCE, PRESCRIPTION_MALFORMED; ContractError PrescriptionSpent,
 * PrescriptionExceeded, PrescriptionExpired, PrescriptionIsCancelled, PrescriptionUnknown, NotAccredited, KeyNotInForce, …
 * @example
 * ```ts
 * const opening = prescriptionOpening(salt, medicationRequest);
 * await dispensePrescription(registry, { opening, quantity: 1, prescriber: 7 });
 * ```
 */
export async function dispensePrescription(
  registry: PrescriptionRegistry,
  { opening, quantity, prescriber }: Dispense,
): Promise<ContractTransactionReceipt> {
  const id = prescriptionId(opening);
  const record = await prescriptionRecord(registry, id);
  // Of one that was never issued the contract says so.
  if (record.issuedAt !== 0) {
    if (record.prescriber !== prescriber) {
      const says = `body ${record.prescriber} issued ${id}, and not body ${prescriber}`;
      throw new HealthError("PRESCRIBER_DIFFERS", says);
    }
    const { prescriber: standing } = await prescriptionStatus(registry, id);
    if (standing !== "IN_FORCE") {
      throw new HealthError(
        "PRESCRIBER_NOT_IN_FORCE",
        `the prescriber of ${id} stood at ${standing} when it was issued`,
      );
    }
  }
  return send(() => registry.dispense(opening, quantity));
}
