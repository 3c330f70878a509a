import { ContractError } from "../chain/decodeContractError.js";
import { type EventCache, readEvents } from "../chain/readEvents.js";
import { ask, send } from "../chain/send.js";
import type { Election } from "../typechain/contracts/voting/Election.js";
import { Trustees__factory } from "../typechain/factories/contracts/voting/Trustees__factory.js";
import { type Ceremony, readCeremony } from "./ceremony/readCeremony.js";
import { combinePartials } from "./combinePartials.js";
import { type CountArguments, countArguments } from "./countArguments.js";
import { decodeCounts } from "./decodeCounts.js";
import { readBallots } from "./election/readBallots.js";
import { readElection } from "./election/readElection.js";
import type { Question } from "./question.js";
import { type BallotsTotal, sumBallots } from "./sumBallots.js";
import { VotingError } from "./VotingError.js";

/** How results are published. */
export interface PublishResultsOptions {
  /** The block of the election's making, or an earlier one. */
  readonly fromBlock: number;
  /** How many questions a call holds at most; one, if left out. */
  readonly size?: number;
  /** Where events are kept between readings. */
  readonly cache?: EventCache;
  /** Told how many points of how many the search for a question's counts computed, in one search after the other. */
  readonly onProgress?: (question: number, done: number, total: number) => void;
}

/** A question's result as the chain has it. */
export interface PublishedResult {
  /** How many voters cast. */
  readonly ballots: number;
  /** The total of their weights. */
  readonly weight: bigint;
  /** How often each option was chosen, weighted; the blank ones, last, as one. */
  readonly counts: bigint[];
}

/**
 * Publishes the results of an election whose sums the trustees opened: combines what they posted, finds the counts, and has the
 * contract check them, question by question. Anyone may. What was interrupted goes on when it is called again, by whomever: what is
 * published already is not sent again.
 *
 * @param election The election, connected to who pays.
 * @param options From which block, and how many questions a call.
 * @returns Each question's result, as published.
 * @throws VotingError SUMS_NOT_OPENED while fewer trustees posted than decrypt; COUNTS_NOT_FOUND, COUNTS_OUT_OF_REACH as decodeCounts;
 * CHUNK_SIZE; ContractError ElectionStateWrong before the ballots are summed up; what readElection, readBallots and readCeremony
 * throw
 * @example
 * ```ts
 * const [first] = await publishResults(election.connect(anyone), { fromBlock });
 * ```
 */
export async function publishResults(election: Election, options: PublishResultsOptions): Promise<PublishedResult[]> {
  const { fromBlock, size = 1, cache, onProgress } = options;
  if (!Number.isInteger(size) || size < 1) throw new VotingError("CHUNK_SIZE", `a call cannot hold ${size} questions`);
  const range = { fromBlock, ...(cache === undefined ? {} : { cache }) };
  const { questions, terms, state } = await readElection(election);
  let next = Number(await ask(() => election.counted()));
  if (next < questions.length) {
    // The contract names the state that it is in.
    if (state !== "TALLYING") await ask(() => election.finalize.staticCall([]));
    const ceremony = await readCeremony(Trustees__factory.connect(terms.trustees, election.runner), range);
    const total = sumBallots(await readBallots(election, questions, range), questions);
    const openings = { questions, ceremony, total, onProgress };
    requireOpened(openings);
    while (next < questions.length) {
      const from = next;
      const asked = questions.slice(from, from + size);
      const counts = asked.map((_, i) => countQuestion(openings, from + i));
      next = await finalizeFrom(election, counts, from);
    }
  }
  return readResults(election, range);
}

interface Openings {
  readonly questions: readonly Question[];
  readonly ceremony: Ceremony;
  readonly total: BallotsTotal;
  readonly onProgress: PublishResultsOptions["onProgress"];
}

/** As many trustees' partial decryptions of a question as decrypt, in ascending order; more are not taken. */
function partialsOf({ posted, threshold }: Ceremony, question: number) {
  return posted
    .filter((own) => own.question === question)
    .map(({ trustee, partials }) => ({ index: trustee, partials }))
    .sort((one, other) => one.index - other.index)
    .slice(0, threshold);
}

/** All questions must be opened before any result is published. */
function requireOpened({ questions, ceremony }: Openings): void {
  for (const question of questions.keys()) {
    const { length } = partialsOf(ceremony, question);
    if (length < ceremony.threshold) {
      const message = `${length} trustees opened question ${question}, of ${ceremony.threshold} who must`;
      throw new VotingError("SUMS_NOT_OPENED", message);
    }
  }
}

function countQuestion({ questions, ceremony, total, onProgress }: Openings, index: number): CountArguments {
  const question = questions[index]!;
  const sums = total.questions[index]!;
  const partials = partialsOf(ceremony, index);
  const counts = decodeCounts({
    ...{ question, totalWeight: total.weight, sums: combinePartials(sums, partials) },
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: (done: number, of: number) => {
            onProgress(index, done, of);
          },
        }),
  });
  return countArguments({ question, counts, partials, sums });
}

/** Sends results from a question on, and says which is the next: somebody else may have published some of them just before. */
async function finalizeFrom(election: Election, counts: CountArguments[], from: number): Promise<number> {
  try {
    await send(() => election.finalize(counts));
    return from + counts.length;
  } catch (error) {
    const counted = Number(await ask(() => election.counted()));
    if (!(error instanceof ContractError) || counted <= from) throw error;
    return counted;
  }
}

async function readResults(
  election: Election,
  range: { readonly fromBlock: number; readonly cache?: EventCache },
): Promise<PublishedResult[]> {
  const topics = await election.filters.ResultPublished().getTopicFilter();
  const filter = { address: await election.getAddress(), topics };
  const events = await readEvents(election.runner!.provider!, filter, range);
  return events.map((event) => {
    const { ballots, weight, counts } = election.interface.parseLog(event)!.args as unknown as {
      ballots: bigint;
      weight: bigint;
      counts: readonly bigint[];
    };
    return { ballots: Number(ballots), weight, counts: [...counts] };
  });
}
