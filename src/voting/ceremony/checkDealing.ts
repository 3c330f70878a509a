import { addressOfPoint, ORDER, Point } from "../curve.js";
import { VotingError } from "../VotingError.js";
import type { Dealing } from "./dealShares.js";
import { pointsOfCommitments } from "./pointsOfCommitments.js";
import { possessionChallenge, type PossessionStatement } from "./possessionChallenge.js";
import { SHARE_BYTES } from "./shareCipher.js";

/**
 * Checks a dealing as the contract does: its lengths, its points, and that the dealer knows its constant term. It says nothing of
 * what was encrypted.
 *
 * @param statement The round, the dealer, and how many trustees there are and decrypt.
 * @param dealing The dealing.
 * @param registered How many trustees registered a key, the dealer among them.
 * @throws VotingError DEALING_INVALID; POSSESSION_NOT_PROVEN; CEREMONY_MALFORMED
 * @example
 * ```ts
 * checkDealing(statement, dealing, 5);
 * ```
 */
export function checkDealing(statement: PossessionStatement, dealing: Dealing, registered: number): void {
  const { dealer, threshold } = statement;
  const { commitments, proof, shares } = dealing;
  if (commitments.length !== 2 * threshold || shares.length !== SHARE_BYTES * (registered - 1)) {
    throw new VotingError("DEALING_INVALID", `trustee ${dealer} dealt too much or too little`);
  }
  const points = pointsOfCommitments(commitments);
  if (points.includes(undefined)) throw new VotingError("DEALING_INVALID", `trustee ${dealer} committed to nothing`);

  const [challenge, response] = proof;
  const isInRange = challenge > 0n && challenge < ORDER && response >= 0n && response < ORDER;
  const constant = Point.fromAffine(points[0]!);
  const r = isInRange ? Point.BASE.multiplyUnsafe(response).subtract(constant.multiplyUnsafe(challenge)) : Point.ZERO;
  if (r.is0() || possessionChallenge(statement, commitments, shares, addressOfPoint(r.toAffine())) !== challenge) {
    throw new VotingError("POSSESSION_NOT_PROVEN", `trustee ${dealer} does not prove to know its constant term`);
  }
}
