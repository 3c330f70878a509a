import { keccak_256 } from "@noble/hashes/sha3.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

import { modOrder } from "../curve.js";
import { VotingError } from "../VotingError.js";
import { toWords, wordOf } from "../words.js";
import { type CeremonyRound, wordsOfRound } from "./ceremonyRound.js";

const TAG = keccak_256(utf8ToBytes("diwan/possession/v1"));

/** What a proof of possession is bound to, besides the commitments and the shares. */
export interface PossessionStatement {
  /** The round. */
  readonly round: CeremonyRound;
  /** The dealer's index, from 1. */
  readonly dealer: number;
  /** The dealer's address. */
  readonly address: string;
  /** How many trustees there are. */
  readonly trustees: number;
  /** How many of them decrypt. */
  readonly threshold: number;
}

/**
 * The challenge of a proof that a dealer knows its constant term, as the contract hashes it.
 *
 * @param statement What the proof is for.
 * @param commitments The coordinates of the commitments.
 * @param shares All encrypted shares.
 * @param commitment The 20-byte address of the point R, as a number.
 * @throws VotingError CEREMONY_MALFORMED
 * @example
 * ```ts
 * const c = possessionChallenge(statement, commitments, shares, addressOfPoint(r));
 * ```
 */
export function possessionChallenge(
  { round, dealer, address, trustees, threshold }: PossessionStatement,
  commitments: readonly bigint[],
  shares: Uint8Array,
  commitment: bigint,
): bigint {
  if (!/^0x[0-9a-f]{40}$/i.test(address)) throw new VotingError("CEREMONY_MALFORMED", `${address} is no address`);
  const words = [
    wordOf(TAG, 0),
    ...wordsOfRound(round),
    BigInt(dealer),
    BigInt(address),
    BigInt(trustees),
    BigInt(threshold),
    wordOf(keccak_256(toWords(commitments)), 0),
    wordOf(keccak_256(shares), 0),
    commitment,
  ];
  return modOrder(wordOf(keccak_256(toWords(words)), 0));
}
