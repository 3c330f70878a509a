import type { Log, Provider } from "ethers";

import { type ConsentRegistry, ConsentRegistry__factory } from "../../src/typechain/index.js";

/** Where an event is. */
interface Place {
  block: number;
  index: number;
}

/** What of an event is read. */
export type LogFields = Pick<
  Log,
  "address" | "topics" | "data" | "blockNumber" | "blockHash" | "transactionHash" | "index"
>;

/** The registry at a node that answers as its own does, but leaves out some events or tells others. */
export async function withLogsChanged(registry: ConsentRegistry, change: (logs: LogFields[]) => LogFields[]) {
  const provider = registry.runner!.provider!;
  const getLogs: Provider["getLogs"] = async (filter) => change(await provider.getLogs(filter)) as Log[];
  const lying: Provider = new Proxy(provider, {
    get(target, name) {
      if (name === "getLogs") return getLogs;
      if (name === "provider") return lying;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return ConsentRegistry__factory.connect(await registry.getAddress(), lying);
}

/** The registry at a node that leaves out these events. */
export function withoutEvents(registry: ConsentRegistry, places: readonly Place[]) {
  return withLogsChanged(registry, (logs) => {
    return logs.filter((log) => !places.some(({ block, index }) => log.blockNumber === block && log.index === index));
  });
}
