import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { PowerOfAttorneyRegistry } from "../../typechain/contracts/justice/PowerOfAttorneyRegistry.js";
import type { PowerSlot, PowerToGrant } from "./powerTypedData.js";

/**
 * Grants a power, or grants it anew with other times.
 *
 * @param registry Connected to the principal's key.
 * @param power What is granted.
 * @throws ContractError PowerAgentInvalid, PowerScopeMissing, PowerPeriodInvalid, WritesAreStopped
 * @example
 * ```ts
 * await grantPower(registry, { agent, scope, from, until });
 * ```
 */
export async function grantPower(
  registry: PowerOfAttorneyRegistry,
  { agent, scope, from, until }: PowerToGrant,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.grant({ agent, scope, from, until }));
}

/**
 * Revokes a power, also one that was signed and not yet carried.
 *
 * @param registry Connected to the principal's key.
 * @param power The agent and the scope, exactly as it was granted.
 * @example
 * ```ts
 * await revokePower(registry, { agent, scope });
 * ```
 */
export async function revokePower(
  registry: PowerOfAttorneyRegistry,
  { agent, scope }: PowerSlot,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.revoke(agent, scope));
}

/**
 * Gives a power up.
 *
 * @param registry Connected to the agent's key.
 * @param principal Who granted it.
 * @param scope As `commitPower` gives it.
 * @throws ContractError PowerNotInForce
 * @example
 * ```ts
 * await renouncePower(registry, principal, scope);
 * ```
 */
export async function renouncePower(
  registry: PowerOfAttorneyRegistry,
  principal: string,
  scope: string,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.renounce(principal, scope));
}

/**
 * Attests that the principal appeared and granted this version of a power.
 *
 * @param registry Connected to a key that is accredited as a notary.
 * @param principal Who granted it.
 * @param power The agent, the scope, and the version that was read to the principal.
 * @throws ContractError PowerVersionMismatch, PowerNotInForce, NotAccredited, KeyNotInForce, WritesAreStopped
 * @example
 * ```ts
 * await attestPower(registry, principal, { agent, scope, version: 1 });
 * ```
 */
export async function attestPower(
  registry: PowerOfAttorneyRegistry,
  principal: string,
  { agent, scope, version }: PowerSlot & { version: number },
): Promise<ContractTransactionReceipt> {
  return send(() => registry.attest(principal, agent, scope, version));
}
