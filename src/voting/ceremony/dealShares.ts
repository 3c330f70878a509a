import { concatBytes, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { addressOfPoint, type CurvePoint, modOrder, ORDER, Point } from "../curve.js";
import { hedgedScalars, type RandomSource } from "../hedgedScalars.js";
import { VotingError } from "../VotingError.js";
import { toWords } from "../words.js";
import { evaluatePolynomial } from "./evaluatePolynomial.js";
import { possessionChallenge, type PossessionStatement } from "./possessionChallenge.js";
import { sealShare } from "./sealShare.js";

const TAG = utf8ToBytes("diwan/ceremony/possession/v1");

/** A trustee and the key that its shares are encrypted to. */
export interface RegisteredKey {
  /** The trustee's index, from 1. */
  readonly trustee: number;
  /** Its key. */
  readonly key: CurvePoint;
}

/** A dealing as the contract takes it. */
export interface Dealing {
  /** The coordinates of the commitments `A_k = a_k·G`, constant term first. */
  readonly commitments: bigint[];
  /** The proof of possession of the constant term: challenge and response. */
  readonly proof: [bigint, bigint];
  /** The encrypted shares of all registered trustees but the dealer, in order of their indices, 81 bytes each. */
  readonly shares: Uint8Array;
}

/**
 * Deals: commits to a polynomial, proves to know its constant term, and encrypts to each other registered trustee its value
 * there. Two calls give different bytes: whoever deals keeps what was dealt before it sends it.
 *
 * @param statement The round, the dealer, and how many trustees there are and decrypt.
 * @param polynomial The dealer's polynomial, as newPolynomial makes one.
 * @param registered All registered trustees; the dealer among them is skipped.
 * @param random What draws random bytes; the system's generator, if left out.
 * @throws VotingError DEALING_INVALID when the polynomial does not fit the threshold, or a key is none; CEREMONY_MALFORMED
 * @example
 * ```ts
 * const { commitments, proof, shares } = await dealShares(statement, polynomial, registered);
 * await trustees.deal(statement.dealer, commitments, proof, shares);
 * ```
 */
export async function dealShares(
  statement: PossessionStatement,
  polynomial: readonly bigint[],
  registered: readonly RegisteredKey[],
  random: RandomSource = randomBytes,
): Promise<Dealing> {
  const { round, dealer, threshold } = statement;
  const isPolynomial = polynomial.every((coefficient) => coefficient > 0n && coefficient < ORDER);
  if (polynomial.length !== threshold || !isPolynomial) {
    throw new VotingError("DEALING_INVALID", `a polynomial for a threshold of ${threshold} has as many coefficients`);
  }
  const receivers = registered
    .filter(({ trustee }) => trustee !== dealer)
    .sort((one, two) => one.trustee - two.trustee);
  const sealed = await Promise.all(
    receivers.map(({ trustee, key }) => {
      const share = evaluatePolynomial(polynomial, trustee);
      return sealShare({ round, dealer, receiver: trustee }, share, key, random);
    }),
  );
  const shares = concatBytes(...sealed);
  const commitments = polynomial.flatMap((coefficient) => {
    const { x, y } = Point.BASE.multiply(coefficient).toAffine();
    return [x, y];
  });

  const constant = polynomial[0]!;
  // The challenge binds all of the context, so that two challenges never meet one nonce.
  const context = possessionChallenge(statement, commitments, shares, 0n);
  const nonce = hedgedScalars(random, concatBytes(TAG, toWords([constant, context])))();
  const challenge = possessionChallenge(
    statement,
    commitments,
    shares,
    addressOfPoint(Point.BASE.multiply(nonce).toAffine()),
  );
  return { commitments, proof: [challenge, modOrder(nonce + challenge * constant)], shares };
}
