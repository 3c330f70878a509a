import type { TypedDataDomain, TypedDataField } from "ethers";

/**
 * EIP-712 types of all that an evidence registry takes signatures for.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from({ HandOver: EVIDENCE_TYPES.HandOver });
 * ```
 */
export const EVIDENCE_TYPES = {
  HandOver: [
    { name: "exhibit", type: "bytes32" },
    { name: "hop", type: "uint16" },
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
  CoAttestation: [
    { name: "subject", type: "bytes32" },
    { name: "role", type: "bytes32" },
    { name: "witness", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
  Destruction: [
    { name: "exhibit", type: "bytes32" },
    { name: "order", type: "bytes32" },
    { name: "role", type: "bytes32" },
    { name: "witness", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
} satisfies Record<string, TypedDataField[]>;

/** What each signature is over, by the name of its type. Plain JSON; a deadline is the last second at which it counts. */
export interface EvidenceMessages {
  /** `hop` is the exhibit's present one; both parties sign the same. */
  HandOver: { exhibit: string; hop: number; from: string; to: string; deadline: number };
  /** `subject` is an exhibit's commitment or a batch's id. */
  CoAttestation: { subject: string; role: string; witness: string; deadline: number };
  /** `order` is the salted hash of the order. */
  Destruction: { exhibit: string; order: string; role: string; witness: string; deadline: number };
}

/**
 * The EIP-712 domain and types of a signature for an evidence registry, as `signTypedData` takes them.
 *
 * @param place The chain's id and the registry's address.
 * @param type What is signed.
 * @example
 * ```ts
 * const { domain, types } = evidenceTypedData({ chainId: 1337, registry }, "HandOver");
 * const signature = await signer.signTypedData(domain, types, message);
 * ```
 */
export function evidenceTypedData(
  { chainId, registry }: { chainId: number; registry: string },
  type: keyof EvidenceMessages,
): { domain: TypedDataDomain; types: Record<string, TypedDataField[]> } {
  const domain = { name: "Diwan EvidenceRegistry", version: "1", chainId, verifyingContract: registry };
  return { domain, types: { [type]: EVIDENCE_TYPES[type] } };
}
