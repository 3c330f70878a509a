import type { ContractTransactionReceipt, Signer, TypedDataField } from "ethers";

import { send } from "../../chain/send.js";
import type { ServiceRegistry } from "../../typechain/contracts/justice/ServiceRegistry.js";
import { placeOf, type RegistryPlace } from "../placeOf.js";
import { requirePlace } from "../requirePlace.js";

/** What an addressee signs. */
export interface Acknowledgement {
  document: string;
  addressee: string;
  /** Last second at which the signature counts, in Unix seconds. */
  deadline: number;
}

/** An acknowledgement that was signed, for whoever carries it. Plain JSON. */
export interface SignedAcknowledgement extends Acknowledgement, RegistryPlace {
  signature: string;
}

/**
 * EIP-712 data of an acknowledgement, for `signer.signTypedData(domain, types, message)`.
 *
 * @param place The registry.
 * @param message Its content.
 * @example
 * ```ts
 * const { domain, types, message } = acknowledgementTypedData(place, { document, addressee, deadline });
 * ```
 */
export function acknowledgementTypedData({ chainId, registry }: RegistryPlace, message: Acknowledgement) {
  const domain = { name: "Diwan ServiceRegistry", version: "1", chainId, verifyingContract: registry };
  const types: Record<string, TypedDataField[]> = {
    ServiceAcknowledgement: [
      { name: "document", type: "bytes32" },
      { name: "addressee", type: "address" },
      { name: "deadline", type: "uint256" },
    ],
  };
  return { domain, types, primaryType: "ServiceAcknowledgement", message } as const;
}

/**
 * Has the addressee sign an acknowledgement; nothing is sent.
 *
 * @param registry Connected to a node.
 * @param signer The addressee's key.
 * @param message The document and the deadline; the addressee too, where a wallet's owner signs for the wallet.
 * @throws JusticeError PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signAcknowledgement(registry, addressee, { document, deadline: now + 86_400 });
 * ```
 */
export async function signAcknowledgement(
  registry: ServiceRegistry,
  signer: Signer,
  message: Omit<Acknowledgement, "addressee"> & { addressee?: string },
): Promise<SignedAcknowledgement> {
  const { document, deadline, addressee = await signer.getAddress() } = message;
  const whole = { document, addressee, deadline };
  const place = await placeOf(registry);
  const { domain, types } = acknowledgementTypedData(place, whole);
  return { ...place, ...whole, signature: await signer.signTypedData(domain, types, whole) };
}

/**
 * Carries an acknowledgement that the addressee signed.
 *
 * @param registry Connected to any key.
 * @param signed What the addressee signed.
 * @throws JusticeError SIGNED_ELSEWHERE, PROVIDER_MISSING; ContractError SignatureInvalid, SignatureExpired, ServiceStateRefuses, ServiceUnknown
 * @example
 * ```ts
 * await carryAcknowledgement(registry, signed);
 * ```
 */
export async function carryAcknowledgement(
  registry: ServiceRegistry,
  signed: SignedAcknowledgement,
): Promise<ContractTransactionReceipt> {
  await requirePlace(registry, signed);
  const { document, addressee, deadline, signature } = signed;
  return send(() => registry.acknowledgeBySignature(document, addressee, deadline, signature));
}
