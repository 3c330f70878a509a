import { concatBytes, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { type CurvePoint, isCurvePoint, Point } from "../curve.js";
import { hedgedScalars, type RandomSource } from "../hedgedScalars.js";
import { VotingError } from "../VotingError.js";
import { toWords } from "../words.js";
import { wordsOfRound } from "./ceremonyRound.js";
import { shareCipher, type ShareRoute } from "./shareCipher.js";

const TAG = utf8ToBytes("diwan/ceremony/ephemeral/v1");

/**
 * Encrypts a share to its receiver's registered key.
 *
 * @param route Whose share it is, and for whom.
 * @param share The share, from 0 to below the order.
 * @param receiverKey The receiver's registered key.
 * @param random What draws random bytes; the system's generator, if left out.
 * @returns 81 bytes: the compressed ephemeral key, the ciphertext, the tag.
 * @throws VotingError DEALING_INVALID when the receiver's key is no point; CEREMONY_MALFORMED
 * @example
 * ```ts
 * const bytes = await sealShare({ round, dealer: 1, receiver: 2 }, share, key);
 * ```
 */
export async function sealShare(
  route: ShareRoute,
  share: bigint,
  receiverKey: CurvePoint,
  random: RandomSource = randomBytes,
): Promise<Uint8Array> {
  if (!isCurvePoint(receiverKey)) {
    throw new VotingError("DEALING_INVALID", `trustee ${route.receiver} registered what is no key`);
  }
  const context = toWords([...wordsOfRound(route.round), BigInt(route.dealer), BigInt(route.receiver), share]);
  const secret = hedgedScalars(random, concatBytes(TAG, context))();
  const receiver = Point.fromAffine({ x: receiverKey.x, y: receiverKey.y });
  const ephemeral = Point.BASE.multiply(secret);
  const { parameters, key } = await shareCipher(route, ephemeral, receiver, receiver.multiply(secret));
  const sealed = await globalThis.crypto.subtle.encrypt(parameters, key, new Uint8Array(toWords([share])));
  return concatBytes(ephemeral.toBytes(true), new Uint8Array(sealed));
}
