import { VotingError } from "../VotingError.js";
import { aggregateCommitments } from "./aggregateCommitments.js";
import { checkDealing } from "./checkDealing.js";
import type { Ceremony } from "./readCeremony.js";

/**
 * Checks the key that a ceremony made without taking the contract's word: that each qualified dealer dealt as it had to and
 * proved to know its constant term, so that none cancels the others' keys, and that the key and what the public shares are derived
 * from are the sums of what these dealt.
 *
 * @param ceremony What the chain recorded.
 * @throws VotingError SHARE_MISSING when no key was made; DEALING_INVALID; POSSESSION_NOT_PROVEN
 * @example
 * ```ts
 * checkMadeKey(await readCeremony(trustees, { fromBlock }));
 * ```
 */
export function checkMadeKey({ round, trustees, threshold, registered, dealings, made }: Ceremony): void {
  if (made === undefined) throw new VotingError("SHARE_MISSING", "no key was made");
  const dealt = made.qualified.map((dealer) => {
    const dealing = dealings.get(dealer);
    if (dealing === undefined) {
      throw new VotingError(
        "DEALING_INVALID",
        `the key is made with a dealing of trustee ${dealer}, who dealt nothing`,
      );
    }
    const statement = { round, dealer, address: trustees[dealer - 1]!, trustees: trustees.length, threshold };
    checkDealing(statement, dealing, registered.length);
    return dealing.commitments;
  });
  const sums = aggregateCommitments(dealt).flatMap((point) => [point?.x ?? 0n, point?.y ?? 0n]);
  if (sums.length !== made.commitments.length || sums.some((word, i) => word !== made.commitments[i])) {
    throw new VotingError("DEALING_INVALID", "the key that was made is not that of the qualified dealers");
  }
}
