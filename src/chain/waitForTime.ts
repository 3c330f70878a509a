import type { Provider } from "ethers";

/**
 * Waits until the chain's next block can have a time: by its newest block, or by the one that it would make now, for
 * chains that make blocks only when there are transactions.
 *
 * @param provider The chain.
 * @param time Unix seconds.
 * @param pollMs How often to ask, in milliseconds.
 * @example
 * ```ts
 * await waitForTime(provider, executableAt);
 * ```
 */
export async function waitForTime(provider: Pick<Provider, "getBlock">, time: number, pollMs = 500): Promise<void> {
  for (;;) {
    for (const tag of ["latest", "pending"]) {
      if (((await provider.getBlock(tag))?.timestamp ?? 0) >= time) return;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
