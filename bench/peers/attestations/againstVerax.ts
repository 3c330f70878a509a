import { AbiCoder, id, toBeHex, type Signer } from "ethers";

import type { Attestation } from "../../../test/helpers/issuer.js";
import type { Comparison } from "../Comparison.js";
import { compilePeer } from "../compilePeer.js";
import { fetchPeer } from "../fetchPeer.js";
import { gasRow } from "../gasRow.js";
import type { Chain } from "../openChain.js";
import { PEER_PACKAGES } from "../peerPackages.js";
import { readArtifact } from "../readArtifact.js";
import { diwanScene, JUDGED, MANY } from "./scene.js";

const SCHEMA = "bytes32 answer";
const STORED = {
  they: "keeps subject, attester, portal, schema and answer readable in storage, for ever; runs modules where a portal has some",
  we: `${JUDGED}; the subject is a salted hash and the answer a commitment, which the holder presents`,
};
const ENDED = { we: `${JUDGED}; keeps a reason` };

/** Attestations of Verax, by a default portal without modules, beside those of Diwan. */
export async function againstVerax(): Promise<Comparison[]> {
  const f = await diwanScene();
  const { chain, stranger } = f;
  const verax = await deployVerax(chain, f.operator);
  const payload = ({ subject, commitment, expiresAt }: Attestation) => ({
    schemaId: verax.schema,
    expirationDate: expiresAt,
    subject,
    attestationData: AbiCoder.defaultAbiCoder().encode(["bytes32"], [commitment]),
  });
  const attest = (a: Attestation) => chain.call(verax.portal, "attest", payload(a), []);
  const attestMany = (all: readonly Attestation[]) =>
    chain.call(
      verax.portal,
      "bulkAttest",
      all.map(payload),
      all.map(() => []),
    );
  const row = (operation: string, figures: readonly [number, number], besides: { they?: string; we: string }) =>
    gasRow(operation, "verax", figures, besides);

  // The first of all writes the counter's slot, which nobody pays again.
  const [first, single, kept, ...all] = f.some(MANY + 3) as [Attestation, Attestation, Attestation, ...Attestation[]];
  await attest(first);
  await f.attest(first);
  const issued = [await attest(single), await f.attest(single)] as const;
  const issuedMany = [await attestMany(all), await f.attestMany(all)] as const;
  await attest(kept);
  await f.attest(kept);

  const keptId = verax.idOf(MANY + 3);
  const consumerArtifact = compilePeer("bench/peers/contracts/VeraxConsumer.sol", {});
  const consumer = await chain.deploy(consumerArtifact, verax.attestations, verax.schema, verax.portal);
  const relied = [
    await chain.call(consumer.connect(stranger), "rely", keptId, kept.subject, kept.commitment),
    await f.rely(kept),
  ] as const;
  const revoked = [await chain.call(verax.portal, "revoke", verax.idOf(2)), await f.revoke(single)] as const;
  const ids = all.map((_, i) => verax.idOf(i + 3));
  const revokedMany = [await chain.call(verax.portal, "bulkRevoke", ids), await f.revokeMany(all)] as const;
  return [
    row("issue one", issued, STORED),
    row(`issue ${MANY} in one transaction`, issuedMany, STORED),
    row("revoke one", revoked, ENDED),
    row(`revoke ${MANY} in one transaction`, revokedMany, ENDED),
    row("a contract relies on one: issuer, schema, subject, answer, expiry and revocation", relied, {
      we: "judges the issuer and its key as they were when it issued",
    }),
  ];
}

/** Verax as its own script deploys it: each registry behind a transparent proxy, a router, an issuer with a default portal. */
async function deployVerax(chain: Chain, operator: Signer) {
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
  return {
    attestations,
    portal: portal,
    schema: id(SCHEMA),
    idOf: (n: number) => toBeHex(n, 32),
  };
}
