import { encodeBytes32String, getAddress, isHexString } from "ethers";

import { IdentityError } from "../IdentityError.js";

/**
 * Delegate type of the keys that may sign in as a DID: "sigAuth" in 32 bytes.
 *
 * @example
 * ```ts
 * const maySignIn = await registry.validDelegate(identity, SIG_AUTH, phone.address);
 * ```
 */
export const SIG_AUTH = encodeBytes32String("sigAuth");

/**
 * How a DID can stand: `IDidRegistry.State`, in its order.
 *
 * @example
 * ```ts
 * const [state] = await registry.stateOf(identity);
 * if (DID_STATES[Number(state)] === "FROZEN") refuse();
 * ```
 */
export const DID_STATES = ["ACTIVE", "FROZEN", "DEACTIVATED"] as const;

/** How a DID stands. */
export type DidState = (typeof DID_STATES)[number];

/** How a DID stands, and who may sign as it; plain JSON. */
export interface DidKeys {
  /** The DID's address. */
  identity: string;
  state: DidState;
  /** Who controls it, even while it is frozen; zero once it is deactivated. */
  owner: string;
  /** Delegates for "sigAuth", and the first second at which each no longer is one, in Unix seconds. */
  delegates: { delegate: string; validTo: number }[];
}

/** What a DID of the registry's chain names. */
export interface ParsedDid {
  chainId: bigint;
  /** The DID's address, with its checksum. */
  identity: string;
}

/**
 * The did:ethr of an address on a chain.
 *
 * @param chainId The chain's id.
 * @param identity The DID's address.
 * @returns Such as `did:ethr:0x7a69:0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266`.
 * @throws IdentityError DID_MALFORMED
 * @example
 * ```ts
 * const did = formatDid(31_337n, wallet.address);
 * ```
 */
export function formatDid(chainId: bigint, identity: string): string {
  if (chainId <= 0n || !isHexString(identity, 20)) {
    throw new IdentityError("DID_MALFORMED", `${identity} on chain ${chainId} cannot be a DID`);
  }
  return `did:ethr:0x${chainId.toString(16)}:${getAddress(identity.toLowerCase())}`;
}

/**
 * Reads a did:ethr that names its chain and an address. The form with a public key in the place of the address is not
 * read: it names the same DID as the key's address does.
 *
 * @param did Such as `did:ethr:0x7a69:0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266`, the address in whatever case.
 * @throws IdentityError DID_MALFORMED
 * @example
 * ```ts
 * const { identity } = parseDid(did);
 * ```
 */
export function parseDid(did: string): ParsedDid {
  const [, chain, identity] = /^did:ethr:(0x[1-9a-f][0-9a-f]{0,63}):(0x[0-9a-fA-F]{40})$/.exec(did) ?? [];
  if (chain === undefined || identity === undefined) {
    throw new IdentityError("DID_MALFORMED", `${did} is no did:ethr with a chain and an address`);
  }
  return { chainId: BigInt(chain), identity: getAddress(identity.toLowerCase()) };
}
