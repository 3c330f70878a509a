import { dataLength, Transaction } from "ethers";

import { callOf } from "./callOf.js";
import { isGivingUp } from "./isGivingUp.js";
import type { OutboxEntry } from "./OutboxEntry.js";
import type { SigningTerms } from "./signBytes.js";

/**
 * Whether a transaction that took a write's nonce was signed for this very write: as the empty one in its place, or as its call
 * with a later expiry. A store lacks such bytes when it was restored from a copy that was made before them. A call without an
 * expiry is never signed twice at one nonce.
 *
 * @param raw The transaction, signed by the key.
 * @example
 * ```ts
 * if (!isOfWrite(entry, foreign.raw, terms)) giveItAnotherNonce();
 * ```
 */
export function isOfWrite(entry: OutboxEntry, raw: string, { key, wrap }: SigningTerms): boolean {
  if (isGivingUp(raw, key)) return true;
  if (wrap === undefined || entry.expiresAt === null) return false;
  const call = callOf(entry);
  const wrapped = wrap(call);
  const { to, data, value, gasLimit } = Transaction.from(raw);
  const content = call.data.slice(2).toLowerCase();
  // All that is around it may differ by the expiry; where it stands does not.
  const place = wrapped.data.toLowerCase().indexOf(content, 2);
  return (
    to?.toLowerCase() === wrapped.to.toLowerCase() &&
    dataLength(data) === dataLength(wrapped.data) &&
    place >= 0 &&
    data.startsWith(content, place) &&
    value === (call.value ?? 0n) &&
    gasLimit === call.gasLimit
  );
}
