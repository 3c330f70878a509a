import { ask } from "../../chain/send.js";
import type { PrescriptionRegistry } from "../../typechain/contracts/health/PrescriptionRegistry.js";
import { CANCEL_REASONS, type CancelReason } from "./prescriptionState.js";

/** What is kept of a prescription. Of one that was never issued all numbers are 0. */
export interface PrescriptionRecord {
  /** When it was issued, in Unix seconds. */
  issuedAt: number;
  /** First second at which nothing can be dispensed any more. */
  expiresAt: number;
  /** The prescriber's index in the trust list. */
  prescriber: number;
  /** The number of the key that issued it, within the prescriber. */
  key: number;
  /** How much was prescribed, in units of the prescription. */
  issued: number;
  /** How much of it is left. */
  remaining: number;
  /** The index of the pharmacy that dispensed last; 0 for none. */
  pharmacy: number;
  /** How much it dispensed; 0 when nothing was, or when it was taken back. */
  dispensed: number;
  /** Why it was cancelled; undefined when it was not. */
  cancelled: CancelReason | undefined;
}

/**
 * What is kept of a prescription.
 *
 * @param registry The registry.
 * @param id As `prescriptionId` gives it.
 * @param at The block to ask about; the newest one, if left out.
 * @example
 * ```ts
 * const { prescriber, expiresAt } = await prescriptionRecord(registry, prescriptionId(opening));
 * ```
 */
export async function prescriptionRecord(
  registry: PrescriptionRegistry,
  id: string,
  at: { blockTag?: number } = {},
): Promise<PrescriptionRecord> {
  const record = await ask(() => registry.recordOf(id, at));
  const cancelled = CANCEL_REASONS[Number(record.reason)]!;
  return {
    issuedAt: Number(record.issuedAt),
    expiresAt: Number(record.expiresAt),
    prescriber: Number(record.prescriber),
    key: Number(record.key),
    issued: Number(record.issued),
    remaining: Number(record.remaining),
    pharmacy: Number(record.pharmacy),
    dispensed: Number(record.dispensed),
    cancelled: cancelled === "NONE" ? undefined : cancelled,
  };
}
