import type { TypedDataField } from "ethers";

import type { RegistryPlace } from "../placeOf.js";

/** A power: whose it is, and what it lets do. */
export interface PowerSlot {
  agent: string;
  /** As `commitPower` gives it. */
  scope: string;
}

/** A power to grant, from its first second to the first that it is no longer in force, in Unix seconds. */
export interface PowerToGrant extends PowerSlot {
  from: number;
  until: number;
}

/** What each signature is over, by the name of its type. Plain JSON. */
export interface PowerMessages {
  /** `version` is the power's version that the signer saw. */
  PowerGrant: PowerToGrant & { principal: string; version: number; deadline: number };
  /** `version` is the last one that is ended: the present one, or the next, which a signed grant would make. */
  PowerRevocation: PowerSlot & { principal: string; version: number; deadline: number };
}

const SLOT: TypedDataField[] = [
  { name: "principal", type: "address" },
  { name: "agent", type: "address" },
  { name: "scope", type: "bytes32" },
];
const END: TypedDataField[] = [
  { name: "version", type: "uint32" },
  { name: "deadline", type: "uint256" },
];

/**
 * EIP-712 types of what principals sign.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from({ PowerGrant: POWER_TYPES.PowerGrant });
 * ```
 */
export const POWER_TYPES = {
  PowerGrant: [...SLOT, { name: "from", type: "uint40" }, { name: "until", type: "uint40" }, ...END],
  PowerRevocation: [...SLOT, ...END],
} satisfies Record<string, TypedDataField[]>;

/**
 * EIP-712 data that a principal signs, for `signer.signTypedData(domain, types, message)`.
 *
 * @param place The registry.
 * @param type What is signed.
 * @param message Its content.
 * @example
 * ```ts
 * const { domain, types, message } = powerTypedData(place, "PowerRevocation", revocation);
 * ```
 */
export function powerTypedData<T extends keyof PowerMessages>(
  { chainId, registry }: RegistryPlace,
  type: T,
  message: PowerMessages[T],
) {
  const domain = { name: "Diwan PowerOfAttorneyRegistry", version: "1", chainId, verifyingContract: registry };
  const types: Record<string, TypedDataField[]> = { [type]: POWER_TYPES[type] };
  return { domain, types, primaryType: type, message } as const;
}
