import { keccak_256 } from "@noble/hashes/sha3.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { getBytes, hexlify, toBeHex } from "ethers";

import type { RandomSource } from "../hedgedScalars.js";
import { toWords } from "../words.js";
import { type Dealing, dealShares, type RegisteredKey } from "./dealShares.js";
import { encryptionKeyOf } from "./encryptionKeyOf.js";
import { newPolynomial } from "./newPolynomial.js";
import type { PossessionStatement } from "./possessionChallenge.js";
import type { TrusteeFile } from "./trusteeFile.js";
import type { TrusteeRound } from "./trusteeState.js";

/** A dealing and the polynomial it is of. */
export interface OwnDealing extends Dealing {
  readonly polynomial: readonly bigint[];
}

/**
 * What a trustee deals in a round: made once, and on the disk before it is given, so that a crash leads to no second polynomial,
 * and a repetition gives identical bytes. Where the chain forgot a block and others registered now, the same polynomial is
 * encrypted to their keys.
 *
 * @param file The trustee's file.
 * @param statement The round, the dealer, and how many trustees there are and decrypt.
 * @param registered All registered trustees.
 * @param random What draws random bytes; the system's generator, if left out.
 * @throws VotingError DEALING_INVALID; CEREMONY_MALFORMED; as saving the file does
 * @example
 * ```ts
 * const { commitments, proof, shares } = await dealingOf(file, statement, registered);
 * ```
 */
export async function dealingOf(
  file: TrusteeFile,
  statement: PossessionStatement,
  registered: readonly RegisteredKey[],
  random: RandomSource = randomBytes,
): Promise<OwnDealing> {
  const { round, dealer, threshold } = statement;
  const secret = await encryptionKeyOf(file, round.round, random);
  const keep = (change: (own: TrusteeRound) => TrusteeRound) =>
    file.save((state) => {
      const own = change(state.rounds[round.round]!);
      return { ...state, rounds: { ...state.rounds, [round.round]: own } };
    });
  const own = () => file.state.rounds[round.round]!;

  if (own().polynomial === undefined) {
    const polynomial = newPolynomial({ round, dealer, threshold, secret, random }).map(hex);
    await keep((before) => ({ polynomial, ...before }));
  }
  const polynomial = own().polynomial!.map(BigInt);
  const receivers = receiversHash(registered);
  if (own().dealing?.receivers !== receivers) {
    const { commitments, proof, shares } = await dealShares(statement, polynomial, registered, random);
    const [challenge, response] = proof;
    const dealing = {
      receivers,
      commitments: commitments.map(hex),
      proof: [hex(challenge), hex(response)] as const,
      shares: hexlify(shares),
    };
    await keep((before) => (before.dealing?.receivers === receivers ? before : { ...before, dealing }));
  }
  const { commitments, proof, shares } = own().dealing!;
  return {
    polynomial,
    commitments: commitments.map(BigInt),
    proof: [BigInt(proof[0]), BigInt(proof[1])],
    shares: getBytes(shares),
  };
}

function receiversHash(registered: readonly RegisteredKey[]): string {
  const sorted = [...registered].sort((one, two) => one.trustee - two.trustee);
  return hexlify(keccak_256(toWords(sorted.flatMap(({ trustee, key }) => [BigInt(trustee), key.x, key.y]))));
}

function hex(value: bigint): string {
  return toBeHex(value, 32);
}
