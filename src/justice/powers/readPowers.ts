import { zeroPadValue } from "ethers";

import { ask } from "../../chain/send.js";
import type { ReadEventsOptions } from "../../chain/readEvents.js";
import type { PowerOfAttorneyRegistry } from "../../typechain/contracts/justice/PowerOfAttorneyRegistry.js";
import { JusticeError } from "../JusticeError.js";
import { nodeOf } from "../placeOf.js";
import { readRegistry } from "../readRegistry.js";
import { powerStatus, type PowerVerdict } from "./powerStatus.js";

/** A power, and how it stands. */
export interface PowerOfPrincipal extends PowerVerdict {
  principal: string;
  agent: string;
  scope: string;
}

/** Whose powers, and how to read. */
export interface ReadPowersOptions extends ReadEventsOptions {
  /** What this principal granted. */
  principal?: string;
  /** What was granted to this agent. */
  agent?: string;
}

/**
 * The powers that a principal granted, or an agent was granted, in the order of their first change, and how each stands at the
 * last block read. For the principal's or the agent's own client: each knows what its scopes mean.
 *
 * @param registry Connected to a node.
 * @param options Whose, and how to read them.
 * @throws ChainError as `readEvents` does; JusticeError PROVIDER_MISSING; EVENT_MISSING when the last event of a power is not
 * of the version that the registry has
 * @example
 * ```ts
 * const powers = await readPowers(registry, { principal, fromBlock: deployedAt });
 * const inForce = powers.filter(({ status }) => status === "IN_FORCE");
 * ```
 */
export async function readPowers(
  registry: PowerOfAttorneyRegistry,
  { principal, agent, ...options }: ReadPowersOptions,
): Promise<PowerOfPrincipal[]> {
  const blockTag = options.toBlock ?? (await ask(() => nodeOf(registry).getBlockNumber()));
  const names = ["PowerGranted", "PowerRevoked", "PowerRenounced"] as const;
  const topicOf = (address: string | undefined) => {
    return address === undefined ? null : zeroPadValue(address.toLowerCase(), 32);
  };
  const topics = [names.map((name) => registry.interface.getEvent(name).topicHash), topicOf(principal), topicOf(agent)];
  const last = new Map<string, { principal: string; agent: string; scope: string; version: number }>();
  for (const { args } of await readRegistry(registry, topics, { ...options, toBlock: blockTag })) {
    const of = { principal: args.principal as string, agent: args.agent as string, scope: args.scope as string };
    last.set(`${of.principal} ${of.agent} ${of.scope}`, { ...of, version: Number(args.version) });
  }

  const powers: PowerOfPrincipal[] = [];
  for (const { version, ...of } of last.values()) {
    const verdict = await powerStatus(registry, of.principal, of, { blockTag });
    if (verdict.version !== version) {
      const says = `the last event of a power is of version ${version}, and the registry is at ${verdict.version}`;
      throw new JusticeError("EVENT_MISSING", says);
    }
    powers.push({ ...of, ...verdict });
  }
  return powers;
}
