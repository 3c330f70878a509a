import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { ServiceRegistry } from "../../typechain/contracts/justice/ServiceRegistry.js";

/**
 * Notes that a document was delivered, in time.
 *
 * @param registry Connected to a key of the sender, accredited now in the role in which it was sent.
 * @param document As `commitDocument` gives it.
 * @param addressee The addressee's pseudonym.
 * @throws ContractError ServiceStateRefuses, ServiceUnknown, ServiceOfAnother, NotAccredited, …
 * @example
 * ```ts
 * await deliverDocument(registry, document, addressee);
 * ```
 */
export async function deliverDocument(
  registry: ServiceRegistry,
  document: string,
  addressee: string,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.deliver(document, addressee));
}
