import { dataLength, Transaction } from "ethers";

import { callOf } from "./callOf.js";
import { isGivingUp } from "./isGivingUp.js";
import { jsonOfCall } from "./jsonOfCall.js";
import type { OutboxEntry } from "./OutboxEntry.js";

/**
 * A write with other bytes at its nonce in front: those that are in the block.
 *
 * @param why Of the present bytes, for the history.
 * @returns The fields that change.
 * @example
 * ```ts
 * const changed = { ...entry, ...withBytes(entry, former, "earlier bytes were taken in their place") };
 * ```
 */
export function withBytes(
  entry: OutboxEntry,
  { hash, raw }: { readonly hash: string; readonly raw: string },
  why: string,
): Partial<OutboxEntry> {
  const { to, data } = Transaction.from(raw);
  const isFilled = isGivingUp(raw, entry.key);
  const present = { hash: entry.hash, raw: entry.raw, nonce: entry.nonce, replacedAt: Date.now(), reason: why };
  return {
    ...{ hash, raw, to: to ?? entry.to, dataLength: dataLength(data), isFilled },
    call: entry.call ?? jsonOfCall(callOf(entry)),
    reason: isFilled ? (entry.reason ?? "it was given up") : null,
    history: [...entry.history.filter((one) => one.hash !== hash), present],
  };
}
