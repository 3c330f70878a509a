import type { DigestAlgorithm, NamedDigest } from "../hashing/algorithms.js";
import { hashStream } from "../hashing/hashStream.js";

/**
 * The digest of a time stamp token that a statement of evidence carries: it binds the very bytes of the token, those too that
 * no signature covers.
 *
 * @example
 * ```ts
 * const statement = { ...rest, timestampToken: await digestOfToken(token) };
 * ```
 */
export async function digestOfToken(token: Uint8Array, algorithm: DigestAlgorithm = "sha-256"): Promise<NamedDigest> {
  const { digests } = await hashStream(token, { algorithms: [algorithm] });
  return digests[0]!;
}
