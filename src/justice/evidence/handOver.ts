import type { ContractTransactionReceipt, Signer } from "ethers";

import { ask, send } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { placeOf, type RegistryPlace } from "../placeOf.js";
import { JusticeError } from "../JusticeError.js";
import { type EvidenceMessages, evidenceTypedData } from "./evidenceTypedData.js";
import { requirePlace } from "../requirePlace.js";

/** What one party to a hand-over signed. Plain JSON. */
export interface SignedHandOver extends RegistryPlace {
  message: EvidenceMessages["HandOver"];
  signature: string;
}

/** A hand-over that both parties signed, for whoever carries it. Plain JSON. */
export interface JointHandOver extends RegistryPlace {
  message: EvidenceMessages["HandOver"];
  fromSignature: string;
  toSignature: string;
}

/**
 * Has a party sign that an exhibit passes from one key to another; nothing is sent. Both sign the same, each with its own key.
 *
 * @param registry Connected to a node.
 * @param signer The party's key; for a contract wallet, its owner's.
 * @param handOver The exhibit, the custodian's address that gives it and the address that takes it.
 * @param options The last second at which the signature counts, and the exhibit's present hop; read from the chain, if left out.
 * @throws JusticeError PROVIDER_MISSING
 * @example
 * ```ts
 * const parties = { exhibit: commitment, from: police.address, to: laboratory.address };
 * const given = await signHandOver(registry, police, parties, { deadline });
 * const taken = await signHandOver(registry, laboratory, parties, { deadline });
 * await carryHandOver(registry.connect(anyone), joinHandOver(given, taken));
 * ```
 */
export async function signHandOver(
  registry: EvidenceRegistry,
  signer: Signer,
  { exhibit, from, to }: Pick<EvidenceMessages["HandOver"], "exhibit" | "from" | "to">,
  options: { deadline: number; hop?: number },
): Promise<SignedHandOver> {
  const place = await placeOf(registry);
  const hop = options.hop ?? Number((await ask(() => registry.exhibitOf(exhibit))).hop);
  const message = { exhibit, hop, from, to, deadline: options.deadline };
  const { domain, types } = evidenceTypedData(place, "HandOver");
  return { ...place, message, signature: await signer.signTypedData(domain, types, message) };
}

/**
 * Puts together what both parties signed; nothing is sent, and no signature is checked.
 *
 * @param given What the one who gives the exhibit signed.
 * @param taken What the one who takes it signed.
 * @throws JusticeError HAND_OVER_MISMATCH when they signed different things
 * @example
 * ```ts
 * const joint = joinHandOver(given, taken);
 * ```
 */
export function joinHandOver(given: SignedHandOver, taken: SignedHandOver): JointHandOver {
  const { chainId, registry, message } = given;
  const names = (["exhibit", "hop", "from", "to", "deadline"] as const).filter(
    (name) => textOf(message[name]) !== textOf(taken.message[name]),
  );
  const isElsewhere = chainId !== taken.chainId || textOf(registry) !== textOf(taken.registry);
  if (names.length > 0 || isElsewhere) {
    const differ = [...names, ...(isElsewhere ? ["registry"] : [])].join(", ");
    throw new JusticeError("HAND_OVER_MISMATCH", `the parties did not sign the same: ${differ}`);
  }
  return { chainId, registry, message, fromSignature: given.signature, toSignature: taken.signature };
}

/**
 * Carries a hand-over that both parties signed: custody changes in one transaction.
 *
 * @param registry Connected to whoever pays, who need not be trusted.
 * @param joint As `joinHandOver` gives it.
 * @throws JusticeError SIGNED_ELSEWHERE, PROVIDER_MISSING; ContractError SignatureInvalid, SignatureExpired, CustodianIsSame,
 * ExhibitSealRefuses, ExhibitStateRefuses, KeyOfAnotherBody, NotAccredited, …
 * @example
 * ```ts
 * await carryHandOver(registry.connect(anyone), joint);
 * ```
 */
export async function carryHandOver(
  registry: EvidenceRegistry,
  joint: JointHandOver,
): Promise<ContractTransactionReceipt> {
  await requirePlace(registry, joint);
  const { message, fromSignature, toSignature } = joint;
  const { exhibit, from, to, deadline } = message;
  return send(() => registry.handOver(deadline, exhibit, from, fromSignature, to, toSignature));
}

function textOf(value: string | number): string {
  return String(value).toLowerCase();
}
