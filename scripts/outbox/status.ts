import { isHeldBack } from "../../src/network/outbox/isHeldBack.js";
import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import type { OutboxChain, OutboxCount, OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { type NodeStanding, openNodes } from "../../src/network/rpc/openNodes.js";

/** Where a store's writes stand. */
export interface StoreStatus {
  readonly store: string;
  readonly chain: OutboxChain | null;
  readonly counts: OutboxCount[];
  /** Of each key, the oldest that is neither final nor refused. */
  readonly oldest: OutboxEntry[];
  readonly nodes: NodeStanding[];
}

export async function readStatus(store: OutboxStore, urls: readonly string[]): Promise<StoreStatus> {
  const chain = (await store.chain()) ?? null;
  const oldest: OutboxEntry[] = [];
  for (const key of await store.keys()) oldest.push(...(await store.list(key, 0, 1, "open")));
  return {
    ...{ store: store.name, chain, counts: await store.counts(), oldest },
    nodes: chain === null || urls.length === 0 ? [] : await readNodes(chain, urls),
  };
}

async function readNodes({ chainId, genesisHash }: OutboxChain, urls: readonly string[]): Promise<NodeStanding[]> {
  const nodes = openNodes({ urls, chainId: BigInt(chainId), ...(genesisHash === null ? {} : { genesisHash }) });
  // Those that do not answer are shown so.
  await nodes.look().catch(() => undefined);
  return nodes.standings();
}

/** @returns 0 when nothing is under way, else 1. */
export function printStatus(status: StoreStatus, json: boolean): number {
  const { store, chain, counts, oldest, nodes } = status;
  if (json) console.log(JSON.stringify(status, null, 2));
  else {
    console.log(`${store}, chain ${chain?.chainId ?? "not set"}`);
    for (const { key, state, count } of counts) console.log(`${key} ${state.padEnd(8)} ${count.toLocaleString("en")}`);
    for (const entry of oldest) {
      const { id, nonce, state, createdAt, lastError } = entry;
      const asked = isHeldBack(entry) ? ", to be given up" : "";
      const since = new Date(createdAt).toISOString();
      console.log(
        `oldest under way: ${id}, nonce ${nonce}, ${state}${asked}, since ${since}: ${lastError ?? "no trouble"}`,
      );
    }
    for (const { host, head, isStale, problem } of nodes) {
      console.log(`${host} ${problem ?? `block ${head ?? "unknown"}${isStale ? ", stale" : ""}`}`);
    }
  }
  return oldest.length === 0 ? 0 : 1;
}
