import type { ContractTransactionReceipt } from "ethers";

import { eventsOf, send } from "../../chain/send.js";
import type { ConsentRegistry } from "../../typechain/index.js";
import { HealthError } from "../HealthError.js";
import { EMERGENCY_REASONS, type EmergencyReason, REVIEW_OUTCOMES, type ReviewOutcome } from "./consentState.js";

/** An emergency in which data is needed without a consent. */
export interface Emergency {
  /** Whose data. */
  patient: string;
  /** How long it may be accessed, in seconds. */
  window: number;
  reason: Exclude<EmergencyReason, "UNSPECIFIED">;
  /** Salted hash of what was written down about it: 32 bytes in hex. */
  commitment: string;
}

/** A glass that was broken. */
export interface BrokenGlass {
  id: string;
  patient: string;
  /** When, in Unix seconds. */
  openedAt: number;
  /** First second at which the window is closed. */
  until: number;
}

/**
 * Breaks the glass: opens a window in which a patient's data may be accessed without a consent. The patient's client sees
 * it at once, and another body must review it.
 *
 * @param registry Connected to a key that is accredited as emergency-care.
 * @param emergency Whose data, for how long and why.
 * @throws ContractError BreakGlassBlocked, EmergencyWindowInvalid, NotAccredited, KeyNotInForce, RoleNotListed,
 * WritesAreStopped; HealthError EVENT_MISSING
 * @example
 * ```ts
 * const use = await breakGlass(registry, { patient, window: 3_600, reason: "UNABLE_TO_CONSENT", commitment });
 * ```
 */
export async function breakGlass(registry: ConsentRegistry, emergency: Emergency): Promise<BrokenGlass> {
  const { patient, window, reason, commitment } = emergency;
  const receipt = await send(() => registry.breakGlass(patient, window, EMERGENCY_REASONS.indexOf(reason), commitment));
  const [broken] = await eventsOf(receipt, registry, "GlassBroken");
  const block = await registry.runner?.provider?.getBlock(receipt.blockNumber);
  if (broken === undefined || block == null) {
    throw new HealthError("EVENT_MISSING", "the receipt holds no event of the broken glass, or its block is gone");
  }
  return { id: String(broken.args.id), patient, openedAt: block.timestamp, until: Number(broken.args.until) };
}

/**
 * Reviews a use of the break-glass, once and for good. One found unjustified ends at once.
 *
 * @param registry Connected to a key that is accredited as break-glass-review, of another body than the one that broke it.
 * @param id The use.
 * @param outcome What the review came to.
 * @param findings Salted hash of what it found: 32 bytes in hex.
 * @throws ContractError BreakGlassUnknown, BreakGlassReviewedBefore, ReviewerNotIndependent, NotAccredited,
 * KeyNotInForce, RoleNotListed
 * @example
 * ```ts
 * await reviewBreakGlass(registry, use.id, "JUSTIFIED", findings);
 * ```
 */
export function reviewBreakGlass(
  registry: ConsentRegistry,
  id: string,
  outcome: Exclude<ReviewOutcome, "PENDING">,
  findings: string,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.review(id, REVIEW_OUTCOMES.indexOf(outcome), findings));
}
