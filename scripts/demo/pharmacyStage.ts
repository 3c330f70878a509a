import { billCommitment } from "../../src/health/bills/billCommitment.js";
import { billId } from "../../src/health/bills/billId.js";
import { billStatus } from "../../src/health/bills/billStatus.js";
import { payBill } from "../../src/health/bills/payBill.js";
import { submitBill } from "../../src/health/bills/submitBill.js";
import { dispensePrescription } from "../../src/health/prescriptions/dispensePrescription.js";
import { issuePrescription } from "../../src/health/prescriptions/issuePrescription.js";
import { prescriptionId } from "../../src/health/prescriptions/prescriptionId.js";
import { prescriptionOpening } from "../../src/health/prescriptions/prescriptionOpening.js";
import { prescriptionStatus } from "../../src/health/prescriptions/prescriptionStatus.js";
import { newSalt } from "../../src/identity/claims.js";

import type { Hospital } from "./hospital.js";
import type { Job } from "./job.js";
import { HOSPITAL } from "./recordStage.js";
import { refusalOf } from "./refusal.js";

const PHARMACIES = ["2.16.840.1.113883.19.5", "mmanu"] as const;
const PAYERS = ["2", "hl7pay"] as const;

/** How long a prescription holds, in seconds. */
const TERM = 30 * 86_400;

/** A prescription is dispensed once and refused twice; a bill for it is paid once. */
export async function dispenseAndPay(job: Job, hospital: Hospital): Promise<void> {
  await dispense(job, hospital);
  await pay(job, hospital);
}

async function dispense(job: Job, hospital: Hospital): Promise<void> {
  const { checks, suite, chain } = job;
  const registry = suite.contracts.prescriptionRegistry;
  const of = (organization: string) => registry.connect(job.healthOperator(organization));
  const prescriber = job.body(HOSPITAL).index;
  // The patient has the opening, and shows it where she wants her medicine.
  const opening = prescriptionOpening(newSalt(), hospital.firstOf("MedicationRequest").body);
  const id = prescriptionId(opening);
  await issuePrescription(of(HOSPITAL), { id, quantity: 1, expiresAt: (await chain.now()) + TERM });

  for (const [name, title, pharmacy, expected] of [
    ["once", "A prescription is dispensed", PHARMACIES[0], "accepted"],
    ["again", "not again by the same pharmacy", PHARMACIES[0], "PrescriptionSpent"],
    ["elsewhere", "nor by another", PHARMACIES[1], "PrescriptionSpent"],
  ] as const) {
    const refusal = await refusalOf(dispensePrescription(of(pharmacy), { opening, quantity: 1, prescriber }));
    checks.equal(`prescription.${name}`, title, expected, refusal);
  }
  const { state, prescriber: standing } = await prescriptionStatus(registry, id);
  checks.equal("prescription.status", "and stands as such", "DISPENSED, IN_FORCE", `${state}, ${standing}`);
}

async function pay(job: Job, hospital: Hospital): Promise<void> {
  const { checks, suite } = job;
  const registry = suite.contracts.billRegistry;
  const of = (organization: string) => registry.connect(job.healthOperator(organization));
  const commitment = billCommitment(newSalt(), hospital.firstOf("Claim").recordId);
  const id = billId(job.body(HOSPITAL).index, commitment);
  await submitBill(of(HOSPITAL), commitment);
  for (const [name, title, payer, expected] of [
    ["once", "A bill is paid", PAYERS[0], "accepted"],
    ["elsewhere", "and not by a second insurer", PAYERS[1], "BillPaidBefore"],
  ] as const) {
    checks.equal(`bill.${name}`, title, expected, await refusalOf(payBill(of(payer), id)));
  }
  const again = await refusalOf(submitBill(of(HOSPITAL), commitment));
  checks.equal("bill.again", "The hospital cannot submit it again", "BillSubmittedBefore", again);
  const { state, payer } = await billStatus(registry, id);
  checks.equal("bill.status", "It stands as paid", "PAID, IN_FORCE", `${state}, ${payer}`);
}
