import { VotingError } from "../VotingError.js";
import { SHARE_BYTES } from "./shareCipher.js";

/**
 * The encrypted share of one trustee among all that were dealt.
 *
 * @param shares All encrypted shares of a dealing.
 * @param dealer The dealer's index.
 * @param receiver The receiver's index.
 * @param registered The indices of all registered trustees.
 * @throws VotingError SHARE_MISSING when the receiver is the dealer, not registered, or the bytes are too few
 * @example
 * ```ts
 * const sealed = shareOfTrustee(dealing.shares, 1, 3, [1, 2, 3]);
 * ```
 */
export function shareOfTrustee(
  shares: Uint8Array,
  dealer: number,
  receiver: number,
  registered: readonly number[],
): Uint8Array {
  const receivers = registered.filter((trustee) => trustee !== dealer).sort((one, two) => one - two);
  const place = receivers.indexOf(receiver);
  const sealed = shares.subarray(place * SHARE_BYTES, (place + 1) * SHARE_BYTES);
  if (place < 0 || sealed.length !== SHARE_BYTES) {
    throw new VotingError("SHARE_MISSING", `trustee ${dealer} dealt nothing to trustee ${receiver}`);
  }
  return sealed;
}
