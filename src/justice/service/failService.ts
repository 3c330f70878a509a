import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { ServiceRegistry } from "../../typechain/contracts/justice/ServiceRegistry.js";
import { SERVICE_FAILURES, type ServiceFailure } from "./serviceState.js";

/**
 * Notes that a document could not be delivered, even after its time.
 *
 * @param registry Connected to a key of the sender, accredited or not.
 * @param document As `commitDocument` gives it.
 * @param addressee The addressee's pseudonym.
 * @param failure Why.
 * @throws ContractError ServiceStateRefuses, ServiceUnknown, KeyOfAnotherBody, KeyNotInForce, …
 * @example
 * ```ts
 * await failService(registry, document, addressee, "NOT_FOUND");
 * ```
 */
export async function failService(
  registry: ServiceRegistry,
  document: string,
  addressee: string,
  failure: ServiceFailure,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.fail(document, addressee, SERVICE_FAILURES.indexOf(failure)));
}
