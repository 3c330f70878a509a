import { id, type ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { ServiceRegistry } from "../../typechain/contracts/justice/ServiceRegistry.js";

/** A document upon its way. */
export interface DocumentToSend {
  /** As `commitDocument` gives it. */
  document: string;
  /** The address that the addressee uses with this sender alone. */
  addressee: string;
  /** First second at which it can no longer be delivered, in Unix seconds. */
  until: number;
  /** In what role the caller sends it. */
  role: "court" | "bailiff";
}

/**
 * Notes that a document was sent.
 *
 * @param registry Connected to a key that is accredited in the role.
 * @param document What is sent, and to whom.
 * @throws ContractError ServiceExists, ServiceEndInvalid, ServiceIncomplete, NotAccredited, KeyNotInForce, WritesAreStopped
 * @example
 * ```ts
 * await sendDocument(registry, { document, addressee, until: now + 14 * 86_400, role: "bailiff" });
 * ```
 */
export async function sendDocument(
  registry: ServiceRegistry,
  { document, addressee, until, role }: DocumentToSend,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.send(document, addressee, until, id(`diwan.role.${role}`)));
}
