import { Resolver, type DIDResolutionResult, type ResolverRegistry } from "did-resolver";
import { getResolver } from "ethr-did-resolver";

import type { Job } from "./job.js";

/** Resolves a DID as strangers do: `did-resolver` and `ethr-did-resolver`, neither of them changed. */
export async function resolveDid({ chain, chainId, suite }: Job, did: string): Promise<DIDResolutionResult> {
  const registry = suite.addresses.didRegistry;
  // Its types are of ethers' CommonJS build and of another did-resolver than ours; what they describe is the same.
  const network = { name: `0x${chainId.toString(16)}`, chainId, registry, provider: chain.provider as never };
  return new Resolver(getResolver(network) as ResolverRegistry).resolve(did);
}
