import { concat, id, isHexString, keccak256 } from "ethers";

import { HealthError } from "../HealthError.js";

/**
 * What a prescription is kept under: `keccak256(abi.encode(keccak256("diwan.health.prescription"), opening))`. It says
 * nothing of the opening, so the prescriber can publish it.
 *
 * @param opening As `prescriptionOpening` gives it.
 * @returns 32 bytes in hex.
 * @throws HealthError PRESCRIPTION_MALFORMED when the opening is no 32 bytes in hex.
 * @example
 * ```ts
 * const { state } = await prescriptionStatus(registry, prescriptionId(opening));
 * ```
 */
export function prescriptionId(opening: string): string {
  if (!isHexString(opening, 32)) {
    throw new HealthError("PRESCRIPTION_MALFORMED", "the opening of a prescription is 32 bytes in hex");
  }
  return keccak256(concat([id("diwan.health.prescription"), opening]));
}
