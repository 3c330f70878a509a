import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { ServiceRegistry } from "../../typechain/contracts/justice/ServiceRegistry.js";

/**
 * Acknowledges a document, as its addressee.
 *
 * @param registry Connected to the addressee's key.
 * @param document As `commitDocument` gives it, worked out from what was received.
 * @throws ContractError ServiceStateRefuses, ServiceUnknown
 * @example
 * ```ts
 * await acknowledgeDocument(registry, commitDocument(sha256(received), salt));
 * ```
 */
export async function acknowledgeDocument(
  registry: ServiceRegistry,
  document: string,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.acknowledge(document));
}
