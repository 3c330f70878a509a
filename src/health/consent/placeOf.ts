import { HealthError } from "../HealthError.js";
import type { ConsentRegistry } from "../../typechain/contracts/health/ConsentRegistry.js";
import type { ConsentPlace } from "./consentTypedData.js";

/**
 * Where a consent registry is, as what is signed says it.
 *
 * @param registry Connected to a node.
 * @throws HealthError PROVIDER_MISSING
 * @example
 * ```ts
 * const place = await placeOf(registry);
 * ```
 */
export async function placeOf(registry: ConsentRegistry): Promise<ConsentPlace> {
  const provider = registry.runner?.provider;
  if (provider == null) throw new HealthError("PROVIDER_MISSING", "the registry is not connected to a node");
  const { chainId } = await provider.getNetwork();
  return { chainId: Number(chainId), registry: await registry.getAddress() };
}
