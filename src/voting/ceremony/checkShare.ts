import { type CurvePoint, ORDER, Point } from "../curve.js";
import { VotingError } from "../VotingError.js";
import { evaluateCommitments } from "./evaluateCommitments.js";

/**
 * Checks that a share is the value at the receiver's index of the polynomial that its dealer committed to. A value of 0 is
 * right where the commitments say infinity.
 *
 * @param commitments The dealer's commitments, or sums of them.
 * @param receiver The receiver's index, from 1.
 * @param share The share.
 * @throws VotingError SHARE_WRONG, which is to be complained of
 * @example
 * ```ts
 * checkShare(commitments, 2, share);
 * ```
 */
export function checkShare(commitments: readonly (CurvePoint | undefined)[], receiver: number, share: bigint): void {
  const expected = evaluateCommitments(commitments, receiver);
  const isInRange = share >= 0n && share < ORDER;
  const value = isInRange && share !== 0n ? Point.BASE.multiply(share).toAffine() : undefined;
  if (!isInRange || value?.x !== expected?.x || value?.y !== expected?.y) {
    throw new VotingError("SHARE_WRONG", `the share of trustee ${receiver} is not what its dealer committed to`);
  }
}
