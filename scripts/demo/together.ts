import type { DemoChain } from "./openChain.js";

/**
 * Does what does not depend on each other: at once where what is sent at once gets into one block; else one after another, in the
 * order given, as where a clock is moved. Where one fails, those that were begun end before that is told: a chain that is closed
 * under them would have their errors end the process first.
 *
 * @returns what each gave, in the order given
 * @throws what the first in the order given threw
 */
export async function together<T, R>(
  { sharesBlocks }: Pick<DemoChain, "sharesBlocks">,
  items: Iterable<T>,
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  if (sharesBlocks) {
    const begun = Array.from(items, act);
    await Promise.allSettled(begun);
    return Promise.all(begun);
  }
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}
