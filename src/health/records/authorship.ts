import type { Signer, TypedDataDomain, TypedDataField } from "ethers";

import type { RecordRegistry } from "../../typechain/contracts/health/RecordRegistry.js";
import { HealthError } from "../HealthError.js";

/**
 * EIP-712 types of what a professional signs of a record.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from(AUTHORSHIP_TYPES);
 * ```
 */
export const AUTHORSHIP_TYPES: Readonly<Record<"RecordAuthorship", TypedDataField[]>> = {
  RecordAuthorship: [
    { name: "commitment", type: "bytes32" },
    { name: "kind", type: "uint16" },
    { name: "provider", type: "uint32" },
    { name: "author", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

/** What a professional signs of a record. */
export interface Authorship {
  /** The record: 32 bytes in hex. */
  commitment: string;
  /** The number of its resource type. */
  kind: number;
  /** The index of the provider that is to anchor it. */
  provider: number;
  /** The professional's key or wallet. */
  author: string;
  /** Last second at which the signature counts, in Unix seconds. */
  deadline: number;
}

/** A professional's signature of a record, for the provider that anchors it. */
export interface SignedAuthorship extends Authorship {
  signature: string;
}

/**
 * EIP-712 data of a professional's signature, for `signer.signTypedData(domain, types, message)`.
 *
 * @param chainId The chain's id.
 * @param registry The registry's address.
 * @param message What is signed.
 * @returns Domain, types, primary type and message.
 * @example
 * ```ts
 * const { domain, types, message } = authorshipTypedData(chainId, address, authorship);
 * const digest = TypedDataEncoder.hash(domain, types, message);
 * ```
 */
export function authorshipTypedData(chainId: bigint, registry: string, message: Authorship) {
  const domain: TypedDataDomain = { name: "Diwan RecordRegistry", version: "1", chainId, verifyingContract: registry };
  const types: Record<string, TypedDataField[]> = AUTHORSHIP_TYPES;
  return { domain, types, primaryType: "RecordAuthorship", message } as const;
}

/**
 * Signs a record as its author; nothing is sent.
 *
 * @param registry The registry, connected to a node.
 * @param signer The professional's key, or the owner of its wallet.
 * @param authorship What is signed; `author` is the signer's address, if left out, and the wallet's for an ERC-1271 wallet.
 * @returns The signature with what it is of, for `anchorAuthored` and `amendRecord`.
 * @throws HealthError PROVIDER_MISSING
 * @example
 * ```ts
 * const signed = await signAuthorship(registry, professional, { commitment, kind, provider, deadline });
 * await anchorAuthored(registry.connect(hospital), signed);
 * ```
 */
export async function signAuthorship(
  registry: RecordRegistry,
  signer: Signer,
  authorship: Omit<Authorship, "author"> & { author?: string },
): Promise<SignedAuthorship> {
  const node = registry.runner?.provider;
  if (node == null)
    throw new HealthError("PROVIDER_MISSING", "the chain's id is signed: connect the registry to a node");
  const { commitment, kind, provider, deadline } = authorship;
  const author = authorship.author ?? (await signer.getAddress());
  const signed: Authorship = { commitment, kind, provider, author, deadline };
  const { chainId } = await node.getNetwork();
  const { domain, types, message } = authorshipTypedData(chainId, await registry.getAddress(), signed);
  return { ...signed, signature: await signer.signTypedData(domain, types, message) };
}
