import { performance } from "node:perf_hooks";

import { verifyBallot } from "../../../src/voting/verifier/verifyBallot.js";
import { ballotOf, questionOf, statementOf } from "../../../test/voting/ballots.js";
import type { Comparison } from "../Comparison.js";
import { median } from "../../tooling/median.js";
import { runProver } from "./runProver.js";

const [PROVER_ROUNDS, OWN_ROUNDS] = [5, 25];
const PEER = {
  they: "hides which of the members votes; its proof is as short whatever it proves, and needs a trusted set-up",
  we: "hides what is voted",
};

/** Making and checking the proof of a ballot, beside Semaphore's own prover and snarkjs. */
export async function timeBallots(): Promise<Comparison[]> {
  const [small, large] = await runProver(PROVER_ROUNDS);
  return [2, 5, 10].flatMap((options) => {
    const own = timeOwn(options);
    return [
      { members: "8", times: small! },
      { members: "a million", times: large! },
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
        { ...common, operation: `prove a ballot, ${of}`, theirs: median(times.proving), ours: own.proving },
        { ...common, operation: `verify a ballot, ${of}`, theirs: median(times.verifying), ours: own.verifying },
      ];
    });
  });
}

function timeOwn(options: number): { proving: number; verifying: number } {
  const statement = statementOf([questionOf(options)]);
  const [proving, verifying]: [number[], number[]] = [[], []];
  for (let round = 0; round <= OWN_ROUNDS; round++) {
    const start = performance.now();
    const { bytes } = ballotOf(statement, round + 1);
    const proved = performance.now();
    if (!verifyBallot(statement, bytes).isValid) throw new Error("the ballot does not verify");
    if (round === 0) continue;
    proving.push(proved - start);
    verifying.push(performance.now() - proved);
  }
  return { proving: median(proving), verifying: median(verifying) };
}
