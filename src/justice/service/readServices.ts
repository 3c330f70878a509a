import { toBeHex, zeroPadValue } from "ethers";

import { ask } from "../../chain/send.js";
import type { ReadEventsOptions } from "../../chain/readEvents.js";
import type { ServiceRegistry } from "../../typechain/contracts/justice/ServiceRegistry.js";
import { nodeOf } from "../placeOf.js";
import { readRegistry } from "../readRegistry.js";
import { serviceStatus, type ServiceVerdict } from "./serviceStatus.js";

/** A service, and how it stands. */
export interface Service extends ServiceVerdict {
  document: string;
  addressee: string;
}

/** Which services, and how to read. */
export interface ReadServicesOptions extends ReadEventsOptions {
  /** Of this document alone. */
  document?: string;
  /** Upon this addressee alone. */
  addressee?: string;
  /** By this body alone: its index in the trust list. */
  server?: number;
}

/**
 * The services that were sent, oldest first, and how each stands at the last block read.
 *
 * @param registry Connected to a node.
 * @param options Which, and how to read them.
 * @throws ChainError as `readEvents` does; JusticeError PROVIDER_MISSING, EVENT_MISSING
 * @example
 * ```ts
 * const mine = await readServices(registry, { addressee, fromBlock: deployedAt });
 * ```
 */
export async function readServices(
  registry: ServiceRegistry,
  { document, addressee, server, ...options }: ReadServicesOptions,
): Promise<Service[]> {
  const blockTag = options.toBlock ?? (await ask(() => nodeOf(registry).getBlockNumber()));
  const topics = [
    registry.interface.getEvent("DocumentSent").topicHash,
    document ?? null,
    addressee === undefined ? null : zeroPadValue(addressee.toLowerCase(), 32),
    server === undefined ? null : toBeHex(server, 32),
  ];
  const services: Service[] = [];
  for (const { args } of await readRegistry(registry, topics, { ...options, toBlock: blockTag })) {
    const of = { document: args.document as string, addressee: args.addressee as string };
    services.push({ ...of, ...(await serviceStatus(registry, of.document, of.addressee, { blockTag })) });
  }
  return services;
}
