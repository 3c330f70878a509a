import type { TranscriptLog } from "./electionEvents.js";

/** What a transcript begins with. */
export const TRANSCRIPT_FORMAT = "diwan/election-transcript/v1";

/** All that was recorded of one election, in plain JSON: what verifyElection needs and nothing else. */
export interface Transcript {
  readonly format: typeof TRANSCRIPT_FORMAT;
  /** The chain's id, decimal. */
  readonly chainId: string;
  readonly factory: string;
  readonly election: string;
  readonly trustees: string;
  /** The code of the election's clone, behind which its terms stand. */
  readonly electionCode: string;
  readonly trusteesCode: string;
  /** The last block that was read, and its hash. */
  readonly block: number;
  readonly blockHash: string;
  /** When that block was made, Unix seconds: what was due by then and is not there was not done. */
  readonly time: number;
  /** The factory's log of the election, and all logs of the election and of its trustees, in the chain's order. */
  readonly logs: readonly TranscriptLog[];
  /** Members of the commission that have code: whether these signed, only they could say. */
  readonly wallets: readonly string[];
  /**
   * What was sent by the transactions that published results, and by those that carried decisions of the commission: where options
   * are blank, only the first hold all counts, and only the others the signatures.
   */
  readonly calls: readonly TranscriptCall[];
}

/** A transaction's call. */
export interface TranscriptCall {
  readonly transactionHash: string;
  readonly to: string;
  readonly input: string;
}
