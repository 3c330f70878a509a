import { modOrder } from "../curve.js";
import { VotingError } from "../VotingError.js";

/**
 * A trustee's share of the election's key: the sum of what the qualified dealers dealt it, its own value among them.
 *
 * @param qualified The indices of the qualified dealers.
 * @param shares By dealer, what the trustee was dealt, each checked against the commitments.
 * @throws VotingError SHARE_MISSING
 * @example
 * ```ts
 * const share = secretShare([1, 2, 4], shares);
 * ```
 */
export function secretShare(qualified: readonly number[], shares: ReadonlyMap<number, bigint>): bigint {
  return qualified.reduce((sum, dealer) => {
    const share = shares.get(dealer);
    if (share === undefined) throw new VotingError("SHARE_MISSING", `there is no share of trustee ${dealer}`);
    return modOrder(sum + share);
  }, 0n);
}
