import type { DemoChain } from "./openChain.js";

/**
 * Does what does not depend on each other: at once where what is sent at once gets into one block; else one after another, in the
 * order given, as where a clock is moved.
 *
 * @returns what each gave, in the order given
 */
export async function together<T, R>(
  { sharesBlocks }: Pick<DemoChain, "sharesBlocks">,
  items: Iterable<T>,
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  if (sharesBlocks) return Promise.all(Array.from(items, act));
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}
