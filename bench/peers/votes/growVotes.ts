import type { Line } from "../../tooling/drawChart.js";
import type { Growth } from "../Growth.js";
import { POWERS } from "../growEach.js";
import { CHOICES, VOTERS } from "./compareVotes.js";
import { batchGas, castGas, castOfRoll, frameGas, rollGas } from "./measureElection.js";
import { measureGovernor } from "./measureGovernor.js";
import { measureMaci } from "./measureMaci.js";
import { measureSemaphore } from "./measureSemaphore.js";

/** Options of a question, from few to as many as a question has. */
export const OPTIONS = [2, 3, 5, 10, 15, 20, 25, 32];
/** What MACI's largest published circuits hold: a binary tree of 14 levels, one leaf of which is blank. */
const MACI_VOTERS = 10_000;

/** How votes grow with options and with voters. */
export async function growVotes(): Promise<Growth[]> {
  const [governor, semaphore, maci] = [
    await measureGovernor(VOTERS),
    await measureSemaphore(),
    await measureMaci(VOTERS),
  ];
  const flat = (name: string, gas: number, places: readonly number[], simulatedFrom?: number): Line => ({
    ...{ name, points: places.map((at) => [at, gas] as const) },
    ...(simulatedFrom === undefined ? {} : { simulatedFrom }),
  });

  const [direct, batched]: [Line, Line] = [
    { name: "Diwan, cast directly", points: [] },
    { name: `Diwan, in a batch of ${VOTERS}`, points: [] },
  ];
  for (const options of OPTIONS) {
    direct.points.push([options, (await castGas(options)).first]);
    batched.points.push([options, await batchGas(options, VOTERS)]);
  }

  const listed: Line = { name: "Diwan", points: [] };
  for (const voters of POWERS) listed.points.push([voters, await castOfRoll(2, Math.ceil(Math.log2(voters)))]);

  const frame = await frameGas(CHOICES, VOTERS);
  const roll = await rollGas(VOTERS);
  const each = (fixed: number, own: number, places: readonly number[]) =>
    places.map((voters) => [voters, Math.round(fixed / voters + own)] as const);
  const counted = frame.count - frame.result;
  // Where a poll of MACI is counted in batches, the mean of so many voters stands for each.
  return [
    {
      file: "votes-options",
      title: "A first ballot, by the options of its question",
      ...{ x: "options", y: "gas" },
      note: "A message of MACI and a proof of Semaphore are the same whatever the options are. What the peers hide and do not hide is said above.",
      lines: [direct, batched, flat("MACI", maci.vote, OPTIONS), flat("Semaphore", semaphore.small, OPTIONS)],
    },
    {
      file: "votes-voters",
      title: "One ballot, by how many may vote",
      ...{ x: "voters who may vote", y: "gas" },
      note: "Diwan: a real proof of a roll of that many levels, made of levels instead of voters. Semaphore: real proofs with the keys of trees of 3 and of 20 levels, which differ by a few gas of calldata; between them it is taken to be the same. A Governor's vote does not hang on how many may vote.",
      lines: [
        { ...listed, simulatedFrom: 10 },
        flat("Semaphore", semaphore.large, POWERS, 10),
        flat("OpenZeppelin Governor", governor.later, POWERS, 100),
      ],
    },
    {
      file: "votes-whole",
      title: `A whole vote, ${CHOICES} options: admitted, opened, cast, counted`,
      ...{ x: "voters", y: "gas a voter" },
      note: `Reckoned from what was measured with ${VOTERS} voters: what is paid once, by the voters, and what is paid for each. Diwan: batches of ${VOTERS}, a roll of that many levels left out (700 gas a level of a ballot at most). MACI's largest published circuits hold 16,383 voters.`,
      lines: [
        {
          name: "Diwan",
          points: each(frame.open + roll + frame.result, (frame.ballots + counted) / VOTERS, POWERS),
          simulatedFrom: 1,
        },
        {
          name: "Semaphore",
          points: each(semaphore.open, semaphore.admitMany + semaphore.small, POWERS),
          simulatedFrom: 1,
        },
        {
          name: "OpenZeppelin Governor",
          points: each(governor.open, governor.admit + governor.later, POWERS),
          simulatedFrom: 1,
        },
        {
          name: "MACI",
          points: each(
            maci.open + maci.merge,
            maci.admit + maci.vote + (maci.count - maci.merge) / VOTERS,
            POWERS.filter((voters) => voters <= MACI_VOTERS),
          ),
          simulatedFrom: 1,
        },
      ],
    },
  ];
}
