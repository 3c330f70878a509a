import { ask } from "../../chain/send.js";
import { STANDINGS, type Standing } from "../../trust/standing.js";
import type { PowerOfAttorneyRegistry } from "../../typechain/contracts/justice/PowerOfAttorneyRegistry.js";
import { POWER_STATUSES, type PowerStatus } from "./powerState.js";
import type { PowerSlot } from "./powerTypedData.js";

/** All that is known of a power. Of one that was never changed all numbers are 0. */
export interface PowerVerdict {
  status: PowerStatus;
  /** First second in force, in Unix seconds; it was not in force by this grant before `changedAt`. */
  from: number;
  /** First second no longer in force. */
  until: number;
  changedAt: number;
  version: number;
  /** Whether somebody else carried the principal's signature. */
  isBySignature: boolean;
  /** The notary that attested this version, when, and how it stood then; undefined when none did. */
  attested: { notary: number; key: number; attestedAt: number; standing: Standing } | undefined;
}

/**
 * How a power stands, and who attested it.
 *
 * @param registry The registry.
 * @param principal Who granted it.
 * @param power The agent and the scope.
 * @param at The block to ask about; the newest one, if left out.
 * @example
 * ```ts
 * const { status, attested } = await powerStatus(registry, principal, { agent, scope });
 * ```
 */
export async function powerStatus(
  registry: PowerOfAttorneyRegistry,
  principal: string,
  { agent, scope }: PowerSlot,
  at: { blockTag?: number } = {},
): Promise<PowerVerdict> {
  const [status, power, [attested, standing]] = await ask(() =>
    Promise.all([
      registry.statusOf(principal, agent, scope, at),
      registry.powerOf(principal, agent, scope, at),
      registry.attestedBy(principal, agent, scope, at),
    ]),
  );
  const { notary, key, attestedAt } = attested;
  return {
    status: POWER_STATUSES[Number(status)]!,
    from: Number(power.from),
    until: Number(power.until),
    changedAt: Number(power.changedAt),
    version: Number(power.version),
    isBySignature: power.isBySignature,
    attested:
      attestedAt === 0n
        ? undefined
        : {
            notary: Number(notary),
            key: Number(key),
            attestedAt: Number(attestedAt),
            standing: STANDINGS[Number(standing)]!,
          },
  };
}
