import type { FormerBytes, OutboxEntry } from "./OutboxEntry.js";

/**
 * The bytes of an entry as its history keeps them, with all that hangs on them: they may be taken by the chain after all.
 *
 * @param reason Why others take their place.
 * @example
 * ```ts
 * const history = [...entry.history, formerBytes(entry, "the bytes expired")];
 * ```
 */
export function formerBytes(entry: OutboxEntry, reason: string): FormerBytes {
  const { hash, raw, nonce, expiresAt, isFilled } = entry;
  const filledBecause = isFilled ? entry.reason : null;
  return { hash, raw, nonce, expiresAt, filledBecause, replacedAt: Date.now(), reason };
}
