import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";

type Sent = Promise<ContractTransactionReceipt>;

/**
 * Seals an exhibit: it is not moved, returned or destroyed until a court unseals it.
 *
 * @param registry Connected to a key of the custodian, accredited or not.
 * @param commitment The exhibit.
 * @throws ContractError ExhibitSealRefuses, ExhibitStateRefuses, ExhibitUnknown, KeyOfAnotherBody, KeyNotInForce, …
 * @example
 * ```ts
 * await sealExhibit(registry, commitment);
 * ```
 */
export async function sealExhibit(registry: EvidenceRegistry, commitment: string): Sent {
  return send(() => registry.seal(commitment));
}

/**
 * Unseals an exhibit.
 *
 * @param registry Connected to a key that is accredited as a court; of the court in charge, where there is one.
 * @param commitment The exhibit.
 * @param order The order's salted hash, 32 bytes in hex.
 * @throws ContractError ExhibitSealRefuses, ExhibitStateRefuses, CourtNotInCharge, GroundsMissing, NotAccredited, …
 * @example
 * ```ts
 * await unsealExhibit(registry.connect(court), commitment, order);
 * ```
 */
export async function unsealExhibit(registry: EvidenceRegistry, commitment: string, order: string): Sent {
  return send(() => registry.liftSeal(commitment, order));
}

/**
 * Tenders an exhibit to a court, which is in charge of it from then on.
 *
 * @param registry Connected to a key of the custodian, accredited or not.
 * @param commitment The exhibit.
 * @param court The court's index in the trust list.
 * @throws ContractError ExhibitStateRefuses, CourtNotInCharge, NotAccredited, KeyOfAnotherBody, …
 * @example
 * ```ts
 * await tenderExhibit(registry, commitment, court);
 * ```
 */
export async function tenderExhibit(registry: EvidenceRegistry, commitment: string, court: number): Sent {
  return send(() => registry.tender(court, commitment));
}

/**
 * Challenges an exhibit that was tendered.
 *
 * @param registry Connected to a key that is accredited as an advocate.
 * @param commitment The exhibit.
 * @param grounds The challenge's salted hash, 32 bytes in hex.
 * @throws ContractError ExhibitStateRefuses, GroundsMissing, NotAccredited, …
 * @example
 * ```ts
 * await challengeExhibit(registry.connect(advocate), commitment, grounds);
 * ```
 */
export async function challengeExhibit(registry: EvidenceRegistry, commitment: string, grounds: string): Sent {
  return send(() => registry.openChallenge(commitment, grounds));
}

/**
 * Answers a challenge.
 *
 * @param registry Connected to a key that is accredited as an advocate, or to one of the custodian, accredited or not.
 * @param commitment The exhibit.
 * @param answer The answer's salted hash, 32 bytes in hex.
 * @param as As whom the key answers.
 * @throws ContractError ExhibitStateRefuses, GroundsMissing, NotAccredited, KeyOfAnotherBody, …
 * @example
 * ```ts
 * await rebutExhibit(registry, commitment, answer, "CUSTODIAN");
 * ```
 */
export async function rebutExhibit(
  registry: EvidenceRegistry,
  commitment: string,
  answer: string,
  as: "ADVOCATE" | "CUSTODIAN",
): Sent {
  return send(() =>
    as === "CUSTODIAN" ? registry.rebut(commitment, answer) : registry.rebutAsAdvocate(commitment, answer),
  );
}

/**
 * Admits an exhibit.
 *
 * @param registry Connected to a key, accredited as a court, of the court in charge.
 * @param commitment The exhibit.
 * @param decision The decision's salted hash, 32 bytes in hex.
 * @throws ContractError ExhibitStateRefuses, CourtNotInCharge, GroundsMissing, NotAccredited, …
 * @example
 * ```ts
 * await admitExhibit(registry.connect(court), commitment, decision);
 * ```
 */
export async function admitExhibit(registry: EvidenceRegistry, commitment: string, decision: string): Sent {
  return send(() => registry.decideAdmission(commitment, decision));
}

/**
 * Excludes an exhibit, even one that was admitted.
 *
 * @param registry Connected to a key, accredited as a court, of the court in charge.
 * @param commitment The exhibit.
 * @param decision The decision's salted hash, 32 bytes in hex.
 * @throws ContractError ExhibitStateRefuses, CourtNotInCharge, GroundsMissing, NotAccredited, …
 * @example
 * ```ts
 * await excludeExhibit(registry.connect(court), commitment, decision);
 * ```
 */
export async function excludeExhibit(registry: EvidenceRegistry, commitment: string, decision: string): Sent {
  return send(() => registry.decideExclusion(commitment, decision));
}

/**
 * Returns an exhibit to its owner, for good.
 *
 * @param registry Connected to a key of the custodian, accredited or not.
 * @param commitment The exhibit.
 * @param order The order's salted hash, 32 bytes in hex.
 * @throws ContractError ExhibitStateRefuses, ExhibitSealRefuses, ExhibitHoldRefuses, GroundsMissing, KeyOfAnotherBody, …
 * @example
 * ```ts
 * await returnExhibit(registry, commitment, order);
 * ```
 */
export async function returnExhibit(registry: EvidenceRegistry, commitment: string, order: string): Sent {
  return send(() => registry.returnExhibit(commitment, order));
}

/**
 * Forbids an exhibit's return and destruction. The court is in charge of it from then on.
 *
 * @param registry Connected to a key that is accredited as a court; of the court in charge, where there is one.
 * @param commitment The exhibit.
 * @param order The order's salted hash, 32 bytes in hex.
 * @throws ContractError ExhibitHoldRefuses, ExhibitStateRefuses, CourtNotInCharge, GroundsMissing, NotAccredited, …
 * @example
 * ```ts
 * await holdExhibit(registry.connect(court), commitment, order);
 * ```
 */
export async function holdExhibit(registry: EvidenceRegistry, commitment: string, order: string): Sent {
  return send(() => registry.hold(commitment, order));
}

/**
 * Lifts a hold.
 *
 * @param registry Connected to a key, accredited as a court, of the court in charge.
 * @param commitment The exhibit.
 * @param order The order's salted hash, 32 bytes in hex.
 * @throws ContractError ExhibitHoldRefuses, ExhibitStateRefuses, CourtNotInCharge, GroundsMissing, NotAccredited, …
 * @example
 * ```ts
 * await releaseFromHold(registry.connect(court), commitment, order);
 * ```
 */
export async function releaseFromHold(registry: EvidenceRegistry, commitment: string, order: string): Sent {
  return send(() => registry.releaseFromHold(commitment, order));
}
