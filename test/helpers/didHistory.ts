import type { ContractTransactionResponse } from "ethers";
import { Resolver, type ResolverRegistry } from "did-resolver";
import { getResolver } from "ethr-did-resolver";

import { formatDid } from "../../src/identity/did/did.js";
import { readDid } from "../../src/identity/did/readDid.js";
import {
  addDelegate,
  endpoint,
  type DidFixture,
  PUBLIC_KEY,
  publicKey,
  revokeAttribute,
  revokeDelegate,
  SERVICE,
  setAttribute,
  SIG_AUTH,
  VERI_KEY,
  type Change,
} from "./did.js";
import type { randomOf } from "./random.js";

type PeerProvider = NonNullable<Extract<Parameters<typeof getResolver>[0], { provider?: unknown }>["provider"]>;

/** The chain's provider for the peers, whose types come of the same ethers in its other module format. */
function asEthers(provider: DidFixture["ethers"]["provider"]): PeerProvider {
  return provider as unknown as PeerProvider;
}

/** The unmodified resolver over the fixture's registry, and our reading of it. */
export function peersOf({ ethers, domain, did: identity }: Pick<DidFixture, "ethers" | "domain" | "did">) {
  const registry = domain.verifyingContract;
  const provider = ethers.provider;
  const network = { name: "0x7a69", chainId: 31_337, registry, provider: asEthers(provider) };
  const resolver = new Resolver(getResolver(network) as ResolverRegistry);
  const did = formatDid(31_337n, identity);
  return {
    did,
    resolver,
    /** What the peer says of a block, or of now. */
    resolve: (block?: number) => resolver.resolve(block === undefined ? did : `${did}?versionId=${block}`),
    /** What we say. */
    read: (at: { block?: number; time?: number } = {}) => readDid(provider, registry, did, { fromBlock: 0, ...at }),
  };
}

/** Sends several transactions into one block, in their order, and tells its number. */
export async function inOneBlock(
  { connection, ethers }: DidFixture,
  ...transactions: (() => Promise<ContractTransactionResponse>)[]
): Promise<number> {
  const { provider } = ethers;
  await provider.send("evm_setAutomine", [false]);
  for (const send of transactions) await send();
  await connection.networkHelpers.mine();
  await provider.send("evm_setAutomine", [true]);
  return provider.getBlockNumber();
}

/** A change drawn by a seed, out of few keys, delegates and services, so that they meet again. */
export function changeFrom(random: ReturnType<typeof randomOf>, delegates: readonly string[]): Change {
  const validity = random.of([0n, 1n, 30n, 10_000n, 2n ** 256n - 1n]);
  const type = random.of([VERI_KEY, SIG_AUTH, `0x${"ff".repeat(32)}`, `0x${"61".repeat(32)}`]);
  const attributes: [string, string][] = [
    [PUBLIC_KEY, publicKey(1)],
    [PUBLIC_KEY, publicKey(2)],
    [nameOf("did/pub/Ed25519/veriKey/base64"), `0x${"b9".repeat(32)}`],
    [nameOf("did/pub/Ed25519/sigAuth/base58"), `0x${"0c".repeat(32)}`],
    [nameOf("did/pub/RSA/sigAuth/pem"), endpoint("-----BEGIN PUBLIC KEY-----")],
    [nameOf("did/pub/RSA/veriKey/pem"), "0xff"],
    [nameOf("did/pub/Custom/other/raw"), "0x0102"],
    [nameOf("did/pub/Bare"), "0x03"],
    [nameOf("did/pub/a/b/c/d"), "0x04"],
    [SERVICE, endpoint("https://hub.example")],
    [SERVICE, endpoint('{"uri":"https://hub.example","n":1}')],
    [nameOf("did/svc/Broken"), "0xfffe"],
    [nameOf("did/other"), "0x05"],
    [`0x${"ff".repeat(32)}`, "0x06"],
  ];
  const [name, value] = random.of(attributes);
  switch (random.below(6)) {
    case 0:
    case 1:
      return setAttribute(name, value, validity);
    case 2:
      return revokeAttribute(name, value);
    case 3:
    case 4:
      return addDelegate(type, random.of(delegates), validity);
    default:
      return revokeDelegate(type, random.of(delegates));
  }
}

function nameOf(text: string): string {
  return `0x${Buffer.from(text).toString("hex").padEnd(64, "0")}`;
}
