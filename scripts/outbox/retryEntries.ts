import { isHeldBack } from "../../src/network/outbox/isHeldBack.js";
import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { sendEntries } from "../../src/network/outbox/sendEntries.js";
import { openNodes } from "../../src/network/rpc/openNodes.js";
import { allEntries } from "./allEntries.js";

/** Sends the bytes of everything under way again, which cannot write twice, but of what somebody asked to give up. */
export async function retryEntries(store: OutboxStore, urls: readonly string[], json: boolean): Promise<number> {
  const chain = await store.chain();
  const entries: OutboxEntry[] = [];
  const results: { id: string; hash: string; isTaken: boolean; reason: string | null }[] = [];
  for await (const entry of allEntries(store, "open")) {
    if (!isHeldBack(entry)) entries.push(entry);
    else results.push({ id: entry.id, hash: entry.hash, isTaken: false, reason: "it is to be given up" });
  }
  if (chain !== undefined && entries.length > 0) {
    const { chainId, genesisHash } = chain;
    const nodes = openNodes({ urls, chainId: BigInt(chainId), ...(genesisHash === null ? {} : { genesisHash }) });
    const sent = await sendEntries(nodes, entries);
    for (const [i, { id, hash }] of entries.entries()) {
      const { outcome, reason } = sent[i] ?? { outcome: "later", reason: "an earlier one was not taken" };
      results.push({ id, hash, isTaken: outcome === "taken", reason });
    }
  }
  if (json) console.log(JSON.stringify(results, null, 2));
  else
    for (const { id, hash, isTaken, reason } of results)
      console.log(`${id} ${hash} ${isTaken ? "taken" : (reason ?? "")}`);
  return results.every(({ isTaken }) => isTaken) ? 0 : 1;
}
