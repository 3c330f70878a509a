import { AbiCoder, isHexString, keccak256 } from "ethers";

import { HealthError } from "../HealthError.js";

/**
 * What a bill is kept under: `keccak256(abi.encode(uint32 provider, bytes32 commitment))`.
 *
 * @param provider The provider's index in the trust list.
 * @param commitment As `billCommitment` gives it.
 * @returns 32 bytes in hex.
 * @throws HealthError BILL_MALFORMED when one is none.
 * @example
 * ```ts
 * const { state } = await billStatus(registry, billId(7, billCommitment(key, "2026/004711")));
 * ```
 */
export function billId(provider: number, commitment: string): string {
  if (!Number.isInteger(provider) || provider < 1 || provider >= 2 ** 32 || !isHexString(commitment, 32)) {
    throw new HealthError("BILL_MALFORMED", "a bill is of a body's index and 32 bytes in hex");
  }
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "bytes32"], [provider, commitment]));
}
