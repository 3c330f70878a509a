import type { BaseContract, Provider } from "ethers";

import { JusticeError } from "./JusticeError.js";

/** Where a registry is, as what is signed says it. */
export interface RegistryPlace {
  /** The chain's id. */
  chainId: number;
  /** The registry's address. */
  registry: string;
}

/**
 * The node that a registry is connected to.
 *
 * @param registry The registry.
 * @throws JusticeError PROVIDER_MISSING
 * @example
 * ```ts
 * const block = await nodeOf(registry).getBlockNumber();
 * ```
 */
export function nodeOf(registry: BaseContract): Provider {
  const provider = registry.runner?.provider;
  if (provider == null) throw new JusticeError("PROVIDER_MISSING", "the registry is not connected to a node");
  return provider;
}

/**
 * Where a registry is.
 *
 * @param registry Connected to a node.
 * @throws JusticeError PROVIDER_MISSING
 * @example
 * ```ts
 * const { chainId, registry } = await placeOf(powers);
 * ```
 */
export async function placeOf(registry: BaseContract): Promise<RegistryPlace> {
  const { chainId } = await nodeOf(registry).getNetwork();
  return { chainId: Number(chainId), registry: await registry.getAddress() };
}
