import { dataLength, Transaction } from "ethers";

import { callOf } from "./callOf.js";
import { isGivingUp } from "./isGivingUp.js";
import { jsonOfCall } from "./jsonOfCall.js";
import { formerBytes } from "./formerBytes.js";
import type { FormerBytes, OutboxEntry } from "./OutboxEntry.js";

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
  { hash, raw, expiresAt = null, filledBecause }: Pick<FormerBytes, "hash" | "raw"> & Partial<FormerBytes>,
  why: string,
): Partial<OutboxEntry> {
  const { to, data } = Transaction.from(raw);
  const isFilled = isGivingUp(raw, entry.key);
  return {
    ...{ hash, raw, to: to ?? entry.to, dataLength: dataLength(data), expiresAt, isFilled },
    call: entry.call ?? jsonOfCall(callOf(entry)),
    reason: isFilled ? (filledBecause ?? entry.reason ?? "it was given up") : null,
    history: [...entry.history.filter((one) => one.hash !== hash), formerBytes(entry, why)],
  };
}
