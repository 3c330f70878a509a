import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { bytesToNumberBE } from "@noble/curves/utils.js";

import { modOrder } from "./curve.js";
import { toWords } from "./words.js";

const TAG = utf8ToBytes("diwan/ballot/randomness/v1");

/** What draws random bytes: the system's generator, outside of tests. */
export type RandomSource = (length: number) => Uint8Array;

/**
 * Draws random scalars, each `sha512(tag ‖ bytes of the system's generator ‖ counter ‖ context)` modulo the order. Where the
 * generator fails (it repeats itself, or somebody knows it), scalars still differ from context to context and are unknown
 * to whoever does not know the context.
 *
 * @param random The system's generator.
 * @param context What the scalars are for, with a secret: never the same for two things to hide.
 * @example
 * ```ts
 * const draw = hedgedScalars(randomBytes, concatBytes(secret, statement, vote));
 * const r = draw();
 * ```
 */
export function hedgedScalars(random: RandomSource, context: Uint8Array): () => bigint {
  let counter = 0n;
  return () => {
    counter += 1n;
    // 512 bits, so that the rest is as good as uniform.
    return modOrder(bytesToNumberBE(sha512(concatBytes(TAG, random(32), toWords([counter]), context))));
  };
}
