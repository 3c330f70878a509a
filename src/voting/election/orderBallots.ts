/** A ballot of a queue. */
interface Queued {
  readonly ballotHash: string;
  readonly signed: { readonly slotKey: string; readonly replaces: string };
}

/**
 * Sorts out a queue: what is recorded already, what can be recorded, each re-vote behind what it replaces, and what can't. Of two
 * that replace the same, the first is taken.
 *
 * @param queue Ballots, none twice.
 * @param slots What each slot holds, by its key in lower case.
 * @example
 * ```ts
 * const { ready } = orderBallots(queue, slots);
 * ```
 */
export function orderBallots<T extends Queued>(
  queue: readonly T[],
  slots: ReadonlyMap<string, string>,
): { recorded: T[]; ready: T[]; stale: T[] } {
  const bySlot = new Map<string, T[]>();
  for (const one of queue) {
    const slotKey = one.signed.slotKey.toLowerCase();
    bySlot.set(slotKey, [...(bySlot.get(slotKey) ?? []), one]);
  }
  const [recorded, ready]: [T[], T[]] = [[], []];
  for (const [slotKey, ballots] of bySlot) {
    const held = slots.get(slotKey)!;
    const left = new Set(ballots);
    // Back from what the slot holds: all these were recorded once.
    for (let value = held; ;) {
      const found = [...left].findLast(({ ballotHash }) => ballotHash === value);
      if (found === undefined) break;
      left.delete(found);
      recorded.push(found);
      value = found.signed.replaces;
    }
    for (let value = held; ;) {
      const found = [...left].find(({ signed }) => signed.replaces === value);
      if (found === undefined) break;
      left.delete(found);
      ready.push(found);
      value = found.ballotHash;
    }
  }
  const placed = new Set([...recorded, ...ready]);
  return { recorded, ready, stale: queue.filter((one) => !placed.has(one)) };
}
