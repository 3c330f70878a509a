import type { JsonReader } from "../ledger/readJson.js";
import { objectOf, oneOf } from "../ledger/readJson.js";
import { DIGEST_ALGORITHMS, type DigestAlgorithm, type NamedDigest } from "./hashing/algorithms.js";

const reader = objectOf({
  algorithm: oneOf(Object.keys(DIGEST_ALGORITHMS) as DigestAlgorithm[]),
  value: (value, path, refuse) => {
    const isHex = typeof value === "string" && /^[0-9a-f]*$/.test(value);
    return isHex ? value : refuse(path, "must be lower-case hex without prefix");
  },
});

/**
 * Reads a digest that names its algorithm, of that algorithm's length.
 *
 * @param value What should be one.
 * @param path Where it stands.
 * @param refuse Says what is wrong, and never returns.
 * @example
 * ```ts
 * const judgment = objectOf({ text: readDigest });
 * ```
 */
export const readDigest: JsonReader<NamedDigest> = (value, path, refuse) => {
  const digest = reader(value, path, refuse);
  const digits = 2 * DIGEST_ALGORITHMS[digest.algorithm];
  if (digest.value.length === digits) return digest;
  return refuse(`${path}.value`, `must have ${digits} hex digits for ${digest.algorithm}, not ${digest.value.length}`);
};
