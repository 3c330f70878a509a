import { concatBytes, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { isCurvePoint, Point } from "../curve.js";
import { hedgedScalars, type RandomSource } from "../hedgedScalars.js";
import { VotingError } from "../VotingError.js";
import { toWords } from "../words.js";
import { type CeremonyRound, wordsOfRound } from "./ceremonyRound.js";

const TAG = utf8ToBytes("diwan/ceremony/polynomial/v1");

/** What a polynomial is made for. */
export interface PolynomialOptions {
  /** The round that it is dealt in. */
  readonly round: CeremonyRound;
  /** The dealer's index, from 1. */
  readonly dealer: number;
  /** How many coefficients: as many trustees as decrypt. */
  readonly threshold: number;
  /** A secret of the dealer, such as its encryption key, which keeps the coefficients unknown where the generator fails. */
  readonly secret: bigint;
  /** What draws random bytes; the system's generator, if left out. */
  readonly random?: RandomSource;
}

/**
 * Draws the secret polynomial that a dealer deals. Every coefficient gives a point that the contract takes.
 *
 * @returns The coefficients, constant term first.
 * @throws VotingError CEREMONY_MALFORMED
 * @example
 * ```ts
 * const polynomial = newPolynomial({ round, dealer: 1, threshold: 3, secret: encryptionKey });
 * ```
 */
export function newPolynomial({ round, dealer, threshold, secret, random = randomBytes }: PolynomialOptions): bigint[] {
  if (!Number.isInteger(threshold) || threshold < 2 || threshold > 16) {
    throw new VotingError("CEREMONY_MALFORMED", `a threshold of ${threshold} is not from 2 to 16`);
  }
  const context = toWords([...wordsOfRound(round), BigInt(dealer), BigInt(threshold), secret]);
  const draw = hedgedScalars(random, concatBytes(TAG, context));
  return Array.from({ length: threshold }, () => {
    let coefficient: bigint;
    do coefficient = draw();
    while (coefficient === 0n || !isCurvePoint(Point.BASE.multiply(coefficient).toAffine()));
    return coefficient;
  });
}
