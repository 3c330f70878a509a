import type { TypedDataDomain, TypedDataField } from "ethers";

import type { Item } from "./attestation.js";

/**
 * EIP-712 types of what an operator signs to issue many attestations at once.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from(ATTEST_MANY_TYPES);
 * ```
 */
export const ATTEST_MANY_TYPES: Readonly<Record<"AttestMany" | "Item", TypedDataField[]>> = {
  AttestMany: [
    { name: "schema", type: "bytes32" },
    { name: "items", type: "Item[]" },
    { name: "operator", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Item: [
    { name: "content", type: "bytes32" },
    { name: "expiresAt", type: "uint40" },
  ],
};

/** What an operator signs to issue many attestations at once. */
export interface AttestMany {
  /** What kind they are: 32 bytes in hex. */
  schema: string;
  /** At least one. */
  items: Item[];
  /** The accredited key that signs. */
  operator: string;
  /** The key's next nonce in the registry. */
  nonce: bigint;
  /** Last second at which the signature counts, in Unix seconds. */
  deadline: bigint;
}

/**
 * EIP-712 domain of an attestation registry.
 *
 * @param chainId The chain's id.
 * @param registry The registry's address.
 * @example
 * ```ts
 * const domain = attestationDomain(31_337n, await registry.getAddress());
 * ```
 */
export function attestationDomain(chainId: bigint, registry: string): TypedDataDomain {
  return { name: "Diwan AttestationRegistry", version: "1", chainId, verifyingContract: registry };
}

/**
 * EIP-712 data that issues many attestations, for `signer.signTypedData(domain, types, message)`.
 *
 * @param chainId The chain's id.
 * @param registry The registry's address.
 * @param message What is signed.
 * @returns Domain, types, primary type and message.
 * @example
 * ```ts
 * const { domain, types } = attestManyTypedData(chainId, registry, message);
 * const digest = TypedDataEncoder.hash(domain, types, message);
 * ```
 */
export function attestManyTypedData(chainId: bigint, registry: string, message: AttestMany) {
  const types: Record<string, TypedDataField[]> = ATTEST_MANY_TYPES;
  return { domain: attestationDomain(chainId, registry), types, primaryType: "AttestMany", message } as const;
}
