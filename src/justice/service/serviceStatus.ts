import { ask } from "../../chain/send.js";
import { STANDINGS, type Standing } from "../../trust/standing.js";
import type { ServiceRegistry } from "../../typechain/contracts/justice/ServiceRegistry.js";
import { SERVICE_FAILURES, SERVICE_STATES, type ServiceFailure, type ServiceState } from "./serviceState.js";

/** All that is known of a service. Of one that was never sent all numbers are 0. */
export interface ServiceVerdict {
  state: ServiceState;
  /** Why it failed; undefined when it did not. */
  failure: ServiceFailure | undefined;
  /** The sender's index in the trust list. */
  server: number;
  role: "court" | "bailiff";
  /** Unix seconds, as all times here. */
  sentAt: number;
  /** First second at which it can no longer be delivered. */
  until: number;
  /** When the sender said that it was delivered. */
  deliveredAt: number | undefined;
  /** When it was acknowledged or failed. */
  endedAt: number | undefined;
  /** How the sender stood when it was sent. */
  standing: Standing;
  /** How the sender stood when it said that it was delivered. */
  deliveryStanding: Standing;
  /** How the sender and the key that sent it stand now. */
  standingNow: Standing;
}

/**
 * How a service stands.
 *
 * @param registry The registry.
 * @param document As `commitDocument` gives it.
 * @param addressee The addressee's pseudonym.
 * @param at The block to ask about; the newest one, if left out.
 * @example
 * ```ts
 * const { state, deliveredAt } = await serviceStatus(registry, document, addressee);
 * ```
 */
export async function serviceStatus(
  registry: ServiceRegistry,
  document: string,
  addressee: string,
  at: { blockTag?: number } = {},
): Promise<ServiceVerdict> {
  const v = await ask(() => registry.statusOf(document, addressee, at));
  const failure = SERVICE_FAILURES[Number(v.failure)]!;
  const orNone = (time: bigint) => (time === 0n ? undefined : Number(time));
  return {
    state: SERVICE_STATES[Number(v.state)]!,
    failure: failure === "NONE" ? undefined : failure,
    server: Number(v.server),
    role: v.isByBailiff ? "bailiff" : "court",
    sentAt: Number(v.sentAt),
    until: Number(v.until),
    deliveredAt: orNone(v.deliveredAt),
    endedAt: orNone(v.endedAt),
    standing: STANDINGS[Number(v.standing)]!,
    deliveryStanding: STANDINGS[Number(v.deliveryStanding)]!,
    standingNow: STANDINGS[Number(v.standingNow)]!,
  };
}
