import { concat, keccak256, toBeHex } from "ethers";

import type { Question } from "../question.js";
import { type AffinePoint, G, isSamePoint, N, sumOfMultiples } from "./curve.js";
import type { ElectionEventArguments } from "./electionEvents.js";
import { generatorPoint } from "./generatorPoints.js";

/**
 * Verifies the opening of a ballot: each ciphertext is computed again.
 *
 * @returns What is wrong, for people; undefined when nothing is.
 * @example
 * ```ts
 * const fault = verifyOpenedBallot(event.args, questions, key);
 * ```
 */
export function verifyOpenedBallot(
  { ballotHash, weight, ciphertexts, randomness, choices }: ElectionEventArguments["BallotSpoiled"],
  questions: readonly Question[],
  key: AffinePoint,
): string | undefined {
  const total = questions.reduce((sum, { groups }) => sum + groups, 0);
  const isLong = ciphertexts.length === 4 * total && randomness.length === total && choices.length === questions.length;
  if (!isLong) return "its opening has another length";
  const hash = keccak256(concat([...ciphertexts, weight].map((word) => toBeHex(word, 32))));
  if (hash !== ballotHash) return "its ciphertexts have another hash";
  let place = 0;
  for (const [question, { options, groups }] of questions.entries()) {
    const chosen = choices[question]!;
    if (chosen >> BigInt(options) !== 0n) return `question ${question} has no such options`;
    for (let group = 0; group < groups; group++, place++) {
      const r = randomness[place]!;
      const first = Math.floor((group * options) / groups);
      const end = Math.floor(((group + 1) * options) / groups);
      const names = Array.from({ length: end - first }, (_, i) => first + i).filter((j) => (chosen >> BigInt(j)) & 1n);
      const c1 = sumOfMultiples([[G, r]]);
      const c2 = sumOfMultiples([[key, r], ...names.map((j) => [generatorPoint(String(j + 1)), 1n] as const)]);
      const word = (i: number) => ciphertexts[4 * place + i]!;
      const isRight = isSamePoint(c1, { x: word(0), y: word(1) }) && isSamePoint(c2, { x: word(2), y: word(3) });
      if (r === 0n || r >= N || !isRight) return `ciphertext ${group} of question ${question} is not what was opened`;
    }
  }
  return undefined;
}
