import { batchOf, leafOf, SCHEMA, type Attestation } from "../../../test/helpers/issuer.js";
import type { Comparison } from "../Comparison.js";
import { gasRow, type Besides } from "../gasRow.js";
import { easScene, recipientOf } from "../easScene.js";
import { diwanScene, expiryOf, JUDGED, MANY } from "./scene.js";

const STORED: Besides = {
  they: "keeps subject, attester, schema and answer readable in storage, for ever",
  we: `${JUDGED}; the subject is a salted hash and the answer a commitment, which the holder presents`,
};
const ENDED: Besides = { we: `${JUDGED}; keeps a reason` };

/** Attestations of EAS beside those of Diwan. */
export async function againstEas(): Promise<Comparison[]> {
  const f = await diwanScene();
  const eas = await easScene(f.chain, f);
  const row = (operation: string, figures: readonly [number, number], besides: Besides) =>
    gasRow(operation, "eas", figures, besides);
  const taken = { count: 0 };
  /** Attestations that neither side has issued. */
  const some = (count: number) => f.some(count, (taken.count += count) - count);
  const one = () => some(1)[0]!;

  const issue: Comparison[] = [];
  let all = [one()];
  issue.push(row("issue one", [await eas.attest(all[0]!), await f.attest(all[0]!)], STORED));
  all = some(MANY);
  issue.push(row(`issue ${MANY} in one transaction`, [await eas.attestMany(all), await f.attestMany(all)], STORED));
  for (const which of ["the issuer's first", "a later one"]) {
    const a = one();
    const figures = [await eas.attestByDelegation(a, expiryOf(0)), await f.attestBySignature([a])] as const;
    issue.push(row(`issue one that the issuer signed and another brings, ${which}`, figures, STORED));
  }
  all = some(MANY);
  issue.push(
    row(
      `issue ${MANY} that the issuer signed and another brings`,
      [await eas.multiAttestByDelegation(all, expiryOf(0)), await f.attestBySignature(all)],
      { ...STORED, they: `${STORED.they!}; checks ${MANY} signatures where ours has one` },
    ),
  );
  return [...issue, ...(await merkle(f, eas, some(1_024))), ...(await endAndRely(f, eas, some))];
}

type Diwan = Awaited<ReturnType<typeof diwanScene>>;
type Eas = Awaited<ReturnType<typeof easScene>>;

/** 1,024 under one root: at EAS, attested as its private data are, or only timestamped. */
async function merkle(f: Diwan, eas: Eas, leaves: readonly Attestation[]): Promise<Comparison[]> {
  const { chain, registry } = f;
  const { batch, memberships } = batchOf([...leaves], 1n);
  const hashes = leaves.map((leaf, i) => leafOf(leaf, BigInt(i)));
  const ours = await chain.gas(() => registry.attestBatch(SCHEMA, batch.root, batch.size, batch.bits));
  const [first] = leaves;
  const root = { subject: first!.subject, commitment: batch.root, expiresAt: expiryOf(0) };
  const attested = await eas.attest(root);
  const [rootUid = ""] = await eas.issue([root]);
  const stamped = await chain.call(eas.eas, "timestamp", batch.root);

  const mark = (wordIndex: bigint, mask: bigint) =>
    chain.gas(() => registry.markLeaves(batch, [{ wordIndex, mask }], 1n, 0n));
  const leafBesides = { we: "names the batch; the bits are a W3C Bitstring Status List" };
  const revokedOne = [await chain.call(eas.eas, "revokeOffchain", hashes[0]), await mark(0n, 1n << 255n)] as const;
  const revokedNext = [await chain.call(eas.eas, "revokeOffchain", hashes[1]), await mark(0n, 1n << 254n)] as const;
  const word = hashes.slice(256, 512);
  const revokedMany = [
    await chain.call(eas.eas, "multiRevokeOffchain", word),
    await mark(1n, 2n ** 256n - 1n),
  ] as const;

  const relied = [
    await chain.call(eas.consumer, "relyOnLeaf", rootUid, hashes[777], memberships[777]!.proof),
    await chain.call(f.consumer, "relyOnLeaf", leaves[777], memberships[777]),
  ] as const;
  return [
    gasRow("issue 1,024 under a Merkle root that is attested", "eas", [attested, ours], STORED),
    gasRow("issue 1,024 under a Merkle root that is only timestamped", "eas", [stamped, ours], {
      we: `says who issued; ${JUDGED}; binds schema and size, so that a leaf is revoked and relied on`,
    }),
    gasRow("revoke one of a Merkle batch, the first of its 256 neighbours", "eas", revokedOne, leafBesides),
    gasRow("revoke one of a Merkle batch, a later one", "eas", revokedNext, leafBesides),
    gasRow("revoke 256 of a Merkle batch", "eas", revokedMany, leafBesides),
    gasRow("a contract relies on one of a Merkle batch of 1,024", "eas", relied, {
      we: "judges the issuer and its key as they were when it issued",
    }),
  ];
}

/** Revocations, and a contract that relies on an attestation. */
async function endAndRely(f: Diwan, eas: Eas, some: (count: number) => Attestation[]): Promise<Comparison[]> {
  const [all, single, kept] = [some(MANY), some(1), some(1)];
  await f.attestMany([...all, ...single, ...kept]);
  const uids = await eas.issue(all);
  const [singleUid = "", keptUid = ""] = await eas.issue([...single, ...kept]);
  const revoked = [await eas.revoke(singleUid), await f.revoke(single[0]!)] as const;
  const revokedMany = [await eas.revokeMany(uids), await f.revokeMany(all)] as const;
  const [a] = kept as [Attestation];
  const rely = await f.rely(a);
  const { chain, consumer } = { chain: f.chain, consumer: eas.consumer };
  return [
    gasRow("revoke one", "eas", revoked, ENDED),
    gasRow(`revoke ${MANY} in one transaction`, "eas", revokedMany, ENDED),
    gasRow(
      "a contract relies on one: issuer, schema, subject, answer, expiry and revocation",
      "eas",
      [await chain.call(consumer, "rely", keptUid, recipientOf(a.subject), a.commitment), rely],
      { we: "judges the issuer and its key as they were when it issued" },
    ),
    gasRow(
      "a contract relies on one with the only question that EAS answers itself (isAttestationValid: it exists)",
      "eas",
      [await chain.call(consumer, "relyOnExistence", keptUid), rely],
      { we: "says whether it is valid: issuer, schema, subject, answer, expiry, suspension and revocation" },
    ),
  ];
}
