import { type Signer, solidityPackedKeccak256 } from "ethers";

import { ContractError } from "../chain/decodeContractError.js";
import { type EventCache, readEvents } from "../chain/readEvents.js";
import { ask, send } from "../chain/send.js";
import type { Election } from "../typechain/contracts/voting/Election.js";
import { type AccumulationProgress, accumulationChunks, NO_PROGRESS } from "./accumulationChunks.js";
import { readBallots } from "./election/readBallots.js";
import { readElection } from "./election/readElection.js";
import type { Question } from "./question.js";
import { countGroups, type RecordedBallot, sortBallots } from "./recordedBallot.js";
import { VotingError } from "./VotingError.js";

/** How ballots are summed up. */
export interface SumUpOptions {
  /** The block of the election's making, or an earlier one. */
  readonly fromBlock: number;
  /** How many ballots a call holds at most; as many as take about four million gas, if left out. */
  readonly size?: number;
  /** Where events are kept between readings. */
  readonly cache?: EventCache;
  /** Told after each call how many of how many ballots are summed up. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Weighted ballots of one group that take four million gas. */
const GROUPS_AT_ONCE = 250;

/**
 * Sums a closed election's ballots up, call by call, until the sums are fixed and handed to the trustees. Anyone may, and each
 * caller has a sum of their own. What was interrupted goes on when it is called again by the same account: how far it came is read
 * from the chain. Where the sums are fixed already, by whomever, nothing is sent.
 *
 * @param election The election, connected to who pays.
 * @param options From which block, and how many ballots a call.
 * @throws ContractError ElectionStateWrong while the election is open, or when too few voted; VotingError CHUNK_SIZE;
 * EVENT_MISSING when the node has fewer ballots than were cast; what readElection and readBallots throw
 * @example
 * ```ts
 * await sumUp(election.connect(anyone), { fromBlock });
 * ```
 */
export async function sumUp(election: Election, options: SumUpOptions): Promise<void> {
  const { fromBlock, cache, onProgress } = options;
  const range = { fromBlock, ...(cache === undefined ? {} : { cache }) };
  const { questions, state, turnout } = await readElection(election);
  if (isSummed(state)) return;
  const size = options.size ?? Math.max(1, Math.floor(GROUPS_AT_ONCE / countGroups(questions)));
  const ballots = await readBallots(election, questions, range);
  if (state === "CLOSED" && ballots.length !== turnout) {
    throw new VotingError("EVENT_MISSING", `${turnout} voters cast, while the node has ${ballots.length} ballots`);
  }
  const progress = await ownProgress(election, questions, ballots, range);
  try {
    for (const chunk of accumulationChunks({ questions, ballots, size, progress })) {
      await send(() => election.accumulate(chunk.progress, chunk.entries));
      onProgress?.(Number(chunk.next.count), ballots.length);
    }
  } catch (error) {
    // Another's sum was the first.
    const isWrongState = error instanceof ContractError && error.code === "ElectionStateWrong";
    if (!isWrongState || !isSummed((await readElection(election)).state)) throw error;
  }
}

function isSummed(state: string): boolean {
  return state === "TALLYING" || state === "FINAL";
}

/** How far the caller came: the contract keeps a hash of it, and events tell of how many ballots. */
async function ownProgress(
  election: Election,
  questions: readonly Question[],
  ballots: readonly RecordedBallot[],
  range: { readonly fromBlock: number; readonly cache?: EventCache },
): Promise<AccumulationProgress> {
  const caller = await (election.runner as Signer).getAddress();
  const kept = await ask(() => election.progressOf(caller));
  if (BigInt(kept) === 0n) return NO_PROGRESS;
  const topics = await election.filters.BallotsAccumulated(caller).getTopicFilter();
  const filter = { address: await election.getAddress(), topics };
  const last = (await readEvents(election.runner!.provider!, filter, range)).at(-1);
  const count = last === undefined ? 0 : Number(election.interface.parseLog(last)!.args["count"]);
  const summed = sortBallots(ballots).slice(0, count);
  if (summed.length === 0) return NO_PROGRESS;
  const [chunk] = accumulationChunks({ questions, ballots: summed, size: summed.length });
  // Where the caller summed up other ballots, as one who leaves some out does, the sum begins again.
  return progressHash(chunk!.next) === kept ? chunk!.next : NO_PROGRESS;
}

function progressHash({ count, weight, last, sums }: AccumulationProgress): string {
  return solidityPackedKeccak256(["uint32", "uint128", "bytes32", "uint256[]"], [count, weight, last, sums]);
}
