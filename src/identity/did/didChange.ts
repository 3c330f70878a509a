import { encodeBytes32String, getAddress, hexlify, isHexString, toUtf8Bytes } from "ethers";

import { IdentityError } from "../IdentityError.js";

/**
 * What can be changed of a DID: `IDidRegistry.Kind`, in its order.
 *
 * @example
 * ```ts
 * const kind = DID_CHANGE_KINDS[change.kind]; // "SET_ATTRIBUTE"
 * ```
 */
export const DID_CHANGE_KINDS = ["SET_ATTRIBUTE", "REVOKE_ATTRIBUTE", "ADD_DELEGATE", "REVOKE_DELEGATE"] as const;

/** One of many changes of a DID, as `changeMany` takes it. */
export interface DidChange {
  /** Place in DID_CHANGE_KINDS. */
  kind: number;
  /** The attribute's name or the delegate's type: 32 bytes in hex. */
  name: string;
  /** The attribute's value or the delegate's address, in hex. */
  value: string;
  /** Seconds from the block's time; 0 where the change revokes. */
  validity: bigint;
}

/**
 * Publishes a key or a service. Nothing personal belongs here: events cannot be erased.
 *
 * @param name As did:ethr has it, such as "did/pub/Secp256k1/veriKey/hex" or "did/svc/HubService": at most 31 bytes, or
 * 32 bytes in hex.
 * @param value The key in hex, or any text for a service.
 * @param validity Seconds.
 * @throws IdentityError DID_CHANGE_MALFORMED
 * @example
 * ```ts
 * const change = setAttribute("did/svc/HubService", "https://hub.example", 31_557_600n);
 * ```
 */
export function setAttribute(name: string, value: string, validity: bigint): DidChange {
  return change("SET_ATTRIBUTE", name, valueOf(value), validity);
}

/**
 * Revokes a key or a service.
 *
 * @param name What it was set under.
 * @param value What it was set to.
 * @throws IdentityError DID_CHANGE_MALFORMED
 * @example
 * ```ts
 * const change = revokeAttribute("did/svc/HubService", "https://hub.example");
 * ```
 */
export function revokeAttribute(name: string, value: string): DidChange {
  return change("REVOKE_ATTRIBUTE", name, valueOf(value), 0n);
}

/**
 * Adds a delegate, or changes how long one is valid.
 *
 * @param type What it may do: did:ethr knows "veriKey" and, to sign in as well, "sigAuth".
 * @param delegate Its address.
 * @param validity Seconds.
 * @throws IdentityError DID_CHANGE_MALFORMED
 * @example
 * ```ts
 * const change = addDelegate("sigAuth", phone.address, 31_557_600n);
 * ```
 */
export function addDelegate(type: string, delegate: string, validity: bigint): DidChange {
  return change("ADD_DELEGATE", type, addressOf(delegate), validity);
}

/**
 * Revokes a delegate.
 *
 * @param type What it could do.
 * @param delegate Its address.
 * @throws IdentityError DID_CHANGE_MALFORMED
 * @example
 * ```ts
 * const change = revokeDelegate("sigAuth", phone.address);
 * ```
 */
export function revokeDelegate(type: string, delegate: string): DidChange {
  return change("REVOKE_DELEGATE", type, addressOf(delegate), 0n);
}

function change(kind: (typeof DID_CHANGE_KINDS)[number], name: string, value: string, validity: bigint): DidChange {
  if (validity < 0n)
    throw new IdentityError("DID_CHANGE_MALFORMED", `the validity is ${validity} seconds; it must be 0 or more`);
  return { kind: DID_CHANGE_KINDS.indexOf(kind), name: nameOf(name), value, validity };
}

function nameOf(name: string): string {
  if (isHexString(name, 32)) return name;
  try {
    return encodeBytes32String(name);
  } catch (error) {
    throw new IdentityError("DID_CHANGE_MALFORMED", `"${name}" has more than 31 bytes`, { cause: error });
  }
}

function valueOf(value: string): string {
  return isHexString(value, true) ? value : hexlify(toUtf8Bytes(value));
}

function addressOf(delegate: string): string {
  try {
    return getAddress(delegate);
  } catch (error) {
    throw new IdentityError("DID_CHANGE_MALFORMED", `${delegate} is no address`, { cause: error });
  }
}
