import type { Growth } from "../Growth.js";
import { OPTIONS } from "../votes/growVotes.js";
import { timeOwnBallots } from "./timeOwnBallots.js";
import { timeProver } from "./timeProver.js";

/** How long the proof of a ballot takes, by the options of its question. */
export async function growBallots(): Promise<Growth[]> {
  const { large } = await timeProver();
  const own = OPTIONS.map((options) => ({ options, ...timeOwnBallots(options) }));
  const rounded = (milliseconds: number): number => Number(milliseconds.toPrecision(3));
  const flat = (milliseconds: number) => OPTIONS.map((options) => [options, rounded(milliseconds)] as const);
  return [
    {
      file: "proofs",
      title: "The proof of a ballot, by the options of its question",
      ...{ x: "options", y: "ms" },
      note: "Times of one run on one machine. Semaphore: a group of a million; its proof is the same whatever the options are.",
      lines: [
        { name: "Semaphore, proving", points: flat(large.proving) },
        { name: "Semaphore, verifying", points: flat(large.verifying) },
        { name: "Diwan, proving", points: own.map(({ options, proving }) => [options, rounded(proving)] as const) },
        {
          name: "Diwan, verifying",
          points: own.map(({ options, verifying }) => [options, rounded(verifying)] as const),
        },
      ],
    },
  ];
}
