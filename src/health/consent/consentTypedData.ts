import type { TypedDataDomain, TypedDataField } from "ethers";

import type { Grant } from "./consentState.js";

const PATIENT: TypedDataField = { name: "patient", type: "address" };
const SLOT: TypedDataField[] = [
  { name: "grantee", type: "uint32" },
  { name: "scope", type: "bytes32" },
];
const VERSION: TypedDataField = { name: "version", type: "uint32" };
const NONCE: TypedDataField = { name: "nonce", type: "uint256" };
const DEADLINE: TypedDataField = { name: "deadline", type: "uint256" };

/**
 * EIP-712 types of all that a consent registry takes signatures for.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from({ ConsentGrant: CONSENT_TYPES.ConsentGrant });
 * ```
 */
export const CONSENT_TYPES = {
  ConsentGrant: [
    PATIENT,
    ...SLOT,
    { name: "purposes", type: "uint32" },
    { name: "from", type: "uint40" },
    { name: "until", type: "uint40" },
    { name: "uses", type: "uint24" },
    VERSION,
    DEADLINE,
  ],
  ConsentRevocation: [PATIENT, ...SLOT, VERSION, DEADLINE],
  ConsentObjection: [PATIENT, { name: "purposes", type: "uint32" }, NONCE, DEADLINE],
  ConsentDelegation: [PATIENT, { name: "commitment", type: "bytes32" }, NONCE, DEADLINE],
} satisfies Record<string, TypedDataField[]>;

/** Whose it is, and the last second at which the signature counts, in Unix seconds. */
interface Signed {
  patient: string;
  deadline: number;
}

/** What each signature is over, by the name of its type. Plain JSON. */
export interface ConsentMessages {
  /** `version` is the consent's version that the signer saw: the grant replaces that one and no other. */
  ConsentGrant: Signed & Grant & { version: number };
  /** `version` is the last one that is ended: the present one, or the next, which a signed grant would make. */
  ConsentRevocation: Signed & Pick<Grant, "grantee" | "scope"> & { version: number };
  /** `purposes` are all that shall be barred to everybody. */
  ConsentObjection: Signed & { purposes: number; nonce: number };
  /** `commitment` is of the delegates, as `delegatesCommitment` gives it; zero for none. */
  ConsentDelegation: Signed & { commitment: string; nonce: number };
}

/** Where a consent registry is. */
export interface ConsentPlace {
  /** The chain's id. */
  chainId: number;
  /** The registry's address. */
  registry: string;
}

/**
 * EIP-712 domain of a consent registry.
 *
 * @param place The registry.
 * @example
 * ```ts
 * const domain = consentDomain({ chainId: 31_337, registry: await registry.getAddress() });
 * ```
 */
export function consentDomain({ chainId, registry }: ConsentPlace): TypedDataDomain {
  return { name: "Diwan ConsentRegistry", version: "1", chainId, verifyingContract: registry };
}

/**
 * EIP-712 data that a patient or a delegate signs, for `signer.signTypedData(domain, types, message)`.
 *
 * @param place The registry.
 * @param type What is signed.
 * @param message Its content.
 * @returns Domain, types, primary type and message.
 * @example
 * ```ts
 * const { domain, types, message } = consentTypedData(place, "ConsentGrant", { patient, ...grant, version, deadline });
 * const signature = await patientKey.signTypedData(domain, types, message);
 * ```
 */
export function consentTypedData<T extends keyof ConsentMessages>(
  place: ConsentPlace,
  type: T,
  message: ConsentMessages[T],
) {
  const types: Record<string, TypedDataField[]> = { [type]: CONSENT_TYPES[type] };
  return { domain: consentDomain(place), types, primaryType: type, message } as const;
}
