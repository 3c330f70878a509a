import { id, type ContractTransactionReceipt, type Signer } from "ethers";

import { ask, send } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";
import { placeOf, type RegistryPlace } from "../placeOf.js";
import { JusticeError } from "../JusticeError.js";
import { type EvidenceMessages, evidenceTypedData } from "./evidenceTypedData.js";
import type { WitnessRole } from "./exhibitState.js";
import { requirePlace } from "../requirePlace.js";

/** A witness's co-attestation, for whoever carries it. Plain JSON. */
export interface SignedCoAttestation extends RegistryPlace {
  message: EvidenceMessages["CoAttestation"];
  signature: string;
}

/**
 * Has a witness sign that it co-attests what was deposited; nothing is sent.
 *
 * @param registry Connected to a node.
 * @param signer The witness's key.
 * @param what The exhibit's commitment or the batch's id, and the role in which the witness signs.
 * @param options The last second at which the signature counts, and the witness's address where a wallet's owner signs for it.
 * @throws JusticeError PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signCoAttestation(registry, notary, { subject: commitment, role: "notary" }, { deadline });
 * ```
 */
export async function signCoAttestation(
  registry: EvidenceRegistry,
  signer: Signer,
  { subject, role }: { subject: string; role: WitnessRole },
  options: { deadline: number; witness?: string },
): Promise<SignedCoAttestation> {
  const place = await placeOf(registry);
  const witness = options.witness ?? (await signer.getAddress());
  const message = { subject, role: id(`diwan.role.${role}`), witness, deadline: options.deadline };
  const { domain, types } = evidenceTypedData(place, "CoAttestation");
  return { ...place, message, signature: await signer.signTypedData(domain, types, message) };
}

/**
 * Carries what witnesses signed of one exhibit or batch: all, or none.
 *
 * @param registry Connected to whoever pays, who need not be trusted.
 * @param signed As `signCoAttestation` gives them; at least one, of distinct bodies.
 * @throws JusticeError SIGNED_ELSEWHERE when one is of another registry or subject than the first, PROVIDER_MISSING; ContractError
 * WitnessSubjectUnknown, WitnessesMissing, WitnessRoleInvalid, WitnessNotIndependent, SignatureInvalid, SignatureExpired,
 * NotAccredited, WritesAreStopped, …
 * @example
 * ```ts
 * await coAttest(registry.connect(anyone), [byNotary, byForensicCentre]);
 * ```
 */
export async function coAttest(
  registry: EvidenceRegistry,
  signed: readonly SignedCoAttestation[],
): Promise<ContractTransactionReceipt> {
  const subject = signed[0]?.message.subject ?? `0x${"00".repeat(32)}`;
  for (const one of signed) {
    await requirePlace(registry, one);
    if (one.message.subject.toLowerCase() === subject.toLowerCase()) continue;
    throw new JusticeError("SIGNED_ELSEWHERE", `one was signed of ${one.message.subject}, another of ${subject}`);
  }
  const attestations = signed.map(({ message: { witness, role, deadline }, signature }) => {
    return { witness, role, deadline, signature };
  });
  return send(() => registry.witnessDeposit(subject, attestations));
}

/**
 * Whether so many of the named bodies co-attested, each judged in the second in which it did.
 *
 * @param registry The registry.
 * @param subject The exhibit's commitment or the batch's id.
 * @param bodies Their indices in the trust list, in any order.
 * @param threshold How many of them must have, at least 1.
 * @param at The block to ask about; the newest one, if left out.
 * @example
 * ```ts
 * const isWitnessed = await isCoAttested(registry, commitment, [notary, forensicCentre, authority], 2);
 * ```
 */
export async function isCoAttested(
  registry: EvidenceRegistry,
  subject: string,
  bodies: readonly number[],
  threshold: number,
  at: { blockTag?: number } = {},
): Promise<boolean> {
  const ascending = [...new Set(bodies)].toSorted((a, b) => a - b);
  return ask(() => registry.isCoAttested(subject, ascending, threshold, at));
}
