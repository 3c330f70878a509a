import { getBytes } from "ethers";

import { readEvents, type ReadEventsOptions } from "../../chain/readEvents.js";
import type { Election } from "../../typechain/index.js";
import { ciphertextsOf } from "../ballotBytes.js";
import type { Question } from "../question.js";
import type { RecordedBallot } from "../recordedBallot.js";
import { VotingError } from "../VotingError.js";

/** A ballot that counts: the last that was cast into its slot. */
export interface CountedBallot extends RecordedBallot {
  /** What the slot keeps. */
  readonly ballotHash: string;
  /** Ciphertexts and proofs. */
  readonly bytes: Uint8Array;
  /** The block that it was cast in. */
  readonly blockNumber: number;
}

/**
 * Reads the ballots that count, from events alone. Their proofs are the contract's word still: whoever must not take that
 * verifies each, as a trustee before opening a sum.
 *
 * @param election Connected to a node.
 * @param questions Its questions.
 * @param options From which block; the election's own, or an earlier one.
 * @throws ChainError as readEvents; VotingError BALLOT_LENGTH, ELECTION_CONFIGURATION when no node is connected
 * @example
 * ```ts
 * const ballots = await readBallots(election, view.questions, { fromBlock });
 * ```
 */
export async function readBallots(
  election: Election,
  questions: readonly Question[],
  options: ReadEventsOptions,
): Promise<CountedBallot[]> {
  const provider = election.runner?.provider;
  if (provider == null) throw new VotingError("ELECTION_CONFIGURATION", "the election is not connected to a node");
  const filter = { address: await election.getAddress(), topics: await election.filters.BallotCast().getTopicFilter() };
  const last = new Map<string, CountedBallot>();
  for (const event of await readEvents(provider, filter, options)) {
    const parsed = election.interface.parseLog(event);
    if (parsed === null) continue;
    const { slotKey, ballotHash, weight, ballot } = parsed.args as unknown as {
      slotKey: string;
      ballotHash: string;
      weight: bigint;
      ballot: string;
    };
    const bytes = getBytes(ballot);
    const ciphertexts = ciphertextsOf(bytes, questions);
    last.set(slotKey, { slotKey, weight, ballotHash, bytes, ciphertexts, blockNumber: event.blockNumber });
  }
  return [...last.values()];
}
