import type { EventCache } from "../../chain/readEvents.js";
import type { Election } from "../../typechain/index.js";
import { hashBallot } from "../ballotBytes.js";
import { type CountedBallot, readBallots } from "../election/readBallots.js";
import { type ReadElection, readElection } from "../election/readElection.js";
import { statementFor } from "../election/statementFor.js";
import { G, keepMultiples } from "../verifier/curve.js";
import { generatorPoint } from "../verifier/generatorPoints.js";
import { verifyBallot } from "../verifier/verifyBallot.js";
import { VotingError } from "../VotingError.js";
import type { ElectionReader } from "./runTrustee.js";

/** How a trustee reads an election. */
export interface VerifiedReaderOptions {
  /** The block of the election's making, or an earlier one. */
  readonly fromBlock: number;
  /** In how many blocks, the sums' own among them, the chain is taken to be final. */
  readonly finality: number;
  /** The configuration's hash as the commission printed it: a node that lies throughout is noticed by it alone. */
  readonly expected?: string;
  /** Where events are kept between readings. */
  readonly cache?: EventCache;
  /** Told how many of how many ballots were verified. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How many ballots are verified before others get their turn. */
const AT_ONCE = 20;

/**
 * Reads an election as a trustee must before it opens sums: terms and key from the chain, their hash computed here, and of the
 * ballots that count each one's proof verified, with code that shares nothing with the prover's and the contract's. Each trustee
 * makes its own, of its own node.
 *
 * @param election The election, connected to the trustee's node.
 * @param options From which block, and when the chain is final.
 * @returns What `runTrustee` takes. Its `ballots` throws VotingError BALLOT_INVALID for a ballot whose proof does not hold, or whose
 * hash is another than was recorded: such an election is to be annulled, none of it opened. It throws what readBallots does too.
 * @throws VotingError ELECTION_NOT_OPEN before the election is frozen; ELECTION_CONFIGURATION as readElection; ContractError
 * @example
 * ```ts
 * const reader = await verifiedReader(election, { fromBlock, finality: 12, expected: printedHash });
 * while ((await runTrustee({ trustees, file, fromBlock, election: reader })) !== "WAITING");
 * ```
 */
export async function verifiedReader(election: Election, options: VerifiedReaderOptions): Promise<ElectionReader> {
  const { fromBlock, finality, expected, cache, onProgress } = options;
  const read = await readElection(election, { fromBlock, ...(expected === undefined ? {} : { expected }) });
  const { address, questions, terms, frozen } = read;
  if (frozen === undefined) throw new VotingError("ELECTION_NOT_OPEN", "the election has no key as yet");
  return {
    election: address,
    configuration: frozen.configuration,
    questions,
    minimum: Number(terms.minimumBallots),
    finality,
    async ballots(toBlock) {
      const range = { fromBlock, toBlock, ...(cache === undefined ? {} : { cache }) };
      const ballots = await readBallots(election, questions, range);
      if (ballots.length > AT_ONCE) keepBases(read);
      for (const [i, ballot] of ballots.entries()) {
        requireValid(read, ballot);
        const done = i + 1;
        if (done % AT_ONCE !== 0 && done !== ballots.length) continue;
        onProgress?.(done, ballots.length);
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      return ballots;
    },
  };
}

function requireValid(read: ReadElection, ballot: CountedBallot): void {
  const { slotKey, weight, bytes, ballotHash, blockNumber } = ballot;
  const where = `the ballot of slot ${slotKey}, cast in block ${blockNumber},`;
  const verdict = verifyBallot(statementFor(read, slotKey, weight), bytes);
  if (!verdict.isValid) {
    const { fault, question } = verdict;
    const of = question === undefined ? "" : ` in question ${question}`;
    throw new VotingError("BALLOT_INVALID", `${where} is invalid: ${fault}${of}`);
  }
  if (hashBallot(bytes, read.questions, weight) !== ballotHash) {
    throw new VotingError("BALLOT_INVALID", `${where} has another hash than was recorded`);
  }
}

/** Multiples of what every ballot is verified with. */
function keepBases({ questions, frozen }: ReadElection): void {
  const options = Math.max(...questions.map((question) => question.options));
  for (const base of [G, generatorPoint("K"), frozen!.key]) keepMultiples(base);
  for (let j = 1; j <= options; j++) keepMultiples(generatorPoint(String(j)));
}
