import { id, toBeHex, toUtf8Bytes, TypedDataEncoder, ZeroAddress, zeroPadBytes, zeroPadValue } from "ethers";

import type { SuiteManifest } from "./NetworkManifest.js";

/** What an immutable must be, as a word; or, where the deployer chose it, how many bits it has. */
export type ImmutableWord = string | { readonly bits: number };

/**
 * What the immutables of a suite's contract must be, by their names in the source: the addresses that the manifest names, and what
 * OpenZeppelin's EIP712 remembers. Of periods and of who deployed, the manifest says nothing; `Inauguration` tells its deployer.
 *
 * @param domain EIP-712 name of the contract.
 * @param address Where the contract is.
 * @example
 * ```ts
 * const { _TRUST_LIST } = explainImmutables(manifest, "Diwan Benefits", manifest.contracts.benefits.address);
 * ```
 */
export function explainImmutables(
  manifest: SuiteManifest,
  domain: string,
  address: string,
): Readonly<Record<string, ImmutableWord>> {
  const { contracts, implementations, hub = ZeroAddress, chainId } = manifest;
  const version = "1";
  return {
    _TRUST_LIST: wordOf(contracts.trustList.address),
    _REGISTRY: wordOf(contracts.attestationRegistry.address),
    _ELECTION: wordOf(implementations.election.address),
    _TRUSTEES: wordOf(implementations.trustees.address),
    _trustedForwarder: wordOf(contracts.forwarder.address),
    _HUB: wordOf(hub),
    _DEPLOYER: { bits: 160 },
    _EXIT_DELAY: { bits: 40 },
    _GUARDIANS_DELAY: { bits: 40 },
    _MAX_WINDOW: { bits: 40 },
    _LAPSE: { bits: 32 },
    // By its own address a library sees that it was called, and not delegated to.
    library_deploy_address: wordOf(address),
    _cachedThis: wordOf(address),
    _cachedChainId: toBeHex(chainId, 32),
    _cachedDomainSeparator: TypedDataEncoder.hashDomain({
      name: domain,
      version,
      chainId,
      verifyingContract: address,
    }),
    _hashedName: id(domain),
    _hashedVersion: id(version),
    _name: shortString(domain),
    _version: shortString(version),
  };
}

function wordOf(address: string): string {
  return zeroPadValue(address.toLowerCase(), 32);
}

/** OpenZeppelin's ShortString: up to 31 bytes, and their number in the last. */
function shortString(text: string): string {
  const bytes = toUtf8Bytes(text);
  return zeroPadBytes(bytes, 31) + toBeHex(bytes.length).slice(2);
}
