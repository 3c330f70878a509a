import { randomBytes } from "@noble/hashes/utils.js";
import { toBeHex } from "ethers";

import { isCurvePoint, ORDER, Point } from "../curve.js";
import type { RandomSource } from "../hedgedScalars.js";
import { wordOf } from "../words.js";
import type { TrusteeFile } from "./trusteeFile.js";

/**
 * The secret key that a trustee's shares of a round are encrypted to: made once, and on the disk before it is given.
 *
 * @param file The trustee's file.
 * @param round The round's number.
 * @param random What draws random bytes; the system's generator, if left out.
 * @throws VotingError as saving the file does
 * @example
 * ```ts
 * const secret = await encryptionKeyOf(file, 0);
 * ```
 */
export async function encryptionKeyOf(
  file: TrusteeFile,
  round: number,
  random: RandomSource = randomBytes,
): Promise<bigint> {
  if (file.state.rounds[round] === undefined) {
    let secret: bigint;
    do secret = wordOf(random(32), 0);
    while (secret === 0n || secret >= ORDER || !isCurvePoint(Point.BASE.multiply(secret).toAffine()));
    const encryptionKey = toBeHex(secret, 32);
    // Whoever came first in the meantime keeps its key.
    await file.save((state) => ({ ...state, rounds: { [round]: { encryptionKey }, ...state.rounds } }));
  }
  return BigInt(file.state.rounds[round]!.encryptionKey);
}
