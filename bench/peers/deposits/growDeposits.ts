import { CASE, evidenceFixture, exhibits } from "../../../test/helpers/evidence.js";
import { easScene } from "../easScene.js";
import type { Growth } from "../Growth.js";
import { POWERS } from "../growEach.js";
import { openChain } from "../openChain.js";

/** How many are deposited together. */
const TOGETHER = 64;
/** As many as a transaction carries. */
const FILL = 4_000;
/** Up to here, as many hashes were timestamped before at EAS. */
const STAMPED = 1_000;

type Points = [number, number][];

/** A deposit in a log that holds 1 to 10⁶ exhibits, all of which were deposited; and a timestamp of EAS. */
export async function growDeposits(): Promise<Growth[]> {
  const f = await evidenceFixture();
  const chain = openChain(f);
  const eas = await easScene(chain, { operator: f.parties.police.key, stranger: f.stranger });
  let deposited = 0;
  const deposit = async (count: number) => {
    const hashes = exhibits(count, deposited);
    deposited += count;
    return chain.gas(() => f.registry.depositMany(f.tool, hashes, CASE));
  };
  let stamped = 0;
  const stamp = async (count: number) => {
    const hashes = exhibits(count, stamped);
    stamped += count;
    return chain.call(eas.eas, "multiTimestamp", hashes);
  };

  const [one, many, stampedOne, stampedMany]: [Points, Points, Points, Points] = [[], [], [], []];
  for (const size of POWERS) {
    while (deposited < size) await deposit(Math.min(FILL, size - deposited));
    one.push([size, await deposit(1)]);
    many.push([size, Math.round((await deposit(TOGETHER)) / TOGETHER)]);
    while (stamped < Math.min(size, STAMPED)) await stamp(Math.min(400, size - stamped));
    stampedOne.push([size, await stamp(1)]);
    stampedMany.push([size, Math.round((await stamp(TOGETHER)) / TOGETHER)]);
  }
  return [
    {
      file: "deposits",
      title: "A deposit, when so many are there already",
      x: "exhibits in the log",
      y: "gas an exhibit",
      note: `Each log was filled with real deposits. At EAS, up to ${STAMPED.toLocaleString("en")} hashes were there; more would change nothing, since it looks each up in a mapping alone.`,
      lines: [
        { name: "Diwan, one alone", points: one },
        { name: "EAS, one alone", points: stampedOne, simulatedFrom: STAMPED * 10 },
        { name: `EAS, each of ${TOGETHER}`, points: stampedMany, simulatedFrom: STAMPED * 10 },
        { name: `Diwan, each of ${TOGETHER}`, points: many },
      ],
    },
  ];
}
