/**
 * Does something with each item, several at a time: the next begins when one has ended, in the order given.
 *
 * @param most How many at a time.
 * @returns What came of each, in the items' order.
 * @example
 * ```ts
 * const receipts = await doAtOnce(hashes, (hash) => provider.getTransactionReceipt(hash), 20);
 * ```
 */
export async function doAtOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>, most: number): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
