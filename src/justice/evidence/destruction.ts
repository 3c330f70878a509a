import { id, type ContractTransactionReceipt, type Signer } from "ethers";

import { send } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { placeOf, type RegistryPlace } from "../placeOf.js";
import { JusticeError } from "../JusticeError.js";
import { type EvidenceMessages, evidenceTypedData } from "./evidenceTypedData.js";
import type { WitnessRole } from "./exhibitState.js";
import { requirePlace } from "../requirePlace.js";

/** What a witness of a destruction signed, for the custodian. Plain JSON. */
export interface SignedDestruction extends RegistryPlace {
  message: EvidenceMessages["Destruction"];
  signature: string;
}

/**
 * Has a witness sign that an exhibit is destroyed by an order; nothing is sent.
 *
 * @param registry Connected to a node.
 * @param signer The witness's key.
 * @param what The exhibit, the order's salted hash, and the role in which the witness signs.
 * @param options The last second at which the signature counts, and the witness's address where a wallet's owner signs for it.
 * @throws JusticeError PROVIDER_MISSING
 * @example
 * ```ts
 * const seen = await signDestruction(registry, notary, { exhibit: commitment, order, role: "notary" }, { deadline });
 * ```
 */
export async function signDestruction(
  registry: EvidenceRegistry,
  signer: Signer,
  { exhibit, order, role }: { exhibit: string; order: string; role: WitnessRole },
  options: { deadline: number; witness?: string },
): Promise<SignedDestruction> {
  const place = await placeOf(registry);
  const witness = options.witness ?? (await signer.getAddress());
  const message = { exhibit, order, role: id(`diwan.role.${role}`), witness, deadline: options.deadline };
  const { domain, types } = evidenceTypedData(place, "Destruction");
  return { ...place, message, signature: await signer.signTypedData(domain, types, message) };
}

/**
 * Records that an exhibit was destroyed, for good.
 *
 * @param registry Connected to a key of the custodian, accredited or not.
 * @param seen What two witnesses of different bodies signed of the same exhibit and order; neither is the custodian.
 * @throws JusticeError SIGNED_ELSEWHERE when they are of different registries, exhibits or orders, PROVIDER_MISSING; ContractError
 * WitnessNotIndependent, WitnessRoleInvalid, SignatureInvalid, SignatureExpired, ExhibitStateRefuses, ExhibitSealRefuses,
 * ExhibitHoldRefuses, GroundsMissing, KeyOfAnotherBody, …
 * @example
 * ```ts
 * await destroyExhibit(registry, [seenByNotary, seenByForensicCentre]);
 * ```
 */
export async function destroyExhibit(
  registry: EvidenceRegistry,
  seen: readonly [SignedDestruction, SignedDestruction],
): Promise<ContractTransactionReceipt> {
  const { exhibit, order } = seen[0].message;
  for (const one of seen) await requirePlace(registry, one);
  const other = seen[1].message;
  if (other.exhibit.toLowerCase() !== exhibit.toLowerCase() || other.order.toLowerCase() !== order.toLowerCase()) {
    throw new JusticeError("SIGNED_ELSEWHERE", "the witnesses signed of different exhibits or orders");
  }
  const witnesses = seen.map(({ message: { witness, role, deadline }, signature }) => {
    return { witness, role, deadline, signature };
  });
  return send(() => registry.destroy(exhibit, order, witnesses));
}
