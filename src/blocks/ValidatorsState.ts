import type { BftSealedHeader } from "./verifyBft.js";

/** A vote that counts until the set changes, the epoch ends or its validator votes on the same address again. */
export interface CastVote {
  /** The proposer who voted. */
  readonly by: string;
  /** Whom it would add or drop. */
  readonly validator: string;
  readonly isToAdd: boolean;
}

/** What is known of a QBFT chain after one of its headers, which is enough to check the next. */
export interface ValidatorsState {
  /** Votes lapse at each block whose number this divides. */
  readonly epochLength: number;
  /** Of the last header checked. */
  readonly number: number;
  readonly hash: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** In charge of the next block, sorted. */
  readonly validators: readonly string[];
  readonly votes: readonly CastVote[];
  /** The last header with its seals, if they were checked; the genesis block has none. */
  readonly sealed?: BftSealedHeader;
}
