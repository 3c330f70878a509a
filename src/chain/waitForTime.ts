import type { Provider } from "ethers";

/**
 * Waits until the chain's next block can have a time: by its newest block or, for chains that make blocks only when there
 * are transactions, by the one that the node would make now.
 *
 * @param provider The chain; of one that has no `send`, only the newest block is asked.
 * @param time Unix seconds.
 * @param pollMs How often to ask, in milliseconds.
 * @example
 * ```ts
 * await waitForTime(provider, executableAt);
 * ```
 */
export async function waitForTime(provider: Pick<Provider, "getBlock">, time: number, pollMs = 500): Promise<void> {
  while ((await timeOfNewest(provider)) < time && (await timeOfPending(provider)) < time) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function timeOfNewest(provider: Pick<Provider, "getBlock">): Promise<number> {
  return (await provider.getBlock("latest"))?.timestamp ?? 0;
}

/** Asked without ethers' reading of the answer, which refuses a block without number. */
async function timeOfPending(provider: object): Promise<number> {
  if (!("send" in provider && typeof provider.send === "function")) return 0;
  const send = provider.send.bind(provider) as (method: string, params: unknown[]) => Promise<unknown>;
  try {
    const block = (await send("eth_getBlockByNumber", ["pending", false])) as { timestamp?: string } | null;
    return Number(block?.timestamp ?? 0);
  } catch {
    return 0; // a node without pending blocks
  }
}
