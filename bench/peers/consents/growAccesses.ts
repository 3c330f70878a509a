import { ACCESSED } from "../../../test/helpers/consents.js";
import { easScene } from "../easScene.js";
import type { Growth } from "../Growth.js";
import { growEach } from "../growEach.js";
import { accesses, consentScene } from "./scene.js";

/** Near what a transaction carries of ours, and of timestamps in the smallest live block. */
const [MOST, STAMPS] = [4_000, 400];

/** What one of 1 to 10⁶ accesses costs that are logged together, as far as that goes. */
export async function growAccesses(): Promise<Growth[]> {
  const f = await consentScene();
  const { chain, hospitalKey, patient } = f;
  const eas = await easScene(chain, { operator: hospitalKey, stranger: f.relayer });
  let logged = 0;
  const next = (count: number) => accesses(count, (logged += count) - count);
  await f.grant(1);
  await f.logAccess(1);
  await f.logAccesses(next(1));
  return [
    {
      file: "consents",
      title: "Logging so many accesses",
      x: "accesses",
      y: "gas an access",
      note: `Dashes: reckoned by full transactions, of ${MOST.toLocaleString("en")} in our log, of ${STAMPS} timestamps, and of one where each is held against its consent or attested. What was logged before changes the log's figures as it does those of deposits, and none of the others.`,
      lines: [
        await growEach("EAS, attested", 1, () =>
          eas.attest({ subject: patient.address, commitment: ACCESSED, expiresAt: 0n }),
        ),
        await growEach("Diwan, checked", 1, () => f.logAccess(1)),
        await growEach("EAS, timestamps", STAMPS, (count) => chain.call(eas.eas, "multiTimestamp", next(count))),
        await growEach("Diwan, in the log", MOST, (count) => f.logAccesses(next(count))),
      ],
    },
  ];
}
