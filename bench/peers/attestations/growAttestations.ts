import { id } from "ethers";

import { SCHEMA, type Attestation } from "../../../test/helpers/issuer.js";
import { easScene } from "../easScene.js";
import type { Growth } from "../Growth.js";
import { growEach, POWERS } from "../growEach.js";
import { diwanScene, expiryOf, MANY } from "./scene.js";
import { veraxScene } from "./veraxScene.js";

/** As many as the smallest live block takes of ours. */
const MOST = 390;

/** What one of 1 to 10⁶ attestations costs, issued together as far as that goes. */
export async function growAttestations(): Promise<Growth[]> {
  const f = await diwanScene();
  const { chain, registry } = f;
  const eas = await easScene(chain, f);
  const verax = await veraxScene(chain, f.operator);
  let issued = 0;
  const some = (count: number): Attestation[] => f.some(count, (issued += count) - count);
  // The first of all writes a counter that nobody pays again.
  await verax.attest(some(1)[0]!);

  const rooted: { count: number; ours: number; theirs: number }[] = [];
  for (const count of POWERS) {
    const root = id(`a root over ${count}`);
    rooted.push({
      count,
      ours: await chain.gas(() => registry.attestBatch(SCHEMA, root, count, 1n)),
      theirs: await eas.attest({ subject: id("a batch"), commitment: root, expiresAt: expiryOf(0) }),
    });
  }
  const each = (gas: number, count: number) => [count, Number((gas / count).toPrecision(4))] as const;
  return [
    {
      file: "attestations",
      title: "Issuing so many attestations",
      x: "attestations",
      y: "gas an attestation",
      note: `Dashes: reckoned by full transactions, of as many as the smallest live block takes: ${MANY} of EAS and of Verax, ${MOST} of ours. Under a root, a transaction is enough for all. What was issued before changes none of the figures, since each side writes slots of its own for an attestation ([measured](consortium-bench.md) of ours up to 100,000).`,
      lines: [
        await growEach("Verax", MANY, (count) => verax.attestMany(some(count))),
        await growEach("EAS", MANY, (count) => eas.attestMany(some(count))),
        await growEach("Diwan", MOST, (count) => f.attestMany(some(count))),
        { name: "EAS, a root", points: rooted.map(({ theirs, count }) => each(theirs, count)) },
        { name: "Diwan, a root", points: rooted.map(({ ours, count }) => each(ours, count)) },
      ],
    },
  ];
}
