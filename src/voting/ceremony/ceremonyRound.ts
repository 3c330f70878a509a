import { VotingError } from "../VotingError.js";

/** One round of one election's key ceremony: nothing that is made for it counts in another. */
export interface CeremonyRound {
  /** The chain of the trustees' contract. */
  readonly chainId: bigint;
  /** The trustees' contract. */
  readonly contract: string;
  /** The round's number, from 0. */
  readonly round: number;
}

/**
 * The words that name a round in hashes and ciphertexts: chain, contract, number.
 *
 * @throws VotingError CEREMONY_MALFORMED when a number is none, or the contract no address
 * @example
 * ```ts
 * const words = wordsOfRound({ chainId: 1n, contract, round: 0 });
 * ```
 */
export function wordsOfRound({ chainId, contract, round }: CeremonyRound): bigint[] {
  const isNumbered = Number.isInteger(round) && round >= 0 && round < 2 ** 32;
  if (!isNumbered || chainId < 0n || chainId >= 2n ** 256n || !/^0x[0-9a-f]{40}$/i.test(contract)) {
    throw new VotingError("CEREMONY_MALFORMED", `there is no round ${round} of ${contract} on chain ${chainId}`);
  }
  return [chainId, BigInt(contract), BigInt(round)];
}
