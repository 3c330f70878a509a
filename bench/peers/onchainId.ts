import { AbiCoder, keccak256, type AddressLike, type BaseContract, type Signer } from "ethers";

import { read } from "../../test/helpers/harness.js";
import { fetchPeer } from "./fetchPeer.js";
import type { Chain } from "./openChain.js";
import { PEER_PACKAGES } from "./peerPackages.js";
import { readArtifact, type Artifact } from "./readArtifact.js";

/** ONCHAINID as it is deployed for many: one implementation, and a factory of proxies, one a holder. */
export interface OnchainId {
  claimIssuer: Artifact;
  /** Makes a holder's identity. */
  create(wallet: Signer, salt: string): Promise<BaseContract>;
  /** The gas of that. */
  createGas(wallet: Signer, salt: string): Promise<number>;
}

/** Puts ONCHAINID on a chain. */
export async function deployOnchainId(chain: Chain): Promise<OnchainId> {
  const folder = await fetchPeer(PEER_PACKAGES.onchainid);
  const of = (file: string, name: string) => readArtifact(folder, `artifacts/contracts/${file}.sol/${name}.json`);
  const placeholder = `0x${"11".repeat(20)}`;
  const implementation = await chain.deploy(of("Identity", "Identity"), placeholder, true);
  const authority = await chain.deploy(of("proxy/ImplementationAuthority", "ImplementationAuthority"), implementation);
  const factory = await chain.deploy(of("factory/IdFactory", "IdFactory"), authority);
  const createGas = async (wallet: Signer, salt: string) =>
    chain.call(factory, "createIdentity", await wallet.getAddress(), salt);
  return {
    claimIssuer: of("ClaimIssuer", "ClaimIssuer"),
    createGas,
    create: async (wallet, salt) => {
      await createGas(wallet, salt);
      return implementation.attach(await read<string>(factory, "getIdentity", await wallet.getAddress()));
    },
  };
}

/** What an ONCHAINID knows a key by: the hash of its address. */
export function onchainKeyOf(address: AddressLike): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address"], [address]));
}

/** What an ONCHAINID knows a claim by. */
export function onchainClaimId(issuer: AddressLike, topic: bigint | string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [issuer, topic]));
}
