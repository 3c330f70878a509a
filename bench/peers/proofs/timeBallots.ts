import type { Comparison } from "../Comparison.js";
import { timeOwnBallots } from "./timeOwnBallots.js";
import { timeProver } from "./timeProver.js";

const PEER = {
  they: "hides which of the members votes; its proof is as short whatever it proves, and needs a trusted set-up",
  we: "hides what is voted",
};

/** Making and checking the proof of a ballot, beside Semaphore's own prover and snarkjs. */
export async function timeBallots(): Promise<Comparison[]> {
  const { small, large } = await timeProver();
  return [2, 5, 10].flatMap((options) => {
    const own = timeOwnBallots(options);
    return [
      { members: "8", times: small },
      { members: "a million", times: large },
    ].flatMap(({ members, times }): Comparison[] => {
      const common = {
        peer: "semaphore",
        unit: "ms",
        basis: "measured",
        theyAlso: PEER.they,
        weAlso: PEER.we,
      } as const;
      const of = `${options} options, group of ${members}`;
      return [
        { ...common, operation: `prove a ballot, ${of}`, theirs: times.proving, ours: own.proving },
        { ...common, operation: `verify a ballot, ${of}`, theirs: times.verifying, ours: own.verifying },
      ];
    });
  });
}
