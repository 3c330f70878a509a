import type { BaseContract } from "ethers";

import { JusticeError } from "./JusticeError.js";
import { placeOf, type RegistryPlace } from "./placeOf.js";

/**
 * Sees that something was signed for a registry and no other.
 *
 * @param registry Connected to a node.
 * @param signed What was signed.
 * @throws JusticeError SIGNED_ELSEWHERE, PROVIDER_MISSING
 * @example
 * ```ts
 * await requirePlace(registry, signed);
 * ```
 */
export async function requirePlace(registry: BaseContract, signed: RegistryPlace): Promise<void> {
  const place = await placeOf(registry);
  if (place.chainId === signed.chainId && place.registry.toLowerCase() === signed.registry.toLowerCase()) return;
  throw new JusticeError(
    "SIGNED_ELSEWHERE",
    `it was signed for the registry ${signed.registry} on chain ${signed.chainId}`,
  );
}
