import { performance } from "node:perf_hooks";

import { verifyBallot } from "../../../src/voting/verifier/verifyBallot.js";
import { ballotOf, questionOf, statementOf } from "../../../test/voting/ballots.js";
import { median } from "../../tooling/median.js";

const ROUNDS = 25;

/**
 * Has a ballot of one question made and verified, each round another.
 *
 * @returns Medians of milliseconds; the first round is not counted.
 * @throws Error when a ballot does not verify.
 * @example const { proving, verifying } = timeOwnBallots(5);
 */
export function timeOwnBallots(options: number): { proving: number; verifying: number } {
  const statement = statementOf([questionOf(options)]);
  const [proving, verifying]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
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
