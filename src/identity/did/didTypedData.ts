import type { Signer, TypedDataDomain, TypedDataField } from "ethers";

import type { DidChange } from "./didChange.js";

/** Where a DID registry is. */
export interface DidRegistryPlace {
  chainId: bigint;
  /** The registry's address. */
  registry: string;
}

/** What is signed over a DID counts once, until a time. */
interface Once {
  /** The DID's address. */
  identity: string;
  /** The registry's `nonce` of the DID. */
  nonce: bigint;
  /** Last second at which the signature counts, in Unix seconds. */
  deadline: bigint;
}

/** What an owner signs to make many changes of a DID. */
export interface ChangeMany extends Once {
  changes: DidChange[];
}

/** What an owner signs to give a DID away. */
export interface ChangeOwner extends Once {
  newOwner: string;
}

/** What a guardian signs to bring back a DID. */
export interface Recover extends Once {
  newOwner: string;
  /** The commitment to the guardians, as `guardiansCommitment` gives it. */
  guardians: string;
}

/** A guardian's signature under a recovery, as the registry takes it. */
export interface Approval {
  guardian: string;
  signature: string;
}

const IDENTITY: TypedDataField = { name: "identity", type: "address" };
const NEW_OWNER: TypedDataField = { name: "newOwner", type: "address" };
const ONCE: TypedDataField[] = [
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

/**
 * EIP-712 types of what is signed over DIDs.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from({ ChangeOwner: DID_TYPES.ChangeOwner });
 * ```
 */
export const DID_TYPES = {
  ChangeMany: [IDENTITY, { name: "changes", type: "Change[]" }, ...ONCE],
  Change: [
    { name: "kind", type: "uint8" },
    { name: "name", type: "bytes32" },
    { name: "value", type: "bytes" },
    { name: "validity", type: "uint256" },
  ],
  ChangeOwner: [IDENTITY, NEW_OWNER, ...ONCE],
  Recover: [IDENTITY, NEW_OWNER, { name: "guardians", type: "bytes32" }, ...ONCE],
} satisfies Record<string, TypedDataField[]>;

function didDomain({ chainId, registry }: DidRegistryPlace): TypedDataDomain {
  return { name: "Diwan DidRegistry", version: "1", chainId, verifyingContract: registry };
}

/**
 * EIP-712 data that makes many changes, for `signer.signTypedData(domain, types, message)` and `changeManyBySignature`.
 *
 * @param place The registry.
 * @param message What is signed.
 * @returns Domain, types, primary type and message.
 * @example
 * ```ts
 * const { domain, types, message } = changeManyTypedData(place, { identity, changes, nonce, deadline });
 * const signature = await owner.signTypedData(domain, types, message);
 * ```
 */
export function changeManyTypedData(place: DidRegistryPlace, message: ChangeMany) {
  const types: Record<string, TypedDataField[]> = { ChangeMany: DID_TYPES.ChangeMany, Change: DID_TYPES.Change };
  return { domain: didDomain(place), types, primaryType: "ChangeMany", message } as const;
}

/**
 * EIP-712 data that gives a DID away, for `signer.signTypedData(domain, types, message)` and `changeOwnerBySignature`.
 *
 * @param place The registry.
 * @param message What is signed; a new owner of zero deactivates the DID for ever.
 * @returns Domain, types, primary type and message.
 * @example
 * ```ts
 * const { domain, types, message } = changeOwnerTypedData(place, { identity, newOwner, nonce, deadline });
 * const signature = await owner.signTypedData(domain, types, message);
 * ```
 */
export function changeOwnerTypedData(place: DidRegistryPlace, message: ChangeOwner) {
  const types: Record<string, TypedDataField[]> = { ChangeOwner: DID_TYPES.ChangeOwner };
  return { domain: didDomain(place), types, primaryType: "ChangeOwner", message } as const;
}

/**
 * EIP-712 data that brings back a DID, for `signer.signTypedData(domain, types, message)` and `recover`.
 *
 * @param place The registry.
 * @param message What is signed.
 * @returns Domain, types, primary type and message.
 * @example
 * ```ts
 * const { domain, types, message } = recoverTypedData(place, { identity, newOwner, guardians, nonce, deadline });
 * ```
 */
export function recoverTypedData(place: DidRegistryPlace, message: Recover) {
  const types: Record<string, TypedDataField[]> = { Recover: DID_TYPES.Recover };
  return { domain: didDomain(place), types, primaryType: "Recover", message } as const;
}

/**
 * A guardian signs a recovery. Before that the guardian makes sure, face to face or by voice, that the holder asks.
 *
 * @param place The registry.
 * @param message What is signed.
 * @param guardian The guardian's key.
 * @example
 * ```ts
 * const approvals = sortApprovals([await approveRecovery(place, recovery, sister), await approveRecovery(place, recovery, bank)]);
 * await registry.recover(identity, newOwner, guardians, approvals, deadline);
 * ```
 */
export async function approveRecovery(
  place: DidRegistryPlace,
  message: Recover,
  guardian: Pick<Signer, "signTypedData" | "getAddress">,
): Promise<Approval> {
  const { domain, types } = recoverTypedData(place, message);
  return { guardian: await guardian.getAddress(), signature: await guardian.signTypedData(domain, types, message) };
}

/**
 * Approvals in the order that the registry wants.
 *
 * @param approvals Each of another guardian.
 * @example
 * ```ts
 * await registry.recover(identity, newOwner, guardians, sortApprovals(approvals), deadline);
 * ```
 */
export function sortApprovals(approvals: readonly Approval[]): Approval[] {
  return approvals.toSorted((a, b) => (BigInt(a.guardian) < BigInt(b.guardian) ? -1 : 1));
}
