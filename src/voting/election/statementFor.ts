import { type BallotStatement, checkStatement } from "../statement.js";
import { VotingError } from "../VotingError.js";
import type { ReadElection } from "./readElection.js";

/**
 * What a voter's ballot is bound to, for `prepareBallot`.
 *
 * @param read The election, once it is frozen.
 * @param slotKey The voter's slot.
 * @param weight The voter's weight, as on the roll; 1 at the gate.
 * @throws VotingError ELECTION_NOT_OPEN when the election has no key as yet; STATEMENT_MALFORMED
 * @example
 * ```ts
 * const ballot = prepareBallot({ statement: statementFor(read, entry.slotKey, entry.weight), votes, secret });
 * ```
 */
export function statementFor(read: ReadElection, slotKey: string, weight: bigint): BallotStatement {
  const { chainId, address: contract, questions, frozen } = read;
  if (frozen === undefined) throw new VotingError("ELECTION_NOT_OPEN", "the election has no key as yet");
  const statement = { chainId, contract, slotKey, weight, questions, ...frozen };
  checkStatement(statement);
  return statement;
}
