import { VotingError } from "../VotingError.js";
import { checkMadeKey } from "./checkMadeKey.js";
import type { Ceremony } from "./readCeremony.js";
import { receivedShares } from "./receivedShares.js";
import { secretShare } from "./secretShare.js";
import { shareKey } from "./shareKey.js";
import type { TrusteeFile } from "./trusteeFile.js";

/**
 * A trustee's share of the key that was made, compared with the public share that the contract derived, once the key is that of
 * the dealers.
 *
 * @param file The trustee's file.
 * @param ceremony What the chain recorded.
 * @throws VotingError SHARE_MISSING when no key was made, or the trustee has no share; SHARE_WRONG when the public share is another;
 * what checkMadeKey throws
 * @example
 * ```ts
 * const share = await keyShareOf(file, ceremony);
 * ```
 */
export async function keyShareOf(file: TrusteeFile, ceremony: Ceremony): Promise<bigint> {
  const { index } = file.state;
  const derived = ceremony.shareKeys.get(index);
  if (ceremony.made === undefined || derived === undefined) {
    throw new VotingError("SHARE_MISSING", `trustee ${index} has no share of a key`);
  }
  checkMadeKey(ceremony);
  const { right } = await receivedShares(file, ceremony);
  const share = secretShare(ceremony.made.qualified, right);
  const own = shareKey(share);
  if (own?.x !== derived.x || own.y !== derived.y) {
    throw new VotingError("SHARE_WRONG", `the share of trustee ${index} is not that of its public share`);
  }
  return share;
}
