import type { Provider, Signer, TypedDataDomain, TypedDataField } from "ethers";

import type { TrustList } from "../typechain/contracts/trust/TrustList.js";

/**
 * EIP-712 types of a key's consent to act for a body.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from(KEY_CONSENT_TYPES);
 * ```
 */
export const KEY_CONSENT_TYPES: Readonly<Record<"KeyConsent", TypedDataField[]>> = {
  KeyConsent: [
    { name: "body", type: "uint32" },
    { name: "operator", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

/** What a key signs before a body may name it. */
export interface KeyConsent {
  /** The body's index. */
  body: number;
  /** The key's address. */
  operator: string;
  /** Last second at which the consent counts, in Unix seconds. */
  deadline: bigint;
}

/** A key's consent with its signature, which the key's body carries to the trust list. */
export interface SignedKeyConsent extends KeyConsent {
  consent: string;
}

/**
 * EIP-712 domain of a trust list.
 *
 * @param chainId The chain's id.
 * @param trustList The trust list's address.
 * @example
 * ```ts
 * const domain = trustListDomain(31_337n, await trustList.getAddress());
 * ```
 */
export function trustListDomain(chainId: bigint, trustList: string): TypedDataDomain {
  return { name: "Diwan TrustList", version: "1", chainId, verifyingContract: trustList };
}

/**
 * EIP-712 data of a key's consent, for `signer.signTypedData(domain, types, message)`.
 *
 * @param chainId The chain's id.
 * @param trustList The trust list's address.
 * @param message What is signed.
 * @example
 * ```ts
 * const { domain, types } = keyConsentTypedData(chainId, trustList, { body: 3, operator, deadline });
 * const digest = TypedDataEncoder.hash(domain, types, message);
 * ```
 */
export function keyConsentTypedData(chainId: bigint, trustList: string, message: KeyConsent) {
  const types: Record<string, TypedDataField[]> = KEY_CONSENT_TYPES;
  return { domain: trustListDomain(chainId, trustList), types, primaryType: "KeyConsent", message } as const;
}

/**
 * Signs a key's consent to act for a body; nothing is sent.
 *
 * @param trustList The trust list.
 * @param operator The key.
 * @param body The body's index.
 * @param deadline Last second at which the consent counts, in Unix seconds.
 * @example
 * ```ts
 * const consent = await signKeyConsent(trustList, operator, body, now + 3_600n);
 * await authorizeKey(trustList.connect(controller), { ...consent, scopes: [schema], from, until });
 * ```
 */
export async function signKeyConsent(
  trustList: TrustList,
  operator: Signer,
  body: number,
  deadline: bigint,
): Promise<SignedKeyConsent> {
  const message = { body, operator: await operator.getAddress(), deadline };
  const { chainId } = await (trustList.runner?.provider as Provider).getNetwork();
  const { domain, types } = keyConsentTypedData(chainId, await trustList.getAddress(), message);
  return { ...message, consent: await operator.signTypedData(domain, types, message) };
}
