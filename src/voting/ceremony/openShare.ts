import { ORDER, Point } from "../curve.js";
import { VotingError } from "../VotingError.js";
import { wordOf } from "../words.js";
import { POINT_BYTES, SHARE_BYTES, shareCipher, type ShareRoute } from "./shareCipher.js";

/**
 * Decrypts a share. It may still be the wrong one: checkShare compares it with what the dealer committed to.
 *
 * @param route Whose share it is, and for whom.
 * @param sealed The 81 bytes of this receiver.
 * @param encryptionKey The receiver's secret key.
 * @throws VotingError SHARE_UNREADABLE when the dealer encrypted what is no share of this route, which is to be complained of;
 * CEREMONY_MALFORMED
 * @example
 * ```ts
 * const share = await openShare({ round, dealer: 1, receiver: 2 }, sealed, encryptionKey);
 * ```
 */
export async function openShare(route: ShareRoute, sealed: Uint8Array, encryptionKey: bigint): Promise<bigint> {
  const receiver = Point.BASE.multiply(encryptionKey);
  const unreadable = (cause?: unknown) =>
    new VotingError("SHARE_UNREADABLE", `trustee ${route.dealer} dealt trustee ${route.receiver} no readable share`, {
      cause,
    });
  if (sealed.length !== SHARE_BYTES) throw unreadable();
  let ephemeral: Point;
  try {
    ephemeral = Point.fromBytes(sealed.subarray(0, POINT_BYTES));
  } catch (cause) {
    throw unreadable(cause);
  }
  const { parameters, key } = await shareCipher(route, ephemeral, receiver, ephemeral.multiply(encryptionKey));
  const opened = await globalThis.crypto.subtle
    .decrypt(parameters, key, new Uint8Array(sealed.subarray(POINT_BYTES)))
    .catch((cause: unknown) => {
      throw unreadable(cause);
    });
  const share = wordOf(new Uint8Array(opened), 0);
  if (share >= ORDER) throw unreadable();
  return share;
}
