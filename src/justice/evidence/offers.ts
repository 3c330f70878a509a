import type { ContractTransactionReceipt } from "ethers";

import { ask, send } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { EXHIBIT_REFUSALS, type ExhibitRefusal } from "./exhibitState.js";

/** An offer to take an exhibit. */
export interface ExhibitOffer {
  /** The body that may take it: its index in the trust list. */
  to: number;
  /** First second at which it no longer may, in Unix seconds. */
  until: number;
}

/**
 * Offers an exhibit to another custodian, in place of an offer before.
 *
 * @param registry Connected to a key of the custodian, accredited or not.
 * @param commitment The exhibit.
 * @param offer To whom, and until when.
 * @throws ContractError CustodianIsSame, OfferEndInvalid, NotAccredited, ExhibitSealRefuses, ExhibitStateRefuses, KeyOfAnotherBody, …
 * @example
 * ```ts
 * await offerExhibit(registry, commitment, { to: laboratory, until: now + 86_400 });
 * ```
 */
export async function offerExhibit(
  registry: EvidenceRegistry,
  commitment: string,
  { to, until }: ExhibitOffer,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.offer(commitment, to, until));
}

/**
 * Takes an offer back.
 *
 * @param registry Connected to a key of the custodian, accredited or not.
 * @param commitment The exhibit.
 * @throws ContractError OfferMissing, ExhibitUnknown, KeyOfAnotherBody, KeyNotInForce, …
 * @example
 * ```ts
 * await recallOffer(registry, commitment);
 * ```
 */
export async function recallOffer(registry: EvidenceRegistry, commitment: string): Promise<ContractTransactionReceipt> {
  return send(() => registry.recall(commitment));
}

/**
 * Takes an exhibit that was offered.
 *
 * @param registry Connected to a key, accredited as evidence-custodian, of the body that it was offered to.
 * @param commitment The exhibit.
 * @throws ContractError OfferMissing, OfferLapsed, ExhibitSealRefuses, ExhibitStateRefuses, NotAccredited, …
 * @example
 * ```ts
 * await acceptExhibit(registry.connect(laboratory), commitment);
 * ```
 */
export async function acceptExhibit(
  registry: EvidenceRegistry,
  commitment: string,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.accept(commitment));
}

/**
 * Does not take an exhibit that was offered, and says why.
 *
 * @param registry Connected to a key, accredited as evidence-custodian, of the body that it was offered to.
 * @param commitment The exhibit.
 * @param refusal Why.
 * @throws ContractError OfferMissing, OfferLapsed, ExhibitUnknown, NotAccredited, …
 * @example
 * ```ts
 * await rejectExhibit(registry.connect(laboratory), commitment, "SEAL_BROKEN");
 * ```
 */
export async function rejectExhibit(
  registry: EvidenceRegistry,
  commitment: string,
  refusal: ExhibitRefusal,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.reject(commitment, EXHIBIT_REFUSALS.indexOf(refusal)));
}

/**
 * The offer of an exhibit that custody has not outrun; it may have lapsed.
 *
 * @param registry The registry.
 * @param commitment The exhibit.
 * @param at The block to ask about; the newest one, if left out.
 * @returns Undefined when there is none.
 * @example
 * ```ts
 * const isOpen = ((await offerOf(registry, commitment))?.until ?? 0) > now;
 * ```
 */
export async function offerOf(
  registry: EvidenceRegistry,
  commitment: string,
  at: { blockTag?: number } = {},
): Promise<ExhibitOffer | undefined> {
  const [offer, { hop }] = await ask(() =>
    Promise.all([registry.currentOfferOf(commitment, at), registry.exhibitOf(commitment, at)]),
  );
  if (offer.to === 0n || offer.hop !== hop) return undefined;
  return { to: Number(offer.to), until: Number(offer.until) };
}
