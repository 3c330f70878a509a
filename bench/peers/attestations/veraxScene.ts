import { AbiCoder, id, toBeHex, type Signer } from "ethers";

import type { Attestation } from "../../../test/helpers/issuer.js";
import { compilePeer } from "../compilePeer.js";
import { fetchPeer } from "../fetchPeer.js";
import type { Chain } from "../openChain.js";
import { PEER_PACKAGES } from "../peerPackages.js";
import { readArtifact } from "../readArtifact.js";

const SCHEMA = "bytes32 answer";

/** Verax as its own script deploys it: each registry behind a transparent proxy, a router, an issuer with a default portal. */
export async function veraxScene(chain: Chain, operator: Signer) {
  const deployer = await chain.deployer();
  const folder = await fetchPeer(PEER_PACKAGES.verax);
  const of = (name: string) => readArtifact(folder, `build/${name}.json`);
  // The kind that the upgrades plugin deploys, which Verax's script uses; compiled here, since the published one does not run on
  // Berlin.
  const proxySource = "node_modules/@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
  const proxyArtifact = compilePeer(proxySource, { viaIR: false, runs: 200 });
  const behindProxy = async (name: string, ...args: unknown[]) => {
    const implementation = await chain.deploy(of(name), ...args);
    const data = implementation.interface.encodeFunctionData("initialize");
    const proxy = await chain.deploy(proxyArtifact, implementation, deployer, data);
    return implementation.attach(await proxy.getAddress()).connect(deployer);
  };
  const router = await behindProxy("Router");
  const attestations = await behindProxy("AttestationRegistry");
  const modules = await behindProxy("ModuleRegistry");
  const portals = await behindProxy("PortalRegistry", false);
  const schemas = await behindProxy("SchemaRegistry");
  const registries = { Attestation: attestations, Module: modules, Portal: portals, Schema: schemas };
  for (const [name, registry] of Object.entries(registries)) {
    await chain.call(router, `update${name}Registry`, registry);
    await chain.call(registry, "updateRouter", router);
  }
  // As on Linea, where Verax is at home.
  await chain.call(attestations, "updateChainPrefix", 0n);
  await chain.call(portals, "setIssuer", operator);
  await chain.call(schemas.connect(operator), "createSchema", "Answer", "An answer", "https://example.org", SCHEMA);
  const portal = (await chain.deploy(of("DefaultPortal"), [], router)).connect(operator);
  await chain.call(portals.connect(operator), "register", portal, "Office", "An office", true, "Office");
  const schema = id(SCHEMA);
  const payloadOf = ({ subject, commitment, expiresAt }: Attestation) => ({
    schemaId: schema,
    expirationDate: expiresAt,
    subject,
    attestationData: AbiCoder.defaultAbiCoder().encode(["bytes32"], [commitment]),
  });
  return {
    attestations,
    portal,
    schema,
    /** The id of the n-th attestation. */
    idOf: (n: number) => toBeHex(n, 32),
    attest: (a: Attestation) => chain.call(portal, "attest", payloadOf(a), []),
    attestMany: (all: readonly Attestation[]) => {
      const nothing = all.map(() => []);
      return chain.call(portal, "bulkAttest", all.map(payloadOf), nothing);
    },
  };
}
