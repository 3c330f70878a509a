import type { ContractTransactionReceipt, Signer } from "ethers";

import { ask, send } from "../../chain/send.js";
import type { PowerOfAttorneyRegistry } from "../../typechain/contracts/justice/PowerOfAttorneyRegistry.js";
import { placeOf, type RegistryPlace } from "../placeOf.js";
import { requirePlace } from "../requirePlace.js";
import { type PowerMessages, type PowerSlot, powerTypedData, type PowerToGrant } from "./powerTypedData.js";

/** What a principal signed, for whoever carries it. Plain JSON. */
export type SignedPower = RegistryPlace &
  { [T in keyof PowerMessages]: { type: T; message: PowerMessages[T]; signature: string } }[keyof PowerMessages];

/** How it is signed. */
export interface SignPowerOptions {
  /** Last second at which the signature counts, in Unix seconds. */
  deadline: number;
  /** The principal, where a wallet's owner signs for the wallet. */
  principal?: string;
  /** The version that is named; read from the chain, if left out. */
  version?: number;
}

/**
 * Has a principal sign a power; nothing is sent.
 *
 * @param registry Connected to a node.
 * @param signer The principal's key.
 * @param power What is granted.
 * @param options How.
 * @throws JusticeError PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signPowerGrant(registry, principal, { agent, scope, from, until }, { deadline: now + 86_400 });
 * ```
 */
export async function signPowerGrant(
  registry: PowerOfAttorneyRegistry,
  signer: Signer,
  { agent, scope, from, until }: PowerToGrant,
  options: SignPowerOptions,
): Promise<SignedPower> {
  const { principal, version } = await versionOf(registry, signer, { agent, scope }, options);
  const message = { principal, agent, scope, from, until, version, deadline: options.deadline };
  const place = await placeOf(registry);
  const { domain, types } = powerTypedData(place, "PowerGrant", message);
  return { ...place, type: "PowerGrant", message, signature: await signer.signTypedData(domain, types, message) };
}

/**
 * Has a principal sign a revocation; nothing is sent.
 *
 * Warning: who signed a grant that is not carried yet says so by `uncarried`. A revocation of the present version alone would
 * be used up before that grant is carried, and the grant would stand.
 *
 * @param registry Connected to a node.
 * @param signer The principal's key.
 * @param power The agent and the scope, exactly as it was granted.
 * @param options How; `uncarried` to end a grant too that was signed for the present version and is not carried yet.
 * @throws JusticeError PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signPowerRevocation(registry, principal, { agent, scope }, { deadline: now + 86_400 });
 * ```
 */
export async function signPowerRevocation(
  registry: PowerOfAttorneyRegistry,
  signer: Signer,
  { agent, scope }: PowerSlot,
  options: SignPowerOptions & { uncarried?: boolean },
): Promise<SignedPower> {
  const known = await versionOf(registry, signer, { agent, scope }, options);
  const { principal, version: present } = known;
  const version = options.uncarried === true && options.version === undefined ? present + 1 : present;
  const message = { principal, agent, scope, version, deadline: options.deadline };
  const place = await placeOf(registry);
  const { domain, types } = powerTypedData(place, "PowerRevocation", message);
  return { ...place, type: "PowerRevocation", message, signature: await signer.signTypedData(domain, types, message) };
}

/**
 * Carries what a principal signed.
 *
 * @param registry Connected to any key.
 * @param signed What was signed.
 * @throws JusticeError SIGNED_ELSEWHERE, PROVIDER_MISSING; ContractError PowerVersionMismatch, SignatureInvalid, SignatureExpired,
 * PowerPeriodInvalid, WritesAreStopped, …
 * @example
 * ```ts
 * await carryPower(registry, signed);
 * ```
 */
export async function carryPower(
  registry: PowerOfAttorneyRegistry,
  signed: SignedPower,
): Promise<ContractTransactionReceipt> {
  await requirePlace(registry, signed);
  const { type, message, signature } = signed;
  const { principal, agent, scope, version, deadline } = message;
  if (type === "PowerRevocation") {
    return send(() => registry.revokeBySignature(principal, agent, scope, version, deadline, signature));
  }
  const { from, until } = message;
  return send(() => registry.grantBySignature(principal, { agent, scope, from, until }, version, deadline, signature));
}

async function versionOf(
  registry: PowerOfAttorneyRegistry,
  signer: Signer,
  { agent, scope }: PowerSlot,
  options: SignPowerOptions,
): Promise<{ principal: string; version: number }> {
  const principal = options.principal ?? (await signer.getAddress());
  const version = options.version ?? Number((await ask(() => registry.powerOf(principal, agent, scope))).version);
  return { principal, version };
}
