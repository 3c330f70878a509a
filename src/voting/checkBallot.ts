import { decodeBallot, splitBallot } from "./ballotBytes.js";
import { type BallotOfVoter, computeHints } from "./computeHints.js";
import { addressOfPoint, modOrder, Point } from "./curve.js";
import { challengeDigest, challengeOf } from "./transcript.js";
import { VotingError } from "./VotingError.js";

/**
 * Checks a ballot's proof the contract's way, before anything is sent: equations (1) and (4) one by one, (2) and (3) folded.
 * For a check that shares no code with the prover, see `verifyBallot`.
 *
 * @throws VotingError PROOF_RANDOMNESS for equation (1), PROOF_VOTE for (2) or (3), PROOF_NUMBER for (4); what computeHints
 * throws.
 * @example
 * ```ts
 * checkBallot({ statement, bytes });
 * ```
 */
export function checkBallot(ballot: BallotOfVoter): void {
  const { statement, bytes } = ballot;
  const { closes } = computeHints([ballot]);
  const parts = splitBallot(bytes, statement.questions);
  for (const [index, block] of decodeBallot(bytes, statement.questions).entries()) {
    const { selections, approval, groups } = statement.questions[index]!;
    const x = challengeOf(challengeDigest(statement, index, parts[index]!));
    for (let group = 0; group < groups; group++) {
      const { x: x1, y: y1 } = block.c1[group]!;
      const answer = Point.BASE.multiplyUnsafe(block.z[group]!).subtract(
        Point.fromAffine({ x: x1, y: y1 }).multiplyUnsafe(x),
      );
      if (answer.is0() || addressOfPoint(answer.toAffine()) !== block.a1[group]) {
        throw new VotingError("PROOF_RANDOMNESS", `question ${index}: the randomness of group ${group} is not proved`);
      }
    }
    const sum = block.f.reduce((total, f) => total + f, 0n);
    if (!approval && modOrder(sum - BigInt(selections) * x) !== 0n) {
      throw new VotingError("PROOF_NUMBER", `question ${index}: it is not proved that ${selections} are chosen`);
    }
  }
  if (!closes) throw new VotingError("PROOF_VOTE", "it is not proved that each option is chosen once or not at all");
}
