import type { Log } from "ethers";

import type { EventSource } from "../../src/chain/readEvents.js";

/** What a promise is rejected with; fails when it is fulfilled. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection");
}

/** A provider that answers like another, but claims that these are the logs. */
export function withLogs(provider: EventSource, logs: Pick<Log, "address" | "topics" | "data" | "blockNumber">[]) {
  return { ...forward(provider), getLogs: () => Promise.resolve(logs as Log[]) } satisfies EventSource;
}

/** A provider's functions, to be replaced one by one. */
export function forward(provider: EventSource): EventSource {
  return {
    getBlock: (block) => provider.getBlock(block),
    getBlockNumber: () => provider.getBlockNumber(),
    getLogs: (filter) => provider.getLogs(filter),
    getNetwork: () => provider.getNetwork(),
  };
}
