import type { Comparison } from "../Comparison.js";
import { gasRow } from "../gasRow.js";
import { batchGas, castGas, castOfRoll, frameGas, rollGas } from "./measureElection.js";
import { measureGovernor } from "./measureGovernor.js";
import { measureMaci } from "./measureMaci.js";
import { measureSemaphore } from "./measureSemaphore.js";

/** Voters of the votes that are compared whole, and ballots of a batch. */
export const VOTERS = 40;
const ADMITTED = 100;
/** For, against, and neither, which is what a Governor counts. */
export const CHOICES = 3;

const SECRET =
  "hides what was voted, proves each ballot valid on the chain, and lets a voter vote again until the close";
const GOVERNOR = {
  they: "counts at once, by weights from checkpoints of a token, and can act on the result",
  we: SECRET,
};
const SEMAPHORE = { they: "hides which of the members voted", we: SECRET };
const UNCOUNTED = {
  ...SEMAPHORE,
  we: `${SEMAPHORE.we}; and counts, where the peer leaves that to who reads its events`,
};
const MACI = {
  they: "keeps a voter from proving how they voted to anybody but the coordinator",
  we: "hides what was voted from whoever counts too (trustees open the sum alone), and proves each ballot valid when it is cast",
};
const KEY = { we: "makes a key of five trustees, each of whose steps is checked on the chain" };
const ONE_ROOT = { we: "is one root for all, whose file is published beside it, decided by two of a commission" };

/** Each peer beside an election of ours. */
export async function compareVotes(): Promise<Comparison[]> {
  const [governor, semaphore, maci] = [
    await measureGovernor(VOTERS),
    await measureSemaphore(),
    await measureMaci(VOTERS),
  ];
  const frame = await frameGas(CHOICES, VOTERS);
  const roll = await rollGas(ADMITTED);
  const cast = new Map<number, Awaited<ReturnType<typeof castGas>>>();
  for (const options of [2, CHOICES, 5, 10]) cast.set(options, await castGas(options));
  const inBatch = new Map<number, number>();
  for (const options of [2, CHOICES, 5, 10]) inBatch.set(options, await batchGas(options, VOTERS));

  const rows: Comparison[] = [
    gasRow(`a ballot, ${CHOICES} options`, "governor", [governor.later, cast.get(CHOICES)!.first], GOVERNOR),
    gasRow(
      `a ballot that another carries, ${CHOICES} options, of ${VOTERS}`,
      "governor",
      [governor.signed, inBatch.get(CHOICES)!],
      { ...GOVERNOR, we: `${GOVERNOR.we}; all in one transaction, where the peer needs ${VOTERS}` },
    ),
  ];
  for (const options of [2, 5, 10]) {
    const own = cast.get(options)!.first;
    rows.push(
      gasRow(`a ballot by a member of a few, ${options} options`, "semaphore", [semaphore.small, own], SEMAPHORE),
    );
  }
  rows.push(
    gasRow(
      "a ballot by a member of a million, 2 options",
      "semaphore",
      [semaphore.large, await castOfRoll(2, 20)],
      SEMAPHORE,
    ),
  );
  for (const options of [2, 5, 10]) {
    rows.push(gasRow(`a secret ballot, ${options} options`, "maci", [maci.vote, cast.get(options)!.first], MACI));
    rows.push(
      gasRow(
        `a secret ballot of a batch of ${VOTERS}, ${options} options`,
        "maci",
        [maci.batch, inBatch.get(options)!],
        MACI,
      ),
    );
  }
  rows.push(gasRow(`count ${VOTERS} ballots, ${CHOICES} options`, "maci", [maci.count, frame.count], MACI));

  const peers = [
    ["governor", governor, governor.open + VOTERS * governor.later, governor.admit, GOVERNOR],
    ["semaphore", semaphore, semaphore.open + VOTERS * semaphore.small, semaphore.admitMany, UNCOUNTED],
    ["maci", maci, maci.open + VOTERS * maci.vote + maci.count, maci.admit, MACI],
  ] as const;
  const ours = frame.open + roll + frame.ballots + frame.count;
  const whole = `a whole vote of ${VOTERS}, ${CHOICES} options`;
  for (const [peer, { open, admit }, vote, admitMany, besides] of peers) {
    rows.push(
      gasRow("open a vote", peer, [open, frame.open], KEY),
      gasRow(`admit ${ADMITTED} voters, each`, peer, [admitMany, Math.round(roll / ADMITTED)], ONE_ROOT),
      gasRow("admit one voter more", peer, [admit, roll], ONE_ROOT),
      gasRow(`${whole}: admitted, opened, cast, counted`, peer, [vote + VOTERS * admitMany, ours], besides),
      gasRow(`${whole} who were admitted to an earlier one`, peer, [vote, ours], besides),
    );
  }
  return rows;
}
