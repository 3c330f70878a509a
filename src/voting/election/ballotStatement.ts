import type { BallotStatement } from "../statement.js";
import { VotingError } from "../VotingError.js";
import type { ElectionView } from "./readElection.js";

/**
 * What a voter's ballot is bound to.
 *
 * @param view The election, frozen.
 * @param slotKey The voter's slot.
 * @param weight The voter's weight.
 * @throws VotingError ELECTION_NOT_FROZEN
 * @example
 * ```ts
 * const ballot = prepareBallot({ statement: ballotStatement(view, slotKey, 1n), votes, secret });
 * ```
 */
export function ballotStatement(view: ElectionView, slotKey: string, weight: bigint): BallotStatement {
  const { chainId, address: contract, configuration, questions, key } = view;
  if (key === undefined || configuration === undefined) {
    throw new VotingError("ELECTION_NOT_FROZEN", "the election has no key yet");
  }
  return { chainId, contract, configuration, slotKey, weight, questions, key };
}
