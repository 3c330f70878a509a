import type { OutboxEntry } from "./OutboxEntry.js";

/**
 * Whether a write waits to be given up: somebody asked for it, and the empty transaction in its place is not signed yet. Its bytes
 * are not sent any more, whoever opens the store.
 *
 * @example
 * ```ts
 * const due = entries.filter((entry) => !isHeldBack(entry));
 * ```
 */
export function isHeldBack({ cancelAskedAt, isFilled }: OutboxEntry): boolean {
  return cancelAskedAt !== null && !isFilled;
}
