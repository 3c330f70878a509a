import { AbiCoder, id, ZeroAddress, ZeroHash } from "ethers";

import { contentOf, issuerFixture, SCHEMA } from "../../test/helpers/issuer.js";
import { read } from "../../test/helpers/harness.js";
import type { Comparison } from "./Comparison.js";
import type { Family } from "./Family.js";
import { fetchPeer } from "./fetchPeer.js";
import { openChain } from "./openChain.js";
import { PEER_PACKAGES } from "./peerPackages.js";
import { readArtifact } from "./readArtifact.js";

/** Gas of attestations: issue, end, rely. */
export const attestations: Family = { name: "attestations", title: "Attestations", compare };

async function compare(): Promise<Comparison[]> {
  const f = await issuerFixture();
  const chain = openChain(f);
  const folder = await fetchPeer(PEER_PACKAGES.eas);
  const schemas = await chain.deploy(
    readArtifact(folder, "artifacts/contracts/SchemaRegistry.sol/SchemaRegistry.json"),
  );
  const eas = await chain.deploy(readArtifact(folder, "artifacts/contracts/EAS.sol/EAS.json"), schemas);
  const schema = await read<string>(schemas, "register", "bytes32 answer", ZeroAddress, true);
  await chain.call(schemas, "register", "bytes32 answer", ZeroAddress, true);
  const [answer] = [AbiCoder.defaultAbiCoder().encode(["bytes32"], [id("answer")])];
  const data = {
    recipient: f.stranger.address,
    expirationTime: 2n ** 32n,
    revocable: true,
    refUID: ZeroHash,
    data: answer,
    value: 0n,
  };
  const a = f.attestation(1);
  return [
    {
      operation: "issue one",
      peer: "eas",
      unit: "gas",
      theirs: await chain.call(eas.connect(f.operator), "attest", { schema, data }),
      ours: await chain.gas(() => f.registry.attest(SCHEMA, contentOf(a), a.expiresAt)),
      basis: "measured",
      theyAlso: "",
      weAlso: "",
    },
  ];
}
