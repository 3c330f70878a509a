import type { Attestation } from "../../../test/helpers/issuer.js";
import type { Comparison } from "../Comparison.js";
import { compilePeer } from "../compilePeer.js";
import { gasRow } from "../gasRow.js";
import { diwanScene, JUDGED, MANY } from "./scene.js";
import { veraxScene } from "./veraxScene.js";

const STORED = {
  they: "keeps subject, attester, portal, schema and answer readable in storage, for ever; runs modules where a portal has some",
  we: `${JUDGED}; the subject is a salted hash and the answer a commitment, which the holder presents`,
};
const ENDED = { we: `${JUDGED}; keeps a reason` };

/** Attestations of Verax, by a default portal without modules, beside those of Diwan. */
export async function againstVerax(): Promise<Comparison[]> {
  const f = await diwanScene();
  const { chain, stranger } = f;
  const verax = await veraxScene(chain, f.operator);
  const row = (operation: string, figures: readonly [number, number], besides: { they?: string; we: string }) =>
    gasRow(operation, "verax", figures, besides);

  // The first of all writes the counter's slot, which nobody pays again.
  const [first, single, kept, ...all] = f.some(MANY + 3) as [Attestation, Attestation, Attestation, ...Attestation[]];
  await verax.attest(first);
  await f.attest(first);
  const issued = [await verax.attest(single), await f.attest(single)] as const;
  const issuedMany = [await verax.attestMany(all), await f.attestMany(all)] as const;
  await verax.attest(kept);
  await f.attest(kept);

  const keptId = verax.idOf(MANY + 3);
  const consumerArtifact = compilePeer("bench/peers/contracts/VeraxConsumer.sol");
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
